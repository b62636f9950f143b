package dev.bcq.runtime.kernels;

import dev.bcq.format.Activation;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;
import java.nio.FloatBuffer;

/** The reference kernels in plain Java. */
final class ScalarKernels implements Kernels {
  private static final int TILE = BitPlaneLayout.TILE_ROWS;

  @Override
  public void prepare(InputForm form, PreparedInput input) {
    switch (form) {
      case FLOATS -> {}
      case BYTE_TABLES -> ScalarTables.prepareBytes(input);
      case FLOAT_TABLES -> ScalarTables.prepareFloats(input);
      case BYTES -> ScalarInt8.prepare(input);
      case BIT_SLICES -> ScalarBitSlices.prepare(input);
    }
  }

  static float largestMagnitude(float[] x, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    return largest;
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    switch (form) {
      case BYTE_TABLES -> ScalarTables.multiplyBytes(w, tileFrom, tileTo, x, y);
      case FLOAT_TABLES -> ScalarTables.multiplyFloats(w, tileFrom, tileTo, x, y);
      case BYTES -> new ScalarLevels(w, x, y).multiply(tileFrom, tileTo);
      case BIT_SLICES -> ScalarBitSlices.multiply(w, tileFrom, tileTo, x, y);
      default -> throw form.unfit("bit-planes");
    }
  }

  @Override
  public void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    switch (form) {
      case BYTES -> ScalarInt8.multiplyBytes(w, tileFrom, tileTo, x, y);
      case FLOATS -> ScalarInt8.multiplyFloats(w, tileFrom, tileTo, x, y);
      default -> throw form.unfit("int8 weights");
    }
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    FloatBuffer weights = w.values();
    float[] inputs = x.floats();
    int cols = w.cols();
    int whole = cols & -4;
    int rowTo = Math.min(tileTo * TILE, w.rows());
    for (int row = tileFrom * TILE; row < rowTo; row++) {
      int at = row * cols;
      for (int column = 0; column < x.columns(); column++) {
        int from = column * x.chunks() * 32;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int i = 0; i < whole; i += 4) {
          sum0 += weights.get(at + i) * inputs[from + i];
          sum1 += weights.get(at + i + 1) * inputs[from + i + 1];
          sum2 += weights.get(at + i + 2) * inputs[from + i + 2];
          sum3 += weights.get(at + i + 3) * inputs[from + i + 3];
        }
        for (int i = whole; i < cols; i++) {
          sum0 += weights.get(at + i) * inputs[from + i];
        }
        y.values()[y.at(column) + row] = (sum0 + sum1) + (sum2 + sum3);
      }
    }
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
    if (memory.int8() != null) {
      ScalarInt8Attention.attend(
          queries, memory, memory.int8(), context, columnFrom, columnTo, headFrom, headTo);
    } else {
      ScalarAttention.attend(queries, memory, context, columnFrom, columnTo, headFrom, headTo);
    }
  }

  @Override
  public void store(
      Activations keys,
      Activations values,
      int columnFrom,
      int columnTo,
      Int8KeyValues memory,
      int row,
      int headFrom,
      int headTo) {
    for (int column = columnFrom; column < columnTo; column++) {
      ScalarInt8Attention.store(
          keys, values, column, memory, row + column - columnFrom, headFrom, headTo);
    }
  }

  @Override
  public void readRow(BitPlaneBlock w, int row, Activations to, int column) {
    w.readRow(row, to.values(), to.at(column));
  }

  @Override
  public void normalize(
      NormKind kind,
      NormWeights weights,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    for (int column = 0; column < columns; column++) {
      switch (kind) {
        case LAYER -> ScalarNorms.layer(weights, epsilon, x, y, column);
        case RMS -> ScalarNorms.rootMeanSquare(weights, epsilon, x, y, column);
      }
    }
  }

  @Override
  public void add(Activations terms, Activations sums, int columns, int from, int to) {
    float[] read = terms.values();
    float[] written = sums.values();
    for (int column = 0; column < columns; column++) {
      int term = terms.at(column);
      int sum = sums.at(column);
      for (int i = from; i < to; i++) {
        written[sum + i] += read[term + i];
      }
    }
  }

  @Override
  public void activate(Activation function, Activations x, int columns, int from, int to) {
    for (int column = 0; column < columns; column++) {
      int at = x.at(column);
      activate(function, x.values(), at + from, at + to);
    }
  }

  private static void activate(Activation function, float[] values, int from, int to) {
    switch (function) {
      case RELU -> {
        for (int i = from; i < to; i++) {
          values[i] = Math.max(values[i], 0f);
        }
      }
      case SILU -> {
        for (int i = from; i < to; i++) {
          values[i] = Elementary.silu(values[i]);
        }
      }
      case GELU_ERF -> {
        for (int i = from; i < to; i++) {
          values[i] = Elementary.geluErf(values[i]);
        }
      }
      case GELU_TANH -> {
        for (int i = from; i < to; i++) {
          values[i] = Elementary.geluTanh(values[i]);
        }
      }
    }
  }

  @Override
  public void subtract(Activations x, int column, int length, float number) {
    float[] values = x.values();
    int from = x.at(column);
    for (int i = from; i < from + length; i++) {
      values[i] -= number;
    }
  }

  @Override
  public float maximum(Activations x, int column, int length) {
    float[] values = x.values();
    int from = x.at(column);
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + length; i++) {
      maximum = values[i] > maximum ? values[i] : maximum;
    }
    return maximum;
  }

  @Override
  public int firstAbove(Activations x, int column, int from, int to, float addend, float bound) {
    float[] values = x.values();
    int first = x.at(column);
    int index = from;
    while (index < to && !(addend + values[first + index] > bound)) {
      index++;
    }
    return index;
  }

  @Override
  public float sumOfExponentials(Activations x, int column, int length, float maximum) {
    float[] values = x.values();
    int from = x.at(column);
    int end = from + length;
    return (quarterOfExponentials(values, from, end, maximum)
            + quarterOfExponentials(values, from + 2, end, maximum))
        + (quarterOfExponentials(values, from + 1, end, maximum)
            + quarterOfExponentials(values, from + 3, end, maximum));
  }

  private static float quarterOfExponentials(float[] x, int from, int end, float maximum) {
    float sum0 = 0;
    float sum4 = 0;
    float sum8 = 0;
    float sum12 = 0;
    int i = from;
    for (; i + 12 < end; i += Reduction.PARTIALS) {
      sum0 += Elementary.exp(x[i] - maximum);
      sum4 += Elementary.exp(x[i + 4] - maximum);
      sum8 += Elementary.exp(x[i + 8] - maximum);
      sum12 += Elementary.exp(x[i + 12] - maximum);
    }
    sum0 += i < end ? Elementary.exp(x[i] - maximum) : 0f;
    sum4 += i + 4 < end ? Elementary.exp(x[i + 4] - maximum) : 0f;
    sum8 += i + 8 < end ? Elementary.exp(x[i + 8] - maximum) : 0f;
    return (sum0 + sum8) + (sum4 + sum12);
  }
}
