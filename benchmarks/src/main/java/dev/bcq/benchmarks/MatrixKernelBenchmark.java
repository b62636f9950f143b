package dev.bcq.benchmarks;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/** Bit-planes times activations: loading, preparing and multiplying, as a layer does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 3,
    jvmArgs = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init")
public class MatrixKernelBenchmark {

  /** Provider. */
  @Param({"scalar", "vector", "c-ffm"})
  public String kernels;

  /** Rows x columns. */
  @Param({"256x256", "1024x256", "512x512", "2048x512", "8000x256"})
  public String shape;

  /** Planes. */
  @Param({"1", "2", "3", "4"})
  public int planes;

  /** Columns of activations. */
  @Param({"1", "4", "16"})
  public int columns;

  /** Arithmetic. */
  @Param({"FAST", "EXACT", "POPCOUNT"})
  public Arithmetic arithmetic;

  private Kernels provider;
  private BitPlaneBlock w;
  private PreparedInput input;
  private InputForm form;
  private Activations x;
  private Activations y;

  /** Makes random weights, 64-byte aligned as in a mapped file, and activations. */
  @Setup
  public void create() {
    int cross = shape.indexOf('x');
    int rows = Integer.parseInt(shape.substring(0, cross));
    int cols = Integer.parseInt(shape.substring(cross + 1));
    Random random = new Random(1);
    byte[] bits = new byte[(int) BitPlaneLayout.bitsLength(rows, cols, planes)];
    random.nextBytes(bits);
    ByteBuffer direct = ByteBuffer.allocateDirect(bits.length + 128).alignedSlice(64);
    direct.put(bits).flip();
    float[] scales = new float[(int) BitPlaneLayout.scaleCount(rows, cols, planes, 0, false)];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = random.nextFloat();
    }
    w =
        new BitPlaneBlock(
            0, rows, cols, planes, 0, false, direct.slice().order(ByteOrder.LITTLE_ENDIAN), scales);
    x = Activations.allocate(columns, cols);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (float) random.nextGaussian();
    }
    y = Activations.allocate(columns, rows);
    form = arithmetic.bitPlaneForm();
    input = new PreparedInput();
    provider = KernelRegistry.load().choose(kernels).create();
  }

  /** Returns the outputs of all columns. */
  @Benchmark
  public float[] multiply() {
    input.load(x, w.cols(), columns);
    input.require(form, provider);
    provider.multiply(w, form, 0, w.tiles(), input, y);
    return y.values();
  }
}
