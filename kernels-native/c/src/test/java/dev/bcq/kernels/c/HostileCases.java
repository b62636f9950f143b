package dev.bcq.kernels.c;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.RandomMatrices;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;
import dev.bcq.runtime.tensor.RowNumbers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * Random calls of kernels: arrays as long as the call needs and no longer, and now and then one
 * that is too short, or a number that is wrong.
 */
final class HostileCases {
  private static final int[] SIZES = {
    1, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 260
  };
  private static final int[] COLUMNS = {1, 2, 3, 4, 5, 8};
  private static final int[] GROUPS = {0, 32, 64, 96, 128};
  private static final int[] WIDTHS = {1, 8, 16, 24, 64, 80, 128};
  private static final int[] WRONG = {
    -1,
    0,
    1,
    2,
    15,
    17,
    -16,
    1 << 16,
    1 << 28,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MAX_VALUE - 1,
    Integer.MAX_VALUE - 15,
    Integer.MIN_VALUE,
    Integer.MIN_VALUE + 1,
    -(1 << 16),
    -(1 << 30)
  };

  /** Of so many numbers and arrays one is wrong. */
  private static final int RARITY = 24;

  /** Values that buffers may have; more only take time. */
  private static final int MOST_VALUES = 200_000;

  private static final float UNTOUCHED = 1234.5f;

  private final Random random;

  /**
   * A call, ready to be made once.
   *
   * @param kind the kernel
   * @param body makes the call
   * @param result what it writes
   * @param exact whether all providers write the same bits
   */
  record Case(String kind, Body body, float[] result, boolean exact) {}

  /** Makes a call. */
  @FunctionalInterface
  interface Body {

    /** Returns a value, or zero where the kernel returns none. */
    float call(Kernels kernels);
  }

  private HostileCases(long seed) {
    random = new Random(seed);
  }

  /** Returns the call of a seed, each time with arrays of its own. */
  static Case of(long seed) {
    HostileCases cases = new HostileCases(seed);
    return switch ((int) (seed % 12)) {
      case 0, 1, 2 -> cases.bitPlanes();
      case 3 -> cases.int8();
      case 4 -> cases.dense();
      case 5, 6, 7 -> cases.attention();
      case 8 -> cases.row();
      case 9 -> cases.normalization();
      case 10 -> cases.activation();
      case 11 -> cases.addition();
      default -> cases.scan();
    };
  }

