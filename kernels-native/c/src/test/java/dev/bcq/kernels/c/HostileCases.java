package dev.bcq.kernels.c;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.RandomMatrices;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Random calls of kernels: arrays as long as the call needs and no longer, and now and then one
 * that is too short, or a number that is wrong.
 */
final class HostileCases extends HostileValues {
  private static final int[] SIZES = {
    1, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 260
  };
  private static final int[] GROUPS = {0, 32, 64, 96, 128};

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
    super(seed);
  }

  /** Returns the call of a seed, each time with arrays of its own. */
  static Case of(long seed) {
    HostileCases cases = new HostileCases(seed);
    HostileAttentions attentions = new HostileAttentions(seed);
    return switch ((int) (seed % 16)) {
      case 0, 1, 2 -> cases.bitPlanes();
      case 3 -> cases.int8();
      case 4 -> cases.dense();
      case 5, 6 -> attentions.floats();
      case 7, 8, 9 -> attentions.int8();
      case 10 -> attentions.store();
      case 11 -> cases.row();
      case 12 -> cases.normalization();
      case 13 -> cases.activation();
      case 14 -> cases.addition();
      default -> cases.scan();
    };
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
    int columns = 1 + random.nextInt(3);
    Activations x = columns(columns, length, false);
    Activation function = one(Activation.values());
    int count = number(columns);
    int from = number(random.nextInt(length + 1));
    int to = number(length);
    Body body =
        kernels -> {
          kernels.activate(function, x, count, from, to);
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
        switch (random.nextInt(4)) {
          case 0 -> kernels -> kernels.maximum(x, column, to);
          case 2 ->
              kernels -> {
                kernels.subtract(x, column, to, 3f);
                return 0;
              };
          case 1 -> kernels -> kernels.sumOfExponentials(x, column, to, 3f);
          default -> kernels -> kernels.firstAbove(x, column, from, to, 0.5f, 2f);
        };
    return new Case("scan", body, x.values(), true);
  }
}
