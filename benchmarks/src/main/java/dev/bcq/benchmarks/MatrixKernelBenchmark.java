package dev.bcq.benchmarks;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.MatrixRole;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
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

/** Quantized weights times activations: loading, preparing and multiplying, as a layer does. */
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
  @Param({"scalar", "vector", "c-ffm", "c-jni"})
  public String kernels;

  /** Rows x columns. */
  @Param({"256x256", "1024x256", "512x512", "2048x512", "8000x256"})
  public String shape;

  /** Planes, or int8. */
  @Param({"1", "2", "3", "4", "int8"})
  public String planes;

  /** Columns of activations. */
  @Param({"1", "4", "16", "32"})
  public int columns;

  /** Arithmetic. */
  @Param({"FAST", "EXACT", "POPCOUNT"})
  public Arithmetic arithmetic;

  /** Whether three planes and more are looked up in tables or decoded to int8 levels. */
  @Param({"STEP", "SENTENCE"})
  public MatrixRole role;

  private Kernels provider;
  private Matrix w;
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
    w =
        planes.equals("int8")
            ? int8(random, rows, cols)
            : bitPlanes(random, rows, cols, Integer.parseInt(planes));
    x = Activations.allocate(columns, cols);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (float) random.nextGaussian();
    }
    y = Activations.allocate(columns, rows);
    form =
        w instanceof BcqMatrix
            ? arithmetic.bitPlaneForm(role, Integer.parseInt(planes))
            : arithmetic.int8Form();
    input = new PreparedInput();
    provider = KernelRegistry.load().choose(kernels).create();
  }

  /** Returns the outputs of all columns. */
  @Benchmark
  public float[] multiply() {
    input.load(x, w.cols(), columns);
    input.require(form, provider);
    if (w instanceof BcqMatrix matrix) {
      provider.multiply(matrix.blocks().get(0), form, 0, w.tiles(), input, y);
    } else if (w instanceof Int8Matrix matrix) {
      provider.multiply(matrix, form, 0, w.tiles(), input, y);
    }
    return y.values();
  }

  private static Matrix bitPlanes(Random random, int rows, int cols, int planes) {
    ByteBuffer bits = bytes(random, (int) BitPlaneLayout.bitsLength(rows, cols, planes));
    float[] scales = scales(random, (int) BitPlaneLayout.scaleCount(rows, cols, planes, 0, false));
    return new BcqMatrix(
        List.of(new BitPlaneBlock(0, rows, cols, planes, 0, false, bits, scales)), null);
  }

  private static Matrix int8(Random random, int rows, int cols) {
    ByteBuffer values = bytes(random, (int) Int8TileLayout.valuesLength(rows, cols));
    return new Int8Matrix(rows, cols, values, scales(random, rows));
  }

  private static ByteBuffer bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    ByteBuffer direct = ByteBuffer.allocateDirect(count + 128).alignedSlice(64);
    direct.put(bytes).flip();
    return direct.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float[] scales(Random random, int count) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = random.nextFloat();
    }
    return scales;
  }
}
