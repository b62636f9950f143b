package dev.bcq.runtime;

import dev.bcq.format.BcqWriter;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.DataBlock;
import dev.bcq.format.Float16;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Int8Order;
import dev.bcq.format.MatrixEntry.RowBlock;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random matrices in every kind of storage that a file of version 1 can hold. */
final class VersionOneMatrices {
  private static final int KINDS = 6;

  private final BcqWriter writer;
  private final Random random;
  private final List<MatrixEntry> entries = new ArrayList<>();

  VersionOneMatrices(BcqWriter writer, long seed) {
    this.writer = writer;
    this.random = new Random(seed);
  }

  List<MatrixEntry> entries() {
    return entries;
  }

  float gaussian() {
    return (float) random.nextGaussian();
  }

  /** Adds a matrix in the next kind of storage. */
  void add(String name, int rows, int cols) {
    switch (entries.size() % KINDS) {
      case 1 -> planes(name, rows, cols, 2, 0, false, ScaleType.FLOAT16);
      case 2 -> planes(name, rows, cols, 3, 32, true, ScaleType.FLOAT16);
      case 3 -> planes(name, rows, cols, 1, 0, true, ScaleType.FLOAT32);
      case 4 -> int8(name, rows, cols);
      case 5 -> planes(name, rows, cols, 4, 32, false, ScaleType.FLOAT32);
      default -> planes(name, rows, cols, 8, 0, false, ScaleType.FLOAT16);
    }
  }

  /** Adds a matrix whose rows are shuffled and have four planes, two, or one. */
  void addEmbedding(String name, int rows, int cols) {
    List<RowBlock> blocks =
        List.of(
            block(16, cols, 4, 0, false, ScaleType.FLOAT16),
            block(16, cols, 2, 0, false, ScaleType.FLOAT16),
            block(rows - 32, cols, 1, 0, false, ScaleType.FLOAT16));
    List<Integer> stored = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      stored.add(row);
    }
    Collections.shuffle(stored, random);
    ByteBuffer permutation = bytes(4 * rows);
    stored.forEach(permutation::putInt);
    add(name, rows, cols, 0, false, ScaleType.FLOAT16, blocks, writer.addBlock(permutation.flip()));
  }

  void addFloats(String name, int rows, int cols) {
    ByteBuffer values = bytes(4 * rows * cols);
    while (values.hasRemaining()) {
      values.putFloat(gaussian());
    }
    MatrixEntry.Storage storage = new MatrixEntry.Float32(writer.addBlock(values.flip()));
    entries.add(new MatrixEntry(name, rows, cols, storage, 0f, false));
  }

  /** Adds two planes with scales along the columns, some of them subnormal. */
  void addColumnScales(String name, int rows, int cols, int heads) {
    int planes = 2;
    DataBlock bits = bits(rows, cols, planes);
    int padded = BitPlaneLayout.chunks(cols) * BitPlaneLayout.CHUNK_COLS;
    ByteBuffer scales = bytes(2 * heads * planes * padded);
    for (int i = 0; i < heads * planes * padded; i++) {
      float scale = random.nextFloat() * (i % 7 == 0 ? 1e-5f : 1f);
      scales.putShort(i % padded < cols ? Float16.fromFloat(scale) : 0);
    }
    RowBlock block = new RowBlock(rows, planes, bits, writer.addBlock(scales.flip()));
    BitPlanes storage =
        new BitPlanes(0, false, ScaleType.FLOAT16, ScaleAxis.INPUT, heads, List.of(block), null);
    entries.add(new MatrixEntry(name, rows, cols, storage, 0.5f, false));
  }

  private void int8(String name, int rows, int cols) {
    ByteBuffer values = bytes(rows * cols);
    while (values.hasRemaining()) {
      values.put((byte) (random.nextInt(255) - 127));
    }
    ByteBuffer scales = bytes(4 * rows);
    while (scales.hasRemaining()) {
      scales.putFloat(0.002f * (1 + random.nextFloat()));
    }
    MatrixEntry.Storage storage =
        new MatrixEntry.Int8(
            Int8Order.ROWS, writer.addBlock(values.flip()), writer.addBlock(scales.flip()));
    entries.add(new MatrixEntry(name, rows, cols, storage, 0.125f, false));
  }

  private void planes(
      String name, int rows, int cols, int planes, int groupSize, boolean offset, ScaleType type) {
    List<RowBlock> blocks = List.of(block(rows, cols, planes, groupSize, offset, type));
    add(name, rows, cols, groupSize, offset, type, blocks, null);
  }

  private void add(
      String name,
      int rows,
      int cols,
      int groupSize,
      boolean offset,
      ScaleType type,
      List<RowBlock> blocks,
      @Nullable DataBlock permutation) {
    BitPlanes storage =
        new BitPlanes(groupSize, offset, type, ScaleAxis.OUTPUT, 1, blocks, permutation);
    entries.add(new MatrixEntry(name, rows, cols, storage, 0.25f, type == ScaleType.FLOAT32));
  }

  private RowBlock block(
      int rows, int cols, int planes, int groupSize, boolean offset, ScaleType type) {
    DataBlock bits = bits(rows, cols, planes);
    int groups = BitPlaneLayout.groups(cols, groupSize);
    int slots = offset ? planes + 1 : planes;
    float[] scales =
        new float[(int) BitPlaneLayout.scaleCount(rows, cols, planes, groupSize, offset)];
    for (int row = 0; row < rows; row++) {
      for (int group = 0; group < groups; group++) {
        for (int slot = 0; slot < slots; slot++) {
          // Halves and thirds of each other, so that sums depend on the order of additions.
          float scale = (0.1f + 0.1f * random.nextFloat()) / (slot + 1) / (slot + 1);
          scales[(int) BitPlaneLayout.scaleIndex(row, group, slot, groups, slots)] =
              slot == planes ? scale - 0.01f : scale;
        }
      }
    }
    return new RowBlock(rows, planes, bits, writer.addBlock(bytes(scales, type)));
  }

  private DataBlock bits(int rows, int cols, int planes) {
    byte[] bits = new byte[(int) BitPlaneLayout.bitsLength(rows, cols, planes)];
    int chunks = BitPlaneLayout.chunks(cols);
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        for (int plane = 0; plane < planes; plane++) {
          int at = (int) BitPlaneLayout.byteOffset(row, col, plane, chunks, planes);
          bits[at] |= (byte) (random.nextInt(2) << (col & 7));
        }
      }
    }
    return writer.addBlock(ByteBuffer.wrap(bits));
  }

  private static ByteBuffer bytes(float[] scales, ScaleType type) {
    ByteBuffer bytes = bytes((type == ScaleType.FLOAT16 ? 2 : 4) * scales.length);
    for (float scale : scales) {
      if (type == ScaleType.FLOAT16) {
        bytes.putShort(Float16.fromFloat(scale));
      } else {
        bytes.putFloat(scale);
      }
    }
    return bytes.flip();
  }

  private static ByteBuffer bytes(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
