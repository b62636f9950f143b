package dev.bcq.runtime.layers;

import dev.bcq.format.Activation;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * A feed-forward block: {@code down(activation(up x))}, or {@code down(activation(gate x) * up x)}.
 *
 * @param gate the gate's matrix, or null
 * @param up [feed-forward width, width]
 * @param down [width, feed-forward width]
 * @param activation the activation
 * @param kernels what computes it
 */
public record FeedForward(
    @Nullable Linear gate, Linear up, Linear down, Activation activation, Kernels kernels) {

  /** Computes {@code columns} columns of {@code x} into {@code buffers.output}. */
  void apply(Activations x, int columns, LayerBuffers buffers) {
    int inner = up.rows();
    buffers.input.load(x, up.cols(), columns);
    buffers.products.and(up, buffers.hidden);
    if (gate == null) {
      buffers.products.compute();
      kernels.activate(activation, buffers.hidden, columns * inner);
    } else {
      buffers.products.and(gate, buffers.gate).compute();
      kernels.activate(activation, buffers.gate, columns * inner);
      float[] hidden = buffers.hidden.values();
      float[] factors = buffers.gate.values();
      for (int i = 0; i < columns * inner; i++) {
        hidden[i] *= factors[i];
      }
    }
    buffers.multiply(buffers.hidden, columns, down, buffers.output);
  }
}