  private int pick(int[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** Returns a number, or a wrong one: near it, or far from everything. */
  private int number(int right) {
    if (random.nextInt(RARITY) != 0) {
      return right;
    }
    return switch (random.nextInt(3)) {
      case 0 -> right - 2 + random.nextInt(5);
      case 1 -> -1 - random.nextInt(16);
      default -> pick(WRONG);
    };
  }

  /** Returns a length, or one that is a little too short. */
  private int length(long right) {
    int length = (int) Math.max(0, Math.min(right, MOST_VALUES));
    return random.nextInt(RARITY) == 0 ? Math.max(0, length - 1 - random.nextInt(3)) : length;
  }

  private float[] floats(long count) {
    float[] x = new float[length(count)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private float[] untouched(long count) {
    float[] y = new float[length(count)];
    Arrays.fill(y, UNTOUCHED);
    return y;
  }

  /** Returns columns of some rows with a few values in between, as many as fit the array. */
  private Activations columns(int columns, int rows, boolean written) {
    int offset = random.nextInt(3);
    int stride = rows + random.nextInt(4);
    long length = offset + (columns - 1L) * stride + rows;
    float[] values = written ? untouched(length) : floats(length);
    return new Activations(values, number(offset), number(stride));
  }

  /** Returns whether columns share places, which are then written in an order of one's own. */
  private static boolean overlap(Activations y, int rows) {
    return y.stride() < rows;
  }

  /** Returns an input with columns, as a rule; not all that fail to be loaded are told. */
  private PreparedInput input(int cols, int columns) {
    PreparedInput input = new PreparedInput();
    load(input, cols, columns);
    if (random.nextInt(RARITY) == 0) {
      load(input, random.nextBoolean() ? pick(SIZES) : number(cols), number(columns));
    }
    return input;
  }

  private void load(PreparedInput input, int cols, int columns) {
    long count = (long) Math.max(0, cols) * Math.max(0, columns);
    if (count > MOST_VALUES / 4 && count < 1L << 40) {
      return;
    }
    float[] x = RandomMatrices.activations(random, (int) Math.min(count, MOST_VALUES));
    try {
      input.load(new Activations(x, 0, cols), cols, columns);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // What is left is no input, or the one before, and kernels have to see it.
    }
  }

  private InputForm form(InputForm... usual) {
    return one(random.nextInt(RARITY) == 0 ? InputForm.values() : usual);
  }

  /** Prepares an input, as a rule, or lets a kernel do so without the buffers. */
  private Body prepared(PreparedInput input, InputForm form, Body product) {
    int way = random.nextInt(RARITY);
    return kernels -> {
      if (way == 0) {
        kernels.prepare(form, input);
      } else if (way != 1) {
        input.require(form, kernels);
      }
      return product.call(kernels);
    };
  }

  private Case bitPlanes() {
    BitPlaneBlock w = block();
    int columns = pick(COLUMNS);
    PreparedInput input = input(w.cols(), columns);
    boolean summed = random.nextInt(RARITY) != 0;
    int groupChunks = number(w.groupChunks());
    int rows = Math.min(Math.max(w.rows(), 1), 300);
    Activations y = columns(columns, Math.max(w.firstRow(), 0) % 100 + rows, true);
    InputForm form =
        form(InputForm.BYTE_TABLES, InputForm.FLOAT_TABLES, InputForm.BYTES, InputForm.BIT_SLICES);
    int from = random.nextInt(Math.max(w.tiles() % 20, 1));
    int to = number(from + 1 + random.nextInt(Math.max((w.tiles() - from) % 20, 1)));
    int first = number(from);
    Body product =
        kernels -> {
          if (summed && w.hasOffset() && groupChunks > 0) {
            input.requireGroupSums(groupChunks);
          }
          kernels.multiply(w, form, first, to, input, y);
          return 0;
        };
    boolean exact = !overlap(y, rows);
    return new Case("bit-planes", prepared(input, form, product), y.values(), exact);
  }

  private BitPlaneBlock block() {
    int rows = pick(SIZES);
    int cols = pick(SIZES);
    int planes = 1 + random.nextInt(8);
    int group = pick(GROUPS);
    boolean offset = random.nextBoolean();
    BitPlaneBlock w = RandomMatrices.block(random, rows, cols, planes, group, offset, 0);
    ByteBuffer bits = w.bits().asReadOnlyBuffer();
    bits.limit(length(bits.limit()));
    float[] scales = Arrays.copyOf(w.scales(), length(w.scales().length));
    int firstRow = number(random.nextInt(5));
    boolean hasOffset = random.nextInt(RARITY) == 0 || offset;
    return new BitPlaneBlock(
        firstRow,
        number(rows),
        number(cols),
        number(planes),
        number(group),
        hasOffset,
        bits,
        scales);
  }

  private Case int8() {
    int rows = pick(SIZES);
    int cols = pick(SIZES);
    int columns = pick(COLUMNS);
    Int8Matrix right = RandomMatrices.int8(random, rows, cols, 0);
    ByteBuffer values = right.values().asReadOnlyBuffer();
    values.limit(length(values.limit()));
    float[] scales = Arrays.copyOf(right.scales(), length(rows));
    Int8Matrix w = new Int8Matrix(number(rows), number(cols), values, scales);
    PreparedInput input = input(w.cols(), columns);
    Activations y = columns(columns, rows, true);
    InputForm form = form(InputForm.BYTES, InputForm.FLOATS);
    int from = number(random.nextInt(right.tiles()));
    int to = number(right.tiles());
    Body product =
        kernels -> {
          kernels.multiply(w, form, from, to, input, y);
          return 0;
        };
    boolean exact = !overlap(y, Math.min(w.rows(), 300));
    return new Case("int8", prepared(input, form, product), y.values(), exact);
  }

  private Case dense() {
    int rows = pick(SIZES);
    int cols = pick(SIZES);
    int columns = pick(COLUMNS);
    ByteBuffer values = RandomMatrices.direct(rows * cols * Float.BYTES, 0).asReadOnlyBuffer();
    values.limit(length(values.limit()));
    FloatMatrix w = new FloatMatrix(number(rows), number(cols), values);
    PreparedInput input = input(w.cols(), columns);
    Activations y = columns(columns, rows, true);
    int from = number(random.nextInt(1 + rows / 16));
    int to = number((rows + 15) / 16);
    Body product =
        kernels -> {
          kernels.multiply(w, from, to, input, y);
          return 0;
        };
    // All weights are zero: so are the sums, in whatever order.
    return new Case("float32", product, y.values(), !overlap(y, Math.min(w.rows(), 300)));
  }

  private Case attention() {
    int headWidth = pick(WIDTHS);
    int heads = 1 + random.nextInt(3);
    int count = 1 + random.nextInt(70);
    int columns = pick(COLUMNS);
    int width = heads * headWidth;
    int stored = 1 + random.nextInt(40);
    boolean byHeads = random.nextBoolean();
    int stride = (byHeads ? headWidth : width) + random.nextInt(5);
    int headStride = byHeads ? stored * stride : headWidth;
    long end = (stored - 1L) * stride + (heads - 1L) * headStride + headWidth;
    int wrongStride = number(stride);
    int[] rows = random.ints(length(count), 0, stored).toArray();
    if (rows.length > 0) {
      int at = random.nextInt(rows.length);
      rows[at] = number(rows[at]);
    }
    // Four heads of 2^30 are none for who computes in 32 bits.
    KeyValueRows memory =
        random.nextInt(RARITY) == 0
            ? new KeyValueRows(4, 1 << 30)
            : new KeyValueRows(number(heads), number(headWidth));
    Activations keys = new Activations(floats(end), 0, wrongStride);
    Activations values = new Activations(floats(end), 0, wrongStride);
    int positions = number(count);
    if (Math.max(memory.heads(), 4) * ((positions + 15) & -16) < MOST_VALUES) {
      memory.point(keys, values, number(headStride), new RowNumbers(rows), positions);
    }
    int biasStride = count + columns - 1;
    Activations bias = new Activations(floats((long) heads * biasStride), 0, number(biasStride));
    memory.score(0.3f, random.nextBoolean() ? bias : null, number(columns - 1));
    Activations queries = columns(columns, width, false);
    Activations context = columns(columns, width, true);
    int columnFrom = number(0);
    int columnTo = number(columns);
    int from = number(random.nextInt(heads));
    int to = number(heads);
    Body body =
        kernels -> {
          kernels.attend(queries, memory, context, columnFrom, columnTo, from, to);
          return 0;
        };
    boolean exact = !overlap(context, memory.heads() * memory.headWidth());
    return new Case("attention", body, context.values(), exact);
  }

  private Case row() {
    BitPlaneBlock w = block();
    int column = random.nextInt(3);
    Activations to = columns(column + 1, Math.max(0, Math.min(w.cols(), 300)), true);
    int row = number(random.nextInt(Math.max(1, Math.min(w.rows(), 300))));
    int at = number(column);
    Body body =
        kernels -> {
          kernels.readRow(w, row, to, at);
          return 0;
        };
    return new Case("row", body, to.values(), true);
  }

  private Case normalization() {
    int width = pick(SIZES);
    int columns = pick(COLUMNS);
    boolean biased = random.nextBoolean();
    NormWeights weights = new NormWeights(floats(width), biased ? floats(width) : null);
    Activations x = columns(columns, width, false);
    Activations y = columns(columns, width, true);
    NormKind kind = one(NormKind.values());
    int count = number(columns);
    Body body =
        kernels -> {
          kernels.normalize(kind, weights, 1e-6f, x, count, y);
          return 0;
        };
    return new Case("normalization", body, y.values(), !overlap(y, width));
  }

  private Case addition() {
    int length = pick(SIZES);
    int columns = pick(COLUMNS);
    Activations terms = columns(random.nextBoolean() ? columns : 1, length, false);
    Activations sums = columns(columns, length, true);
    Activations read =
        random.nextBoolean() ? terms : new Activations(terms.values(), terms.offset(), 0);
    int count = number(columns);
    int from = number(random.nextInt(length + 1));
    int to = number(length);
    Body body =
        kernels -> {
          kernels.add(read, sums, count, from, to);
          return 0;
        };
    return new Case("addition", body, sums.values(), !overlap(sums, length));
  }

  private Case activation() {
    int length = pick(SIZES);
    Activations x = columns(1, length, false);
    Activation function = one(Activation.values());
    int count = number(length);
    Body body =
        kernels -> {
          kernels.activate(function, x, count);
          return 0;
        };
    return new Case("activation", body, x.values(), true);
  }

  private Case scan() {
    int length = pick(SIZES);
    int columns = 1 + random.nextInt(3);
    Activations x = columns(columns, length, false);
    int column = number(random.nextInt(columns));
    int from = number(random.nextInt(length));
    int to = number(length);
    Body body =
        switch (random.nextInt(3)) {
          case 0 -> kernels -> kernels.maximum(x, column, to);
          case 1 -> kernels -> kernels.sumOfExponentials(x, column, to, 3f);
          default -> kernels -> kernels.firstAbove(x, column, from, to, 0.5f, 2f);
        };
    return new Case("scan", body, x.values(), true);
  }
}
