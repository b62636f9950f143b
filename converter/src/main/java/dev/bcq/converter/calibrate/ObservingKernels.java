package dev.bcq.converter.calibrate;

import dev.bcq.runtime.kernels.ForwardingKernels;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.FloatMatrix;

/** Kernels that note what float matrices are multiplied by. For one thread, without a team. */
final class ObservingKernels extends ForwardingKernels {
  private final Kernels kernels;
  private final MatrixInputs inputs;
  private Observation observation;

  ObservingKernels(Kernels kernels, MatrixInputs inputs) {
    this.kernels = kernels;
    this.inputs = inputs;
    this.observation = new Observation(inputs.count());
  }

  /** Begins a sentence; returns what will be seen of it. */
  Observation begin() {
    observation = new Observation(inputs.count());
    return observation;
  }

  @Override
  protected Kernels kernels() {
    return kernels;
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Integer input = inputs.seenAt(w);
    if (input != null && tileFrom == 0) {
      observation.add(input, x);
    }
    super.multiply(w, tileFrom, tileTo, x, y);
  }
}
