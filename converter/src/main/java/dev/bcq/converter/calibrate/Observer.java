package dev.bcq.converter.calibrate;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.decoding.TeacherForcing;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;

/** Runs a float model on sentences with given targets. One observer serves one thread. */
final class Observer {
  private final ObservingKernels kernels;
  private final Transformer transformer;

  Observer(BcqFile file, Kernels kernels, MatrixInputs inputs) {
    this.kernels = new ObservingKernels(kernels, inputs);
    this.transformer = ModelLoader.load(file, this.kernels, Arithmetic.EXACT);
  }

  /** Returns what matrices read when a sentence is encoded and its target scored. */
  Observation observe(CalibrationSample sample) {
    Observation observation = kernels.begin();
    observation.score(
        TeacherForcing.logProbabilities(
            transformer,
            transformer.encode(sample.source()),
            sample.startToken(),
            sample.target()));
    return observation;
  }
}
