package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bcq.format.Activation;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;
import dev.bcq.runtime.tensor.RowNumbers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every provider must satisfy: the bits of the scalar kernels, and for dense matrices the
 * value within a computed tolerance.
 */
@Tag("arm")
public abstract class KernelContract {
  private static final int[] SIZES = {
    1, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 500, 1021
  };
  private static final int[] COLUMNS = {1, 2, 3, 4, 5, 8, 13, 37};
  private static final int[] MISALIGNMENTS = {0, 1, 4, 63};
  private static final int[] GROUPS = {0, 64, 128, 96};
  private static final List<InputForm> BIT_PLANE_FORMS =
      List.of(InputForm.BYTE_TABLES, InputForm.FLOAT_TABLES, InputForm.BYTES, InputForm.BIT_SLICES);

  /** Random cases of each test; fewer where a processor is emulated. */
  private static final long SEEDS = Long.getLong("bcq.test.seeds", 250);

  private static final float CANARY = 1234.5f;

  private final Kernels scalar = new ScalarKernels();
  private Kernels kernels = scalar;

  /** Returns the provider under test. */
  protected abstract KernelProvider provider();

  /**
   * Skips the test where the provider is not available, unless it is required and nothing is asked
   * of it that only some CPUs have.
   */
  @BeforeEach
  void create() {
    KernelProvider provider = provider();
    Availability availability = provider.probe();
    String required = System.getProperty("bcq.test.require", "");
    boolean optional = Boolean.getBoolean("bcq.test.optional");
    if (!availability.available()
        && !optional
        && List.of(required.split(",", -1)).contains(provider.id())) {
      fail(provider.id() + " kernels are required: " + availability.detail());
    }
    Assumptions.assumeTrue(availability.available(), availability.detail());
    kernels = provider.create();
  }

  private static int pick(Random random, int[] values) {
    return values[random.nextInt(values.length)];
  }

  private static PreparedInput load(float[] x, int cols, int columns) {
    PreparedInput input = new PreparedInput();
    input.load(new Activations(x, 0, cols), cols, columns);
    return input;
  }

  private interface Product {
    void run(Kernels kernels, PreparedInput input, Activations y);
  }

  /**
   * Runs a product on both providers and compares every float of y, those outside the promised
   * range too.
   */
  private void same(String what, float[] x, int rows, int cols, int columns, Product product) {
    int stride = rows + 5;
    float[] expected = new float[3 + columns * stride];
    Arrays.fill(expected, CANARY);
    float[] found = expected.clone();
    product.run(scalar, load(x, cols, columns), new Activations(expected, 3, stride));
    product.run(kernels, load(x, cols, columns), new Activations(found, 3, stride));
    sameBits(expected, found, what);
    assertEquals(CANARY, found[3 + rows], what);
  }

