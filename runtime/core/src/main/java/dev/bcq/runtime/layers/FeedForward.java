package dev.bcq.runtime.layers;

import dev.bcq.format.Activation;
import dev.bcq.runtime.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * A feed-forward block: {@code down(activation(up x))}, or {@code down(activation(gate x) * up x)}.
 *
 * @param gate the gate's matrix, or null
 * @param up [feed-forward width, width]
 * @param down [width, feed-forward width]
 * @param activation the activation
 */
public record FeedForward(@Nullable Linear gate, Linear up, Linear down, Activation activation) {

  /** Returns the bytes of the weights. */
  long bytes() {
    return (gate == null ? 0 : gate.bytes()) + up.bytes() + down.bytes();
  }

  /** Computes {@code columns} columns of {@code x} into {@code buffers.outputs.output()}. */
  void apply(Activations x, int columns, LayerBuffers buffers) {
    buffers.input.load(x, up.cols(), columns);
    buffers.products.and(up, buffers.outputs.hidden());
    if (gate != null) {
      buffers.products.and(gate, buffers.outputs.gate());
    }
    buffers.activation.compute(buffers.products, activation, gate != null, columns, up.rows());
    buffers.multiply(buffers.outputs.hidden(), columns, down, buffers.outputs.output());
  }
}
