package dev.bcq.benchmarks.measure;

import dev.bcq.benchmarks.OpenBlas;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.Float32;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/** The products of {@link StepProducts} for a float32 model, by OpenBLAS. */
final class OpenBlasProducts {
  private final List<DecoderMatrices.Product> products;
  private final List<FloatPointer> weights = new ArrayList<>();
  private final int columns;
  private final FloatPointer x;
  private final FloatPointer y;

  OpenBlasProducts(BenchModel model, int columns) {
    this.products = DecoderMatrices.of(model);
    this.columns = columns;
    int widest = 0;
    int tallest = 0;
    for (DecoderMatrices.Product product : products) {
      MatrixEntry matrix = product.matrix();
      if (!(matrix.storage() instanceof Float32 dense)) {
        throw new IllegalStateException(matrix.name() + " is not dense float32");
      }
      // Where it is mapped: nothing is copied.
      weights.add(new FloatPointer(model.file().block(dense.values()).asFloatBuffer()));
      widest = Math.max(widest, matrix.cols());
      tallest = Math.max(tallest, matrix.rows());
    }
    this.x = new FloatPointer(StepProducts.activations(widest * columns));
    this.y = new FloatPointer((long) tallest * columns);
  }

  /** Computes the products of one step with a matrix-vector product for each column. */
  void vectors() {
    for (int i = 0; i < weights.size(); i++) {
      MatrixEntry matrix = products.get(i).matrix();
      OpenBlas.gemv(weights.get(i), matrix.rows(), matrix.cols(), columns, x, y);
    }
  }

  /** Computes the products of one step with a matrix-matrix product for all columns. */
  void matrices() {
    for (int i = 0; i < weights.size(); i++) {
      MatrixEntry matrix = products.get(i).matrix();
      OpenBlas.gemm(weights.get(i), matrix.rows(), matrix.cols(), columns, x, y);
    }
  }
}
