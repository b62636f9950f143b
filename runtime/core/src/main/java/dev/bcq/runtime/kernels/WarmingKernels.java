package dev.bcq.runtime.kernels;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;

/**
 * Kernels that are quick at once, and others that take their place when they have become faster. As
 * both give the same bits, nobody sees when that happens. An input stays with the kernels that
 * prepared it.
 */
public final class WarmingKernels implements Kernels {
  private final Kernels better;
  private volatile Kernels present;

  /** Begins with the first kernels. */
  public WarmingKernels(Kernels first, Kernels better) {
    this.present = first;
    this.better = better;
  }

  /** Lets the better kernels take over all further inputs. */
  public void switchOver() {
    present = better;
  }

  @Override
  public void prepare(InputForm form, PreparedInput input) {
    input.owner(present).prepare(form, input);
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    x.owner(present).multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    x.owner(present).multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    x.owner(present).multiply(w, tileFrom, tileTo, x, y);
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
    present.attend(queries, memory, context, columnFrom, columnTo, headFrom, headTo);
  }

  @Override
  public void readRow(BitPlaneBlock w, int row, Activations to, int column) {
    present.readRow(w, row, to, column);
  }

  @Override
  public void normalize(
      NormKind kind,
      NormWeights weights,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    present.normalize(kind, weights, epsilon, x, columns, y);
  }

  @Override
  public void activate(Activation function, Activations x, int length) {
    present.activate(function, x, length);
  }

  @Override
  public float maximum(Activations x, int column, int length) {
    return present.maximum(x, column, length);
  }

  @Override
  public int firstAbove(Activations x, int column, int from, int to, float addend, float bound) {
    return present.firstAbove(x, column, from, to, addend, bound);
  }

  @Override
  public float sumOfExponentials(Activations x, int column, int length, float maximum) {
    return present.sumOfExponentials(x, column, length, maximum);
  }
}
