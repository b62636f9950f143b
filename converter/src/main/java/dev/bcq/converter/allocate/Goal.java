package dev.bcq.converter.allocate;

/** What bits are divided for. */
public sealed interface Goal {

  /**
   * A file that is as good as its size allows.
   *
   * @param bytes most bytes of the file
   */
  record FileBytes(long bytes) implements Goal {}

  /**
   * Matrices that are as good as their bits allow.
   *
   * @param bits most bits of all matrices, scales among them, over their weights
   */
  record BitsPerWeight(double bits) implements Goal {}

  /**
   * The smallest file that loses no more.
   *
   * @param loss most divergence from the float model on held-out sentences, in natural units per
   *     token
   */
  record MostLoss(double loss) implements Goal {}
}
