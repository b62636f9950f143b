package dev.bcq.benchmarks.measure;

import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.layers.Linear;
import dev.bcq.runtime.model.MatrixLoader;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The matrix products of a decoding step without the rest of it: each matrix of the decoder once,
 * in order, as it lies in the mapped file, so that caches see what they see in a translation.
 */
final class StepProducts {
  private final List<DecoderMatrices.Product> products;
  private final List<Linear> linears = new ArrayList<>();
  private final PreparedInput input = new PreparedInput();
  private final int columns;
  private final float[] x;
  private final float[] y;

  StepProducts(BenchModel model, Kernels kernels, Arithmetic arithmetic, int columns) {
    this.products = DecoderMatrices.of(model);
    this.columns = columns;
    int widest = 0;
    int tallest = 0;
    for (DecoderMatrices.Product product : products) {
      linears.add(
          new Linear(MatrixLoader.load(model.file(), product.matrix()), null, kernels, arithmetic));
      widest = Math.max(widest, product.matrix().cols());
      tallest = Math.max(tallest, product.matrix().rows());
    }
    this.x = activations(widest * columns);
    this.y = new float[tallest * columns];
  }

  /** Returns values like those that a normalization leaves. */
  static float[] activations(int count) {
    Random random = new Random(1);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** Computes the products of one step. */
  void step() {
    for (int i = 0; i < linears.size(); i++) {
      DecoderMatrices.Product product = products.get(i);
      int cols = product.matrix().cols();
      if (product.newInput()) {
        input.load(new Activations(x, 0, cols), cols, columns);
      }
      linears.get(i).apply(input, new Activations(y, 0, product.matrix().rows()));
    }
  }
}
