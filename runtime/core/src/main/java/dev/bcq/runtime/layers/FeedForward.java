package dev.bcq.runtime.layers;

import dev.bcq.format.Activation;
import dev.bcq.runtime.ops.Activate;
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

  /** Computes {@code columns} columns of {@code x} into {@code buffers.output}. */
  void apply(float[] x, int columns, LayerBuffers buffers) {
    int width = down.rows();
    int inner = up.rows();
    buffers.input.load(x, 0, width, width, columns);
    up.apply(buffers.input, buffers.hidden, 0, inner);
    if (gate == null) {
      Activate.apply(activation, buffers.hidden, columns * inner);
    } else {
      gate.apply(buffers.input, buffers.gate, 0, inner);
      Activate.apply(activation, buffers.gate, columns * inner);
      for (int i = 0; i < columns * inner; i++) {
        buffers.hidden[i] *= buffers.gate[i];
      }
    }
    buffers.input.load(buffers.hidden, 0, inner, inner, columns);
    down.apply(buffers.input, buffers.output, 0, width);
  }
}
