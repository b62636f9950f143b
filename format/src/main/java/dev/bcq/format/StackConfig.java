package dev.bcq.format;

/**
 * The sizes of an encoder or a decoder.
 *
 * @param layers number of layers
 * @param heads attention heads
 * @param headWidth width of one head; {@code heads * headWidth} need not equal the model's width
 * @param feedForwardWidth width between the two matrices of a feed-forward block
 */
public record StackConfig(int layers, int heads, int headWidth, int feedForwardWidth) {

  /** Returns the width of queries, keys and values: {@code heads * headWidth}. */
  public int attentionWidth() {
    return heads * headWidth;
  }
}
