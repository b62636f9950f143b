package dev.bcq.runtime.kernels;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import org.jspecify.annotations.Nullable;

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
  public void readRow(BitPlaneBlock w, int row, float[] to, int offset) {
    present.readRow(w, row, to, offset);
  }

  @Override
  public void normalize(
      NormKind kind,
      float[] weight,
      float @Nullable [] bias,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    present.normalize(kind, weight, bias, epsilon, x, columns, y);
  }

  @Override
  public void activate(Activation function, float[] x, int length) {
    present.activate(function, x, length);
  }

  @Override
  public float maximum(float[] x, int from, int length) {
    return present.maximum(x, from, length);
  }

  @Override
  public int firstAbove(float[] x, int from, int to, float addend, float bound) {
    return present.firstAbove(x, from, to, addend, bound);
  }

  @Override
  public float sumOfExponentials(float[] x, int from, int length, float maximum) {
    return present.sumOfExponentials(x, from, length, maximum);
  }
}
