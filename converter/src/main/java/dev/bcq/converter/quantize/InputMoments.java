package dev.bcq.converter.quantize;

/**
 * What calibration has seen of a matrix's inputs.
 *
 * @param fitting what planes and scales are fitted to
 * @param heldOut other sentences, by which the candidates are compared
 * @param lookup how much errors of the weights themselves count, as a part of the mean square of
 *     the inputs; 0 if the matrix is only multiplied
 */
public record InputMoments(SecondMoments fitting, SecondMoments heldOut, double lookup) {
  /**
   * Cross-entropy of a model whose tied embedding has 3 planes is 1.3326 with 0, 1.3226 with 0.1,
   * 1.3250 with 0.3 and 1, 1.3258 with 3, and 1.3332 without calibration (docs/quantization.md).
   */
  private static final double LOOKUP = 0.1;

  /** Returns the same for a matrix whose rows are looked up as embeddings, too. */
  public InputMoments withLookups() {
    return new InputMoments(fitting, heldOut, LOOKUP);
  }

  /**
   * Returns those of independent inputs that are equally large: what is assumed of unknown ones.
   */
  public static InputMoments white(int cols) {
    SecondMoments moments = new SecondMoments(cols);
    float[] inputs = new float[cols * cols];
    for (int i = 0; i < cols; i++) {
      inputs[i * cols + i] = 1;
    }
    moments.add(inputs, cols);
    return new InputMoments(moments, moments, 0);
  }
}