  private void bitPlanes(InputForm form) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int rows = pick(random, SIZES);
      int cols = pick(random, SIZES);
      int columns = pick(random, COLUMNS);
      int planes = 1 + random.nextInt(8);
      int group = pick(random, GROUPS);
      boolean offset = random.nextBoolean();
      BitPlaneBlock w =
          RandomMatrices.block(
              random, rows, cols, planes, group, offset, pick(random, MISALIGNMENTS));
      int from = random.nextInt(w.tiles());
      int to = from + 1 + random.nextInt(w.tiles() - from);
      String what =
          "seed %d: %d x %d, %d planes, group %d, %d columns"
              .formatted(seed, rows, cols, planes, group, columns);
      float[] x = RandomMatrices.activations(random, cols * columns);
      same(what, x, rows, cols, columns, bitPlaneProduct(w, from, to, form));
    }
  }

  private static Product bitPlaneProduct(BitPlaneBlock w, int from, int to, InputForm form) {
    return (provider, input, y) -> {
      input.requireGroupSums(w.groupChunks());
      input.require(form, provider);
      provider.multiply(w, form, from, to, input, y);
    };
  }

  @Test
  void byteTableProductsHaveTheBitsOfTheReference() {
    bitPlanes(InputForm.BYTE_TABLES);
  }

  @Test
  void floatTableProductsHaveTheBitsOfTheReference() {
    bitPlanes(InputForm.FLOAT_TABLES);
  }

  @Test
  void productsOfDecodedPlanesHaveTheBitsOfTheReference() {
    bitPlanes(InputForm.BYTES);
  }

  @Test
  void bitSliceProductsHaveTheBitsOfTheReference() {
    bitPlanes(InputForm.BIT_SLICES);
  }

  @Test
  void realShapesHaveTheBitsOfTheReference() {
    int[][] shapes = {{256, 256}, {1024, 256}, {256, 1024}, {8000, 256}, {512, 512}, {512, 2048}};
    for (int[] shape : shapes) {
      Random random = new Random(shape[0]);
      BitPlaneBlock w = RandomMatrices.block(random, shape[0], shape[1], 3, 0, false, 0);
      float[] x = RandomMatrices.activations(random, shape[1] * 4);
      String what = shape[0] + " x " + shape[1];
      for (InputForm form : BIT_PLANE_FORMS) {
        same(what, x, shape[0], shape[1], 4, bitPlaneProduct(w, 0, w.tiles(), form));
      }
    }
  }

  @Test
  void int8ProductsHaveTheBitsOfTheReference() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int rows = pick(random, SIZES) % 200 + 1;
      int cols = pick(random, SIZES);
      int columns = pick(random, COLUMNS);
      Int8Matrix w = RandomMatrices.int8(random, rows, cols, pick(random, MISALIGNMENTS));
      float[] x = RandomMatrices.activations(random, cols * columns);
      int from = random.nextInt(w.tiles());
      int to = from + 1 + random.nextInt(w.tiles() - from);
      String what = "seed %d: %d x %d, %d columns".formatted(seed, rows, cols, columns);
      for (InputForm form : new InputForm[] {InputForm.BYTES, InputForm.FLOATS}) {
        Product product =
            (provider, input, y) -> {
              input.require(form, provider);
              provider.multiply(w, form, from, to, input, y);
            };
        same(what + ", " + form, x, rows, cols, columns, product);
      }
    }
  }

  @Test
  void denseProductsAreWithinTheRoundingOfTheirTerms() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int rows = pick(random, SIZES) % 70 + 1;
      int cols = pick(random, SIZES);
      int columns = pick(random, COLUMNS);
      ByteBuffer values = RandomMatrices.direct(rows * cols * 4, pick(random, MISALIGNMENTS));
      for (int i = 0; i < rows * cols; i++) {
        values.putFloat(4 * i, (float) random.nextGaussian());
      }
      FloatMatrix w = new FloatMatrix(rows, cols, values);
      float[] x = gaussian(random, cols * columns, 1);
      float[] y = new float[rows * columns];
      kernels.multiply(w, 0, w.tiles(), load(x, cols, columns), new Activations(y, 0, rows));
      for (int column = 0; column < columns; column++) {
        for (int row = 0; row < rows; row++) {
          double sum = 0;
          double magnitude = 0;
          for (int i = 0; i < cols; i++) {
            double term = (double) values.getFloat(4 * (row * cols + i)) * x[column * cols + i];
            sum += term;
            magnitude += Math.abs(term);
          }
          double tolerance = (cols + 2) * Math.ulp(1f) * magnitude;
          assertEquals(sum, y[column * rows + row], tolerance, "seed " + seed);
        }
      }
    }
  }

  @Test
  void attentionHasTheBitsOfTheReference() {
    int[] widths = {1, 8, 16, 24, 32, 64, 80, 128};
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int headWidth = pick(random, widths);
      int heads = 1 + random.nextInt(4);
      int count = 1 + random.nextInt(130);
      int columns = 1 + random.nextInt(9);
      int width = heads * headWidth;
      int stored = count + 10;
      boolean byHeads = random.nextBoolean();
      int stride = byHeads ? headWidth + 1 : width + 5;
      float[] stores = RandomMatrices.activations(new Random(0), stored * heads * (headWidth + 5));
      Activations keys = new Activations(stores, 0, stride);
      Activations values = new Activations(stores.clone(), 0, stride);
      float[] query = RandomMatrices.activations(new Random(0), 1 + columns * (width + 2));
      int[] rows = random.ints(count, 0, stored).toArray();
      float[] bias = RandomMatrices.activations(new Random(0), heads * (count + 2) + 9);
      KeyValueRows memory = new KeyValueRows(heads, headWidth);
      int headStride = byHeads ? stored * stride : headWidth;
      memory.point(keys, values, headStride, new RowNumbers(rows), 0, count);
      Activations biases = random.nextBoolean() ? new Activations(bias, 0, count + 2) : null;
      memory.score(random.nextFloat(), biases, 9, -1);
      float[] expected = new float[3 + columns * (width + 1)];
      float[] found = expected.clone();
      Activations queries = new Activations(query, 1, width + 2);
      int from = random.nextInt(heads);
      int to = from + 1 + random.nextInt(heads - from);
      int first = random.nextInt(columns);
      scalar.attend(
          queries, memory, new Activations(expected, 3, width + 1), first, columns, from, to);
      kernels.attend(
          queries, memory, new Activations(found, 3, width + 1), first, columns, from, to);
      sameBits(expected, found, "seed " + seed);
    }
  }

  @Test
  void attentionIn8BitsHasTheBitsOfTheReference() {
    for (long seed = 0; seed < SEEDS; seed++) {
      attendIn8Bits(seed);
    }
  }

  private void attendIn8Bits(long seed) {
    Random random = new Random(seed);
    int headWidth = pick(random, new int[] {1, 8, 16, 24, 32, 64, 64, 80, 128, 144, 300});
    int heads = 1 + random.nextInt(4);
    int count = 1 + random.nextInt(random.nextBoolean() ? 40 : 300);
    int columns = 1 + random.nextInt(9);
    int width = heads * headWidth;
    boolean listed = random.nextBoolean();
    int stored = listed ? count + random.nextInt(1 + count) : count;
    int capacity = Int8KeyValues.capacity(stored + random.nextInt(40));
    Int8KeyValues expectedRows = int8(random, heads, headWidth, capacity);
    Int8KeyValues foundRows =
        new Int8KeyValues(
            heads,
            headWidth,
            capacity,
            expectedRows.tiles().clone(),
            expectedRows.scales().clone());
    float[] key = gaussian(random, 1 + stored * (width + 3), random.nextFloat());
    float[] value = gaussian(random, 2 + stored * (width + 1), 30);
    if (random.nextBoolean()) {
      Arrays.fill(key, width + 3, Math.min(key.length, 2 * (width + 3)), 0f);
      Arrays.fill(value, 0, value.length / 2, 0f);
    }
    Activations keys = new Activations(key, 1, width + 3);
    Activations values = new Activations(value, 2, width + 1);
    for (int from = 0; from < stored; ) {
      int to = Math.min(stored, from + 1 + random.nextInt(50));
      int head = random.nextInt(heads + 1);
      scalar.store(keys, values, from, to, expectedRows, from, 0, heads);
      kernels.store(keys, values, from, to, foundRows, from, head, heads);
      kernels.store(keys, values, from, to, foundRows, from, 0, head);
      from = to;
    }
    String what = "seed " + seed;
    sameBytes(expectedRows, foundRows, stored, what);
    sameBits(expectedRows.scales(), foundRows.scales(), what);

    float[] bias = gaussian(random, heads * (count + 2) + 9, 1);
    Activations biases = random.nextBoolean() ? new Activations(bias, 0, count + 2) : null;
    int rowsStride = count + 1;
    RowNumbers rows = listed ? rows(random, columns, rowsStride, stored) : null;
    KeyValueRows memory = new KeyValueRows(heads, headWidth);
    memory.score(random.nextFloat(), biases, 9, random.nextBoolean() ? -1 : 0);
    Activations queries =
        new Activations(gaussian(random, 1 + columns * (width + 2), 2), 1, width + 2);
    float[] expected = new float[3 + columns * (width + 1)];
    float[] found = expected.clone();
    int from = random.nextInt(heads);
    int to = from + 1 + random.nextInt(heads - from);
    int first = random.nextInt(columns);
    memory.point(expectedRows, rows, 1, rowsStride, count);
    scalar.attend(
        queries, memory, new Activations(expected, 3, width + 1), first, columns, from, to);
    memory.point(foundRows, rows, 1, rowsStride, count);
    kernels.attend(queries, memory, new Activations(found, 3, width + 1), first, columns, from, to);
    sameBits(expected, found, what);
  }

  /** Padding may be anything. */
  private static void sameBytes(
      Int8KeyValues expected, Int8KeyValues found, int rows, String what) {
    for (int head = 0; head < expected.heads(); head++) {
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < expected.headWidth(); i++) {
          int key = expected.keyAt(head, row, i);
          assertEquals(expected.tiles()[key], found.tiles()[key], what);
          int value = expected.valueAt(head, row, i);
          assertEquals(expected.tiles()[value], found.tiles()[value], what);
        }
      }
    }
  }

  /** Returns room for rows that holds anything, as after other sentences. */
  private static Int8KeyValues int8(Random random, int heads, int headWidth, int capacity) {
    byte[] tiles = new byte[(int) Int8KeyValues.tilesLength(heads, headWidth, capacity)];
    random.nextBytes(tiles);
    float[] scales = new float[(int) Int8KeyValues.scalesLength(heads, capacity)];
    Arrays.fill(scales, Float.NaN);
    return new Int8KeyValues(heads, headWidth, capacity, tiles, scales);
  }

  /** Returns numbers of rows for columns, in a stretch each, no row twice in one. */
  private static RowNumbers rows(Random random, int columns, int stride, int stored) {
    int[] numbers = new int[1 + columns * stride];
    List<Integer> all = IntStream.range(0, stored).boxed().collect(Collectors.toList());
    for (int column = 0; column < columns; column++) {
      if (random.nextInt(4) > 0) {
        Collections.shuffle(all, random);
      }
      for (int i = 0; i < Math.min(stride, stored); i++) {
        numbers[1 + column * stride + i] = all.get(i);
      }
    }
    return new RowNumbers(numbers);
  }

  @Test
  void attentionIn8BitsComesCloseToThatInFloats() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int count = 1 + random.nextInt(200);
      int width = 64;
      Activations keys = new Activations(gaussian(random, count * width, 1), 0, width);
      Activations values = new Activations(gaussian(random, count * width, 1), 0, width);
      Activations queries = new Activations(gaussian(random, width, 1), 0, width);
      KeyValueRows memory = new KeyValueRows(1, width);
      memory.score(0.125f, null, 0, 0);
      int[] rows = IntStream.range(0, count).toArray();
      memory.point(keys, values, width, new RowNumbers(rows), 0, count);
      float[] expected = new float[width];
      scalar.attend(queries, memory, new Activations(expected, 0, width), 0, 1, 0, 1);
      Int8KeyValues int8 = int8(random, 1, width, Int8KeyValues.capacity(count));
      kernels.store(keys, values, 0, count, int8, 0, 0, 1);
      memory.point(int8, null, 0, 0, count);
      float[] found = new float[width];
      kernels.attend(queries, memory, new Activations(found, 0, width), 0, 1, 0, 1);
      for (int i = 0; i < width; i++) {
        // Half a step of 1/127 of the largest value, and scores that are off by a hundredth.
        assertEquals(expected[i], found[i], 0.05f, "seed " + seed);
      }
    }
  }

  @Test
  void sumsOfExponentialsHaveTheBitsOfTheReference() {
    for (int length : SIZES) {
      Random random = new Random(length);
      float[] values = gaussian(random, length + 3, 40);
      values[3] = Float.NEGATIVE_INFINITY;
      Activations x = new Activations(values, 1, 2);
      float maximum = 120;
      assertEquals(
          Float.floatToRawIntBits(scalar.sumOfExponentials(x, 1, length, maximum)),
          Float.floatToRawIntBits(kernels.sumOfExponentials(x, 1, length, maximum)),
          length + " values");
    }
  }

  @Test
  void aNumberIsSubtractedFromOneColumnOnly() {
    for (int length : SIZES) {
      float[] expected = gaussian(new Random(length), 3 * (length + 2) + 1, 40);
      float[] found = expected.clone();
      scalar.subtract(new Activations(expected, 1, length + 2), 1, length, 1.7f);
      kernels.subtract(new Activations(found, 1, length + 2), 1, length, 1.7f);
      sameBits(expected, found, length + " values");
    }
  }

  private static void sameBits(float[] expected, float[] found, String what) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          Float.floatToRawIntBits(expected[i]),
          Float.floatToRawIntBits(found[i]),
          what + " at " + i + ": expected " + expected[i] + ", found " + found[i]);
    }
  }

  private static float[] gaussian(Random random, int length, float deviation) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian() * deviation;
    }
    return x;
  }

  @Test
  void rowsHaveTheBitsOfTheReference() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int rows = pick(random, SIZES);
      int cols = pick(random, SIZES);
      int planes = 1 + random.nextInt(8);
      BitPlaneBlock w =
          RandomMatrices.block(
              random, rows, cols, planes, pick(random, GROUPS), random.nextBoolean(), 1);
      float[] expected = gaussian(random, cols + 5, 1);
      float[] found = expected.clone();
      int row = random.nextInt(rows);
      scalar.readRow(w, row, new Activations(expected, 1, 1), 1);
      kernels.readRow(w, row, new Activations(found, 1, 1), 1);
      sameBits(expected, found, "seed " + seed);
    }
  }

  @Test
  void normalizedColumnsHaveTheBitsOfTheReference() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int width = pick(random, SIZES);
      int columns = pick(random, COLUMNS);
      float[] weight = gaussian(random, width, 1);
      float[] bias = random.nextBoolean() ? gaussian(random, width, 1) : null;
      NormWeights weights = new NormWeights(weight, bias);
      float[] x = gaussian(random, 3 + columns * (width + 2), 5);
      float[] expected = x.clone();
      float[] found = x.clone();
      for (NormKind kind : NormKind.values()) {
        Activations from = new Activations(x, 3, width + 2);
        Activations a = new Activations(expected, 1, width + 1);
        Activations b = new Activations(found, 1, width + 1);
        scalar.normalize(kind, weights, 1e-6f, from, columns, a);
        kernels.normalize(kind, weights, 1e-6f, from, columns, b);
        sameBits(expected, found, "seed " + seed + ", " + kind);
        scalar.normalize(kind, weights, 1e-6f, a, columns, a);
        kernels.normalize(kind, weights, 1e-6f, b, columns, b);
        sameBits(expected, found, "in place, seed " + seed + ", " + kind);
      }
    }
  }

  @Test
  void sumsOfColumnsAndOfOneColumnForAllHaveTheBitsOfTheReference() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int length = pick(random, SIZES);
      int columns = pick(random, COLUMNS);
      int from = random.nextInt(length);
      float[] terms = gaussian(random, 3 + columns * (length + 2), 5);
      float[] expected = gaussian(random, 1 + columns * (length + 1), 5);
      float[] found = expected.clone();
      for (int stride : new int[] {0, length + 2}) {
        Activations read = new Activations(terms, 3, stride);
        scalar.add(read, new Activations(expected, 1, length + 1), columns, from, length);
        kernels.add(read, new Activations(found, 1, length + 1), columns, from, length);
        sameBits(expected, found, "seed " + seed + ", stride " + stride);
      }
    }
  }

  @Test
  void activationsHaveTheBitsOfTheReference() {
    float[] special = {0f, -0f, 1e-40f, -1e-40f, 1e30f, -1e30f, 88.8f, -88.8f, -86.5f, 43f};
    for (Activation function : Activation.values()) {
      for (int length : SIZES) {
        int stride = length + 3;
        float[] x = gaussian(new Random(length), 2 * stride, 8);
        for (int i = 0; i < length / 2; i++) {
          x[i] = special[i % special.length];
        }
        float[] expected = x.clone();
        float[] found = x.clone();
        int from = length / 3;
        scalar.activate(function, new Activations(expected, 1, stride), 2, from, length);
        kernels.activate(function, new Activations(found, 1, stride), 2, from, length);
        sameBits(expected, found, function + " of " + length);
      }
    }
  }

  @Test
  void theLargestValueAndTheFirstAboveABoundAreThoseOfTheReference() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int length = pick(random, SIZES);
      float[] values = new float[length + 4];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(5) == 0 ? Float.NEGATIVE_INFINITY : random.nextInt(40);
      }
      Activations x = new Activations(values, 1, 2);
      String what = "seed " + seed;
      float maximum = scalar.maximum(x, 1, length);
      assertEquals(maximum, kernels.maximum(x, 1, length), what);
      for (float bound : new float[] {Float.NEGATIVE_INFINITY, 20, maximum - 1, maximum}) {
        int from = random.nextInt(length);
        int expected = scalar.firstAbove(x, 1, from, length, 0.5f, bound);
        assertEquals(expected, kernels.firstAbove(x, 1, from, length, 0.5f, bound), what);
      }
    }
    assertEquals(
        Float.NEGATIVE_INFINITY, kernels.maximum(new Activations(new float[3], 1, 0), 0, 0));
    Activations x = new Activations(new float[] {9, 1, 9}, 0, 3);
    assertEquals(2, kernels.firstAbove(x, 0, 1, 2, 0f, 5f));
  }

  @Test
  void aZeroSpanGivesZeroAndNotNothing() {
    BitPlaneBlock w = RandomMatrices.block(new Random(1), 16, 256, 2, 0, false, 0);
    for (InputForm form : BIT_PLANE_FORMS) {
      PreparedInput input = load(new float[256], 256, 1);
      input.require(form, kernels);
      float[] y = new float[16];
      Arrays.fill(y, CANARY);
      kernels.multiply(w, form, 0, 1, input, new Activations(y, 0, 16));
      for (float value : y) {
        assertTrue(value == 0, form + ": found " + value);
      }
    }
  }

  /** The largest sums that integers have to hold: all bits of the planes and of the bytes alike. */
  @Test
  void extremeSignsAndValuesHaveTheBitsOfTheReference() {
    for (int bits : new int[] {0, -1}) {
      ByteBuffer planes = RandomMatrices.direct((int) BitPlaneLayout.bitsLength(16, 512, 2), 0);
      for (int i = 0; i < planes.capacity(); i++) {
        planes.put(i, (byte) bits);
      }
      float[] scales = new float[(int) BitPlaneLayout.scaleCount(16, 512, 2, 0, false)];
      Arrays.fill(scales, 0.7f);
      BitPlaneBlock w = new BitPlaneBlock(0, 16, 512, 2, 0, false, planes, scales);
      for (float value : new float[] {-3, 3}) {
        float[] x = new float[512];
        Arrays.fill(x, value);
        for (InputForm form : BIT_PLANE_FORMS) {
          same(bits + " times " + value, x, 16, 512, 1, bitPlaneProduct(w, 0, 1, form));
        }
      }
    }
  }
}
