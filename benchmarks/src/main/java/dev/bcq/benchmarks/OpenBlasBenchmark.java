package dev.bcq.benchmarks;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Float32 matrices times activations by OpenBLAS on one thread, beside the kernels' benchmark. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgs = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init")
public class OpenBlasBenchmark {

  /** A product for each column, or one for all. */
  @Param({"GEMV", "GEMM"})
  public Routine routine;

  /** Rows x columns. */
  @Param({"256x256", "1024x256", "512x512", "2048x512", "8000x256"})
  public String shape;

  /** Columns of activations. */
  @Param({"1", "4", "16"})
  public int columns;

  private int rows;
  private int cols;
  private FloatPointer w;
  private FloatPointer x;
  private FloatPointer y;

  /** What is called. */
  public enum Routine {
    /** {@code sgemv}, column by column. */
    GEMV,
    /** {@code sgemm}. */
    GEMM
  }

  /** Makes random weights and activations. */
  @Setup
  public void create() {
    OpenBlas.load();
    int cross = shape.indexOf('x');
    rows = Integer.parseInt(shape.substring(0, cross));
    cols = Integer.parseInt(shape.substring(cross + 1));
    Random random = new Random(1);
    w = new FloatPointer(normal(random, rows * cols));
    x = new FloatPointer(normal(random, cols * columns));
    y = new FloatPointer((long) rows * columns);
  }

  static float[] normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Returns the outputs of all columns, [columns][rows]. */
  @Benchmark
  public FloatPointer multiply() {
    if (routine == Routine.GEMV) {
      OpenBlas.gemv(w, rows, cols, columns, x, y);
    } else {
      OpenBlas.gemm(w, rows, cols, columns, x, y);
    }
    return y;
  }
}
