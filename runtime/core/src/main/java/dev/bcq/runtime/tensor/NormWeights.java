package dev.bcq.runtime.tensor;

import org.jspecify.annotations.Nullable;

/** What a normalization was trained to multiply by and to add. */
public final class NormWeights {
  private final float[] weight;
  private final float @Nullable [] bias;
  private final Views<NormWeights> views = new Views<>(this);

  /**
   * Wraps arrays, which are kept.
   *
   * @param weight [width]
   * @param bias [width], or null for none
   */
  public NormWeights(float[] weight, float @Nullable [] bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /** Returns the number of values of a column. */
  public int width() {
    return weight.length;
  }

  /** Returns the factors, [width]; callers do not change them. */
  public float[] weight() {
    return weight;
  }

  /** Returns the terms, [width], or null for none; callers do not change them. */
  public float @Nullable [] bias() {
    return bias;
  }

  /** Returns the providers' views of the arrays. */
  public Views<NormWeights> views() {
    return views;
  }
}
