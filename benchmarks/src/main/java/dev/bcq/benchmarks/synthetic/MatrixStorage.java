package dev.bcq.benchmarks.synthetic;

import dev.bcq.format.BcqWriter;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.DataBlock;
import dev.bcq.format.Float16;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Float32;
import dev.bcq.format.MatrixEntry.Int8;
import dev.bcq.format.MatrixEntry.Int8Order;
import dev.bcq.format.MatrixEntry.RowBlock;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import dev.bcq.format.MatrixEntry.Storage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Writes random matrices of one precision, without ever holding one. */
final class MatrixStorage {
  /** Standard deviation of the integers -127 to 127, all as likely. */
  private static final float INT8_DEVIATION = (float) Math.sqrt((255.0 * 255.0 - 1) / 12);

  /** Scales scatter by this part of themselves. */
  private static final float SCATTER = 0.1f;

  private final BcqWriter writer;
  private final RandomValues values;
  private final Precision precision;

  MatrixStorage(BcqWriter writer, RandomValues values, Precision precision) {
    this.writer = writer;
    this.values = values;
    this.precision = precision;
  }

  /**
   * Adds a matrix.
   *
   * @param deviation standard deviation of its weights
   */
  MatrixEntry add(String name, int rows, int cols, float deviation) {
    Storage storage =
        switch (precision) {
          case Precision.Float32() ->
              new Float32(block(values.floats(name, (long) rows * cols, deviation)));
          case Precision.Int8() -> int8(name, rows, cols, deviation);
          case Precision.Planes(int count) -> planes(name, rows, cols, deviation);
          case Precision.ChungKim() -> planes(name, rows, cols, deviation);
        };
    return new MatrixEntry(name, rows, cols, storage, 0f, false);
  }

  private Int8 int8(String name, int rows, int cols, float deviation) {
    Random random = values.random(name);
    DataBlock bytes = bytes(name, rows, cols);
    ByteBuffer scales = ByteBuffer.allocate(rows * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      scales.putFloat(scattered(random, deviation / INT8_DEVIATION));
    }
    return new Int8(Int8Order.TILES, bytes, writer.addBlock(scales.flip()));
  }

  private DataBlock bytes(String name, int rows, int cols) {
    int whole = rows / BitPlaneLayout.TILE_ROWS * BitPlaneLayout.TILE_ROWS;
    List<ByteBuffer> parts =
        new ArrayList<>(values.bytes(name, Int8TileLayout.valuesLength(whole, cols)));
    if (whole < rows) {
      byte[] tile = new byte[(int) Int8TileLayout.valuesLength(rows - whole, cols)];
      Arrays.fill(tile, (byte) Int8TileLayout.ZERO);
      Random random = values.random(name);
      for (int row = 0; row < rows - whole; row++) {
        for (int col = 0; col < cols; col++) {
          int at = (int) Int8TileLayout.byteOffset(row, col, BitPlaneLayout.chunks(cols));
          tile[at] = (byte) (random.nextInt(255) + 1);
        }
      }
      parts.add(ByteBuffer.wrap(tile));
    }
    return block(parts);
  }

  private BitPlanes planes(String name, int rows, int cols, float deviation) {
    Random random = values.random(name);
    List<RowBlock> blocks = new ArrayList<>();
    for (Precision.Block block : precision.blocks(name, rows)) {
      blocks.add(
          new RowBlock(
              block.rows(),
              block.planes(),
              bits(name + blocks.size(), block, cols),
              scales(random, block, deviation)));
    }
    return new BitPlanes(
        0, false, ScaleType.FLOAT16, ScaleAxis.OUTPUT, 1, List.copyOf(blocks), null);
  }

  private DataBlock bits(String name, Precision.Block block, int cols) {
    int whole = block.rows() / BitPlaneLayout.TILE_ROWS * BitPlaneLayout.TILE_ROWS;
    List<ByteBuffer> parts =
        new ArrayList<>(values.bits(name, BitPlaneLayout.bitsLength(whole, cols, block.planes())));
    if (whole < block.rows()) {
      int rows = block.rows() - whole;
      byte[] tile = new byte[(int) BitPlaneLayout.bitsLength(rows, cols, block.planes())];
      values.random(name).nextBytes(tile);
      for (int i = 0; i < tile.length; i++) {
        // Padded rows have no bits.
        if (i % BitPlaneLayout.TILE_ROWS >= rows) {
          tile[i] = 0;
        }
      }
      parts.add(ByteBuffer.wrap(tile));
    }
    return block(parts);
  }

  /** Each plane's scale is half of the one before; together they have the deviation. */
  private DataBlock scales(Random random, Precision.Block block, float deviation) {
    int planes = block.planes();
    float first = (float) (deviation / Math.sqrt((1 - Math.pow(0.25, planes)) / 0.75));
    int tiles = BitPlaneLayout.tiles(block.rows());
    ByteBuffer scales =
        ByteBuffer.allocate(tiles * planes * BitPlaneLayout.TILE_ROWS * Short.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int tile = 0; tile < tiles; tile++) {
      for (int plane = 0; plane < planes; plane++) {
        for (int r = 0; r < BitPlaneLayout.TILE_ROWS; r++) {
          boolean padded = tile * BitPlaneLayout.TILE_ROWS + r >= block.rows();
          float scale = padded ? 0f : scattered(random, first / (1 << plane));
          scales.putShort(Float16.fromFloat(scale));
        }
      }
    }
    return writer.addBlock(scales.flip());
  }

  private static float scattered(Random random, float value) {
    return value * (1 + SCATTER * (2 * random.nextFloat() - 1));
  }

  private DataBlock block(List<ByteBuffer> parts) {
    return writer.addBlock(parts.toArray(ByteBuffer[]::new));
  }
}
