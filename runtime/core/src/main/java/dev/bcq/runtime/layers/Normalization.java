package dev.bcq.runtime.layers;

import dev.bcq.format.NormKind;
import dev.bcq.runtime.ops.Normalize;
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
  public void apply(float[] x, int columns, float[] y) {
    for (int column = 0; column < columns; column++) {
      apply(x, y, column);
    }
  }

  /** Normalizes one column of x, [columns][width], in place. */
  void apply(float[] x, int column) {
    apply(x, x, column);
  }

  private void apply(float[] x, float[] y, int column) {
    int at = column * weight.length;
    switch (kind) {
      case LAYER -> Normalize.layer(x, at, weight, bias, epsilon, y, at);
      case RMS -> Normalize.rootMeanSquare(x, at, weight, epsilon, y, at);
    }
  }
}
