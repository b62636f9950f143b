package dev.bcq.runtime.layers;

import dev.bcq.format.NormKind;
import dev.bcq.runtime.ops.Normalize;
import dev.bcq.runtime.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * A trained normalization.
 *
 * @param kind layer or root mean square
 * @param weight [width]
 * @param bias [width], or null for none
 * @param epsilon added to the variance
 */
public record Normalization(NormKind kind, float[] weight, float @Nullable [] bias, float epsilon) {

  /**
   * Normalizes columns.
   *
   * @param x [columns][width]
   * @param y receives [columns][width]; may be x itself
   */
  public void apply(Activations x, int columns, Activations y) {
    for (int column = 0; column < columns; column++) {
      apply(x, y, column);
    }
  }

  /** Normalizes one column of x, [columns][width], in place. */
  void apply(Activations x, int column) {
    apply(x, x, column);
  }

  private void apply(Activations x, Activations y, int column) {
    switch (kind) {
      case LAYER -> Normalize.layer(x, weight, bias, epsilon, y, column);
      case RMS -> Normalize.rootMeanSquare(x, weight, epsilon, y, column);
    }
  }
}
