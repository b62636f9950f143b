package dev.bcq.converter.quantize;

import dev.bcq.converter.quantize.QuantizationOptions.Method;
import org.jspecify.annotations.Nullable;

/** Solves each group of a row for itself: all that can be done if nothing is known of inputs. */
final class GroupwiseSolver implements RowSolver {
  private final RowShape shape;
  private final GroupSolver solver;
  private final double @Nullable [] importance;

  /**
   * Creates a solver.
   *
   * @param importance factor of each column's squared error, or null if all are the same
   */
  GroupwiseSolver(RowShape shape, Method method, double @Nullable [] importance) {
    this.shape = shape;
    this.solver = new GroupSolver(shape.planes(), shape.offset(), method, shape.halfScales());
    this.importance = importance;
  }

  @Override
  public void solve(float[] row, int[] codes, float[] slots) {
    for (int group = 0; group < shape.groups(); group++) {
      int from = shape.first(group);
      int length = shape.first(group + 1) - from;
      solver.solve(row, importance, from, length, codes, slots, shape.at(group));
    }
  }
}
