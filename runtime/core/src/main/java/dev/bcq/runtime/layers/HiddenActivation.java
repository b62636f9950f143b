package dev.bcq.runtime.layers;

import dev.bcq.format.Activation;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.tensor.Activations;

/** The activation of a feed-forward block, which follows the products that it is applied to. */
final class HiddenActivation implements SharedProducts.Sequel {
  /** Rows that providers multiply at once, and that are worth a call. */
  private static final int ROWS_TOGETHER = 64;

  private final Kernels kernels;
  private final Activations hidden;
  private final Activations gate;
  private Activation function = Activation.RELU;
  private boolean gated;
  private int columns;

  /**
   * Prepares for the outputs of blocks.
   *
   * @param hidden outputs of the first matrix
   * @param gate outputs of the gate's matrix, if there is one
   */
  HiddenActivation(Kernels kernels, Activations hidden, Activations gate) {
    this.kernels = kernels;
    this.hidden = hidden;
    this.gate = gate;
  }

  /**
   * Computes products and {@code activation(hidden)}, or {@code activation(gate) * hidden}, in
   * place of {@code hidden}.
   *
   * @param products those of the first matrix, and of the gate's
   * @param rows rows of each
   */
  void compute(
      SharedProducts products, Activation activation, boolean withGate, int count, int rows) {
    function = activation;
    gated = withGate;
    columns = count;
    products.compute(rows, ROWS_TOGETHER, this);
  }

  @Override
  public void compute(int rowFrom, int rowTo) {
    kernels.activate(function, gated ? gate : hidden, columns, rowFrom, rowTo);
    if (!gated) {
      return;
    }
    float[] values = hidden.values();
    float[] factors = gate.values();
    for (int column = 0; column < columns; column++) {
      int at = hidden.at(column);
      int factorsAt = gate.at(column);
      for (int row = rowFrom; row < rowTo; row++) {
        values[at + row] *= factors[factorsAt + row];
      }
    }
  }
}
