package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.util.List;
import java.util.Map;

/**
 * Matrices that fairseq has quantized by products (iPQ, Stock et al. 2020): each row consists of
 * blocks of columns, and each block is one of a few centroids.
 *
 * <p>{@code weight[r, b * size + j] = centroids[assignments[b * rows + r], j]}. Source: {@code
 * fairseq/modules/quantization/pq/modules}.
 */
final class ProductQuantization {
  static final String CENTROIDS = ".centroids";
  static final String ASSIGNMENTS = ".assignments";
  static final String COUNTS = ".counts";

  private final int rows;
  private final int cols;
  private final int size;
  private final int[] assignments;
  private final float[] centroids;

  private ProductQuantization(int rows, int cols, int size, int[] assignments, float[] centroids) {
    this.rows = rows;
    this.cols = cols;
    this.size = size;
    this.assignments = assignments;
    this.centroids = centroids;
  }

  /**
   * Returns a matrix whose values are looked up as they are read. Its centroids and assignments are
   * kept, four bytes for each block of columns of a row.
   *
   * @param module name without {@value #CENTROIDS}
   * @param stored the tensors of the file
   * @param width columns of a matrix without a bias, which is an embedding
   */
  static TensorSource matrix(String module, Map<String, TensorSource> stored, int width) {
    TensorSource centroids = part(stored, module + CENTROIDS, 2);
    TensorSource assignments = part(stored, module + ASSIGNMENTS, 1);
    TensorSource bias = stored.get(module + ".bias");
    int size = Math.toIntExact(centroids.shape().get(1));
    long blocks = assignments.count();
    long rows;
    if (bias != null) {
      rows = bias.count();
    } else {
      rows = size == 0 || width % size != 0 ? 0 : blocks / (width / size);
    }
    if (size == 0 || rows == 0 || blocks % rows != 0) {
      throw new CheckpointException(
          "%s has %d assignments to blocks of %d columns, which make no matrix of %s"
              .formatted(module, blocks, size, bias == null ? width + " columns" : rows + " rows"));
    }
    long columns = blocks / rows * size;
    if (columns > Integer.MAX_VALUE) {
      throw new CheckpointException(module + " has " + columns + " columns, which is too many");
    }
    int cols = (int) columns;
    ProductQuantization matrix =
        new ProductQuantization(
            Math.toIntExact(rows),
            cols,
            size,
            indices(assignments, centroids.shape().get(0)),
            centroids.readAll());
    return TensorSource.computed(module + ".weight", List.of(rows, (long) cols), matrix::read);
  }

  private static TensorSource part(Map<String, TensorSource> stored, String name, int dimensions) {
    TensorSource source = stored.get(name);
    if (source == null || source.shape().size() != dimensions) {
      throw new CheckpointException(
          "%s %s; a product-quantized matrix has centroids [count, columns] and assignments"
              .formatted(name, source == null ? "is missing" : "has the shape " + source.shape()));
    }
    return source;
  }

  private static int[] indices(TensorSource assignments, long centroids) {
    long[] values = new long[Math.toIntExact(assignments.count())];
    assignments.readIntegers(0, values, 0, values.length);
    int[] indices = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= centroids) {
        throw new CheckpointException(
            "%s names the centroid %d; there are %d"
                .formatted(assignments.name(), values[i], centroids));
      }
      indices[i] = (int) values[i];
    }
    return indices;
  }

  private void read(long from, float[] into, int offset, int values) {
    int row = (int) (from / cols);
    int col = (int) (from % cols);
    for (int i = 0; i < values; i++) {
      into[offset + i] = centroids[assignments[col / size * rows + row] * size + col % size];
      if (++col == cols) {
        col = 0;
        row++;
      }
    }
  }
}
