package dev.bcq.converter.report;

import dev.bcq.converter.allocate.Allocation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the matrices of a model cost, each quantized alone; natural units per token. */
final class MatrixLosses {
  private final Map<String, double[]> losses;

  MatrixLosses(Allocation allocation) {
    this.losses = allocation.losses();
  }

  /** Returns the loss of a matrix by its number of planes, or null if that was not measured. */
  @Nullable Double at(MatrixReport matrix, int planes) {
    double[] byPlanes = losses.get(matrix.name());
    return byPlanes == null
            || planes < 1
            || planes >= byPlanes.length
            || !Double.isFinite(byPlanes[planes])
        ? null
        : byPlanes[planes];
  }

  /**
   * Returns the loss of a matrix as it is stored, or null if its rows differ or it has no planes.
   */
  @Nullable Double asStored(MatrixReport matrix) {
    return matrix.storage().matches("[1-8]")
        ? at(matrix, Integer.parseInt(matrix.storage()))
        : null;
  }

  /** Returns the largest number of planes that was measured. */
  int mostPlanes() {
    return losses.values().stream().mapToInt(byPlanes -> byPlanes.length - 1).max().orElse(0);
  }
}
