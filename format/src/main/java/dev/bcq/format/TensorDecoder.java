package dev.bcq.format;

import static dev.bcq.format.Checks.range;
import static dev.bcq.format.Checks.size;
import static dev.bcq.format.Checks.text;
import static dev.bcq.format.DirectoryDecoder.block;
import static dev.bcq.format.DirectoryDecoder.list;

import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Int8Order;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import dev.bcq.format.generated.Matrix;
import dev.bcq.format.generated.RowBlock;
import dev.bcq.format.generated.Tensor;
import java.util.List;
import java.util.Locale;

/** Reads the entries of matrices and tensors, and checks their blocks against their shapes. */
final class TensorDecoder {
  private static final int MAX_DIMENSIONS = 8;

  private TensorDecoder() {}

  static MatrixEntry matrix(Matrix matrix, int number) {
    String name = Checks.name(text(matrix.nameAsByteBuffer(), "matrix " + number), "matrix");
    int rows = size(matrix.rows(), name, "rows");
    int cols = size(matrix.cols(), name, "columns");
    MatrixEntry.Storage storage =
        switch (matrix.storage()) {
          case Codes.BIT_PLANES -> bitPlanes(matrix, name, rows, cols);
          case Codes.FLOAT32 ->
              new MatrixEntry.Float32(
                  sized(block(matrix.values(), name), (long) rows * cols * 4, name, "values"));
          case Codes.INT8_ROWS -> int8(matrix, name, Int8Order.ROWS, (long) rows * cols);
          case Codes.INT8_TILES ->
              int8(matrix, name, Int8Order.TILES, Int8TileLayout.valuesLength(rows, cols));
          default ->
              throw new BcqFormatException(
                  String.format(
                      Locale.ROOT,
                      "%s has storage %d; this version knows 0 to 3",
                      name,
                      matrix.storage()));
        };
    Checks.finite(matrix.relativeError(), name, "relative error");
    return new MatrixEntry(name, rows, cols, storage, matrix.relativeError(), matrix.recovered());
  }

  private static MatrixEntry.Int8 int8(Matrix matrix, String name, Int8Order order, long length) {
    return new MatrixEntry.Int8(
        order,
        sized(block(matrix.values(), name), length, name, "values"),
        sized(block(matrix.scales(), name), matrix.rows() * 4, name, "scales"));
  }

  private static BitPlanes bitPlanes(Matrix matrix, String name, int rows, int cols) {
    int groupSize = range(matrix.groupSize(), 0, Checks.MAX_SIZE, name, "group size");
    if (groupSize % BitPlaneLayout.CHUNK_COLS != 0) {
      throw Checks.wrong(name, "group size", groupSize, "0 or a multiple of 32");
    }
    ScaleType type = Codes.value(Codes.SCALE_TYPES, matrix.scaleType(), name, "scale type");
    ScaleAxis axis = Codes.value(Codes.SCALE_AXES, matrix.scaleAxis(), name, "scale axis");
    int heads = size(matrix.heads(), name, "heads");
    boolean input = axis == ScaleAxis.INPUT;
    if (input ? rows % heads != 0 || groupSize != 0 || matrix.hasOffset() : heads != 1) {
      String expected = input ? "a divisor of " + rows + " rows, without groups and offset" : "1";
      throw Checks.wrong(name, "heads", heads, expected);
    }
    List<MatrixEntry.RowBlock> blocks =
        list(
            matrix.rowBlocksLength(),
            i -> rowBlock(matrix.rowBlocks(i), name, cols, matrix, type, axis));
    long total = 0;
    for (int i = 0; i < blocks.size(); i++) {
      total += blocks.get(i).rows();
      if (i < blocks.size() - 1 && blocks.get(i).rows() % BitPlaneLayout.TILE_ROWS != 0) {
        throw Checks.wrong(name, "row block", blocks.get(i).rows(), "a multiple of 16 rows");
      }
    }
    if (total != rows) {
      throw Checks.wrong(name, "rows of all blocks", total, rows + "");
    }
    if (input && (blocks.size() != 1 || matrix.permutation() != null)) {
      throw Checks.wrong(name, "row blocks", blocks.size(), "1, in the order of the rows");
    }
    DataBlock permutation =
        matrix.permutation() == null
            ? null
            : sized(block(matrix.permutation(), name), rows * 4L, name, "permutation");
    return new BitPlanes(groupSize, matrix.hasOffset(), type, axis, heads, blocks, permutation);
  }

  private static MatrixEntry.RowBlock rowBlock(
      RowBlock found, String name, int cols, Matrix matrix, ScaleType type, ScaleAxis axis) {
    int rows = size(found.rows(), name, "rows");
    int planes = range(found.planes(), 1, BitPlaneLayout.MAX_PLANES, name, "planes");
    long scales =
        axis == ScaleAxis.OUTPUT
            ? BitPlaneLayout.scaleCount(
                rows, cols, planes, (int) matrix.groupSize(), matrix.hasOffset())
            : matrix.heads() * planes * BitPlaneLayout.chunks(cols) * BitPlaneLayout.CHUNK_COLS;
    int width = type == ScaleType.FLOAT16 ? 2 : 4;
    return new MatrixEntry.RowBlock(
        rows,
        planes,
        sized(
            block(found.bits(), name), BitPlaneLayout.bitsLength(rows, cols, planes), name, "bits"),
        sized(block(found.scales(), name), scales * width, name, "scales"));
  }

  static FloatTensorEntry tensor(Tensor tensor, int number) {
    String name = Checks.name(text(tensor.nameAsByteBuffer(), "tensor " + number), "tensor");
    int dimensions = range(tensor.shapeLength(), 1, MAX_DIMENSIONS, name, "dimensions");
    List<Integer> shape = list(dimensions, i -> size(tensor.shape(i), name, "shape"));
    long count = 1;
    for (int dimension : shape) {
      count *= dimension;
      if (count > Integer.MAX_VALUE / 4) {
        throw Checks.wrong(name, "values", count, "fewer than 2^29");
      }
    }
    return new FloatTensorEntry(
        name, shape, sized(block(tensor.values(), name), count * 4, name, "values"));
  }

  static DataBlock sized(DataBlock block, long length, String owner, String part) {
    if (block.length() != length) {
      throw Checks.wrong(owner, part, block.length() + " bytes", length + " bytes");
    }
    return block;
  }
}
