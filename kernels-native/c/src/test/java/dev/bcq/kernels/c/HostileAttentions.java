package dev.bcq.kernels.c;

import dev.bcq.kernels.c.HostileCases.Body;
import dev.bcq.kernels.c.HostileCases.Case;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.RowNumbers;

/** Calls that attend, or store what is attended to. */
final class HostileAttentions extends HostileValues {
  private static final int[] WIDTHS = {1, 8, 16, 24, 64, 80, 128};

  HostileAttentions(long seed) {
    super(seed);
  }

  private int[] rows(long count, int stored) {
    int[] rows = random.ints(length(count), 0, stored).toArray();
    if (rows.length > 0) {
      int at = random.nextInt(rows.length);
      rows[at] = number(rows[at]);
    }
    return rows;
  }

  Case floats() {
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
    int[] rows = rows(count, stored);
    // Four heads of 2^30 are none for who computes in 32 bits.
    KeyValueRows memory =
        random.nextInt(RARITY) == 0
            ? new KeyValueRows(4, 1 << 30)
            : new KeyValueRows(number(heads), number(headWidth));
    Activations keys = new Activations(floats(end), 0, wrongStride);
    Activations values = new Activations(floats(end), 0, wrongStride);
    int positions = number(count);
    if (Math.max(memory.heads(), 4) * ((positions + 15) & -16) < MOST_VALUES) {
      memory.point(keys, values, number(headStride), new RowNumbers(rows), number(0), positions);
    }
    int biasStride = count + columns - 1;
    Activations bias = new Activations(floats((long) heads * biasStride), 0, number(biasStride));
    memory.score(0.3f, random.nextBoolean() ? bias : null, number(columns - 1), number(-1));
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

  /** Returns any keys and values; now and then their shape is not what there is room for. */
  private Int8KeyValues keyValues(int heads, int headWidth, int capacity) {
    int wrongHeads = number(heads);
    int wrongWidth = number(headWidth);
    int wrongCapacity = number(capacity);
    byte[] tiles = new byte[length(Int8KeyValues.tilesLength(heads, headWidth, capacity))];
    random.nextBytes(tiles);
    float[] scales = floats(Int8KeyValues.scalesLength(heads, capacity));
    for (int i = 0; i < scales.length; i++) {
      scales[i] = Math.abs(scales[i]);
    }
    return new Int8KeyValues(wrongHeads, wrongWidth, wrongCapacity, tiles, scales);
  }

  Case int8() {
    int headWidth = pick(WIDTHS);
    int heads = 1 + random.nextInt(3);
    int count = 1 + random.nextInt(60);
    int columns = pick(COLUMNS);
    int width = heads * headWidth;
    boolean listed = random.nextBoolean();
    int capacity = Int8KeyValues.capacity(count + (listed ? random.nextInt(60) : 0));
    Int8KeyValues keyValues = keyValues(heads, headWidth, capacity);
    KeyValueRows memory = new KeyValueRows(number(heads), number(headWidth));
    int positions = number(count);
    int rowsStride = count + random.nextInt(3);
    RowNumbers rows =
        listed ? new RowNumbers(rows((columns - 1L) * rowsStride + count, capacity)) : null;
    if (Math.abs((long) positions) < MOST_VALUES / 8
        && Math.abs((long) keyValues.capacity()) < MOST_VALUES / 8
        && Math.abs((long) keyValues.headWidth()) < MOST_VALUES / 8) {
      memory.point(keyValues, rows, number(0), number(rowsStride), positions);
    }
    int biasStride = count + columns - 1;
    Activations bias = new Activations(floats((long) heads * biasStride), 0, number(biasStride));
    int step = random.nextInt(2) - 1;
    memory.score(
        0.3f, random.nextBoolean() ? bias : null, number(step * (1 - columns)), number(step));
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
    return new Case("attention-in-8-bits", body, context.values(), exact);
  }

  Case store() {
    int headWidth = pick(WIDTHS);
    int heads = 1 + random.nextInt(3);
    int columns = pick(COLUMNS);
    int width = heads * headWidth;
    int row = random.nextInt(60);
    Int8KeyValues keyValues = keyValues(heads, headWidth, Int8KeyValues.capacity(row + columns));
    Activations keys = columns(columns, width, false);
    Activations values = columns(columns, width, false);
    int columnFrom = number(0);
    int columnTo = number(columns);
    int to = number(row);
    int headFrom = number(random.nextInt(heads));
    int headTo = number(heads);
    Body body =
        kernels -> {
          kernels.store(keys, values, columnFrom, columnTo, keyValues, to, headFrom, headTo);
          return sum(keyValues, to, to + columnTo - columnFrom);
        };
    return new Case("store", body, keyValues.scales(), true);
  }

  /** Returns a sum of all bytes of some rows, each with a weight of its own. */
  private static float sum(Int8KeyValues keyValues, int from, int to) {
    int sum = 0;
    for (int head = 0; head < keyValues.heads(); head++) {
      for (int row = from; row < to; row++) {
        for (int i = 0; i < keyValues.headWidth(); i++) {
          sum = 31 * sum + keyValues.tiles()[keyValues.keyAt(head, row, i)];
          sum = 31 * sum + keyValues.tiles()[keyValues.valueAt(head, row, i)];
        }
      }
    }
    return sum;
  }
}
