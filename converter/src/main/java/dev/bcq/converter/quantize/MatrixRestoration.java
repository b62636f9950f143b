package dev.bcq.converter.quantize;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Float16;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings weights that were read out of a model file back into the form that they had there. */
public final class MatrixRestoration {
  private final int rows;
  private final int cols;
  private final RowSource source;

  /** Prepares for a matrix. */
  public MatrixRestoration(int rows, int cols, RowSource source) {
    this.rows = rows;
    this.cols = cols;
    this.source = source;
  }

  /**
   * Returns the matrix in its former form, or null if a weight is none of the values that its
   * scales can form: then it has been changed since.
   *
   * @param form one that fits the matrix
   */
  public @Nullable EncodedMatrix restore(StoredForm form) {
    return switch (form) {
      case StoredForm.Float32 dense -> new MatrixEncoder("", rows, cols, source, null).toFloat32();
      case StoredForm.Int8 int8 -> int8(int8);
      case StoredForm.BitPlanes planes -> bitPlanes(planes);
    };
  }

  private @Nullable EncodedMatrix int8(StoredForm.Int8 form) {
    ByteBuffer scales = ByteBuffer.wrap(form.scales()).order(ByteOrder.LITTLE_ENDIAN);
    TilePacker tiles = new TilePacker("a matrix", rows, cols);
    float[] row = new float[cols];
    for (int i = 0; i < rows; i++) {
      source.read(i, row);
      float scale = scales.getFloat(4 * i);
      for (int col = 0; col < cols; col++) {
        byte value = scale == 0 ? 0 : (byte) Math.rint(row[col] / scale);
        if (value * scale != row[col]) {
          return null;
        }
        tiles.put(i, col, value);
      }
    }
    return new EncodedMatrix.Int8(tiles.values(), scales, 0);
  }

  private @Nullable EncodedMatrix bitPlanes(StoredForm.BitPlanes form) {
    int[] storedRows = form.storedRows() == null ? null : integers(form.storedRows());
    int[] order = storedRows == null ? null : inverse(storedRows);
    List<EncodedMatrix.Block> blocks = new ArrayList<>();
    int first = 0;
    for (StoredForm.Block block : form.blocks()) {
      EncodedMatrix.Block restored =
          form.scaleAxis() == ScaleAxis.INPUT
              ? inputScaled(form, block)
              : block(form, block, first, order);
      if (restored == null) {
        return null;
      }
      blocks.add(restored);
      first += block.rows();
    }
    return new EncodedMatrix.BitPlanes(
        form.groupSize(),
        form.offset(),
        form.scaleType(),
        form.scaleAxis(),
        form.heads(),
        blocks,
        storedRows,
        0,
        EncodedMatrix.Origin.RESTORED,
        List.of());
  }

  private EncodedMatrix.@Nullable Block block(
      StoredForm.BitPlanes form, StoredForm.Block block, int first, int @Nullable [] order) {
    int planes = block.planes();
    int slots = form.offset() ? planes + 1 : planes;
    int groups = BitPlaneLayout.groups(cols, form.groupSize());
    int groupSize = form.groupSize() == 0 ? cols : form.groupSize();
    BlockPacker packer =
        new BlockPacker(
            block.rows(), cols, planes, form.groupSize(), form.offset(), form.scaleType());
    ByteBuffer stored = ByteBuffer.wrap(block.scales()).order(ByteOrder.LITTLE_ENDIAN);
    Levels levels = new Levels(planes);
    float[] scales = new float[planes];
    float[] slotValues = new float[groups * slots];
    float[] row = new float[cols];
    int[] codes = new int[cols];
    for (int i = 0; i < block.rows(); i++) {
      source.read(order == null ? first + i : order[first + i], row);
      for (int group = 0; group < groups; group++) {
        for (int slot = 0; slot < slots; slot++) {
          int index = (int) BitPlaneLayout.scaleIndex(i, group, slot, groups, slots);
          slotValues[group * slots + slot] = scale(stored, index, form.scaleType());
        }
        System.arraycopy(slotValues, group * slots, scales, 0, planes);
        levels.set(scales, form.offset() ? slotValues[group * slots + planes] : 0f);
        int from = group * groupSize;
        if (!find(levels, row, from, Math.min(from + groupSize, cols), codes)) {
          return null;
        }
      }
      packer.put(i, codes, slotValues);
    }
    return packer.block();
  }

  private EncodedMatrix.@Nullable Block inputScaled(
      StoredForm.BitPlanes form, StoredForm.Block block) {
    byte[] bits = new byte[Math.toIntExact(BitPlaneLayout.bitsLength(rows, cols, block.planes()))];
    ByteBuffer scales = ByteBuffer.wrap(block.scales()).order(ByteOrder.LITTLE_ENDIAN);
    float[] row = new float[cols];
    int[] codes = new int[cols];
    for (int head = 0; head < form.heads(); head++) {
      Levels[] levels = columnLevels(form, block.planes(), scales, head);
      int rowsOfHead = rows / form.heads();
      for (int i = head * rowsOfHead; i < (head + 1) * rowsOfHead; i++) {
        source.read(i, row);
        for (int col = 0; col < cols; col++) {
          if (!find(levels[col], row, col, col + 1, codes)) {
            return null;
          }
        }
        BlockPacker.pack(bits, i, codes, block.planes());
      }
    }
    return new EncodedMatrix.Block(rows, block.planes(), ByteBuffer.wrap(bits), scales);
  }

  /** Returns the levels of each column within the rows of a head. */
  private Levels[] columnLevels(
      StoredForm.BitPlanes form, int planes, ByteBuffer scales, int head) {
    int padded = BitPlaneLayout.chunks(cols) * BitPlaneLayout.CHUNK_COLS;
    Levels[] levels = new Levels[cols];
    float[] slots = new float[planes];
    for (int col = 0; col < cols; col++) {
      for (int plane = 0; plane < planes; plane++) {
        slots[plane] = scale(scales, (head * planes + plane) * padded + col, form.scaleType());
      }
      levels[col] = new Levels(planes);
      levels[col].set(slots, 0f);
    }
    return levels;
  }

  private static float scale(ByteBuffer scales, int index, ScaleType type) {
    return type == ScaleType.FLOAT16
        ? Float16.toFloat(scales.getShort(2 * index))
        : scales.getFloat(4 * index);
  }

  /** Finds the codes of weights; returns whether each is a level. */
  private static boolean find(Levels levels, float[] row, int from, int to, int[] codes) {
    for (int col = from; col < to; col++) {
      int nearest = levels.nearest(row[col]);
      if (levels.value(nearest) != row[col]) {
        return false;
      }
      codes[col] = levels.code(nearest);
    }
    return true;
  }

  private static int[] integers(byte[] bytes) {
    int[] values = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
    return values;
  }

  private static int[] inverse(int[] storedRows) {
    int[] order = new int[storedRows.length];
    for (int row = 0; row < order.length; row++) {
      order[storedRows[row]] = row;
    }
    return order;
  }
}
