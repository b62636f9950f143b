package dev.bcq.converter.calibrate;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;

/** Kernels that note what float matrices are multiplied by. For one thread, without a team. */
final class ObservingKernels implements Kernels {
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
  public void prepare(InputForm form, PreparedInput input) {
    kernels.prepare(form, input);
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    kernels.multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    kernels.multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Integer input = inputs.seenAt(w);
    if (input != null && tileFrom == 0) {
      observation.add(input, x);
    }
    kernels.multiply(w, tileFrom, tileTo, x, y);
  }

  @Override
  public void attend(
      Activations queries,
      KeyValueRows memory,
      Activations context,
      int columnFrom,
      int columnTo,
      int headFrom,
      int headTo) {
    kernels.attend(queries, memory, context, columnFrom, columnTo, headFrom, headTo);
  }

  @Override
  public void readRow(BitPlaneBlock w, int row, Activations to, int column) {
    kernels.readRow(w, row, to, column);
  }

  @Override
  public void normalize(
      NormKind kind,
      NormWeights weights,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    kernels.normalize(kind, weights, epsilon, x, columns, y);
  }

  @Override
  public void activate(Activation function, Activations x, int length) {
    kernels.activate(function, x, length);
  }

  @Override
  public float maximum(Activations x, int column, int length) {
    return kernels.maximum(x, column, length);
  }

  @Override
  public int firstAbove(Activations x, int column, int from, int to, float addend, float bound) {
    return kernels.firstAbove(x, column, from, to, addend, bound);
  }

  @Override
  public float sumOfExponentials(Activations x, int column, int length, float maximum) {
    return kernels.sumOfExponentials(x, column, length, maximum);
  }
}
