package dev.bcq.runtime.layers;

import dev.bcq.format.StackConfig;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;

/**
 * Scratch of an encoder or decoder, allocated once for the columns of all sentences that are
 * computed together and used by all layers: nothing is allocated for a token.
 */
public final class LayerBuffers {
  final PreparedInput input = new PreparedInput();
  final KeyValueRows rows;
  final float[] normed;
  final float[] output;
  final float[] queries;
  final float[] keys;
  final float[] values;

  /** Distance between keys, or values, of neighbouring columns. */
  final int stride;

  final float[] context;
  final float[] hidden;
  final float[] gate;

  /** Attention scores of all heads; grows with the number of positions. */
  private float[] scores = new float[64];

  /**
   * Allocates for a number of columns.
   *
   * @param width width of the residual stream
   * @param columns most columns that will be computed together
   * @param gated whether feed-forward blocks have a gate
   */
  public LayerBuffers(int width, StackConfig stack, int columns, boolean gated) {
    rows = new KeyValueRows(stack.heads(), stack.headWidth());
    normed = new float[columns * width];
    output = new float[columns * width];
    queries = new float[columns * stack.attentionWidth()];
    stride = KeyValueRows.paddedStride(stack.attentionWidth());
    keys = new float[columns * stride];
    values = new float[columns * stride];
    context = new float[columns * stack.attentionWidth()];
    hidden = new float[columns * stack.feedForwardWidth()];
    gate = gated ? new float[columns * stack.feedForwardWidth()] : new float[0];
  }

  /** Returns the input of the matrix that comes next; whoever loads it uses it at once. */
  public PreparedInput input() {
    return input;
  }

  float[] scores(int positions) {
    int needed = rows.heads() * positions;
    if (scores.length < needed) {
      scores = new float[Math.max(needed, 2 * scores.length)];
    }
    return scores;
  }
}
