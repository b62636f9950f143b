package dev.bcq.converter.report;

import dev.bcq.converter.allocate.Allocation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the matrices of a model cost, each quantized alone; natural units per token. */
final class MatrixLosses {
  private final Map<String, double[]> losses;
  private final Map<String, Double> costs;

  MatrixLosses(Allocation allocation) {
    this.losses = allocation.losses();
    this.costs = allocation.costs();
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

  /** Returns the loss of a matrix as it is stored, or null if that is not known. */
  @Nullable Double asStored(MatrixReport matrix) {
    return costs.get(matrix.name());
  }

  /** Returns the largest number of planes that was measured. */
  int mostPlanes() {
    return losses.values().stream().mapToInt(byPlanes -> byPlanes.length - 1).max().orElse(0);
  }
}
