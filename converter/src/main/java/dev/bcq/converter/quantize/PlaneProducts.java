package dev.bcq.converter.quantize;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The planes of each group of a row, as signs, times H: with them, neither fitting scales nor
 * changing them needs H. All are found in about one pass over H, for rows of H whose columns have
 * the same code are added up first; then they follow each code that changes. One serves one thread.
 */
final class PlaneProducts {
  private static final int TOGETHER = 4;

  private final RowShape shape;
  private final float[][] matrix;

  /** Products of each slot; those of offsets, whose signs are all 1, never change. */
  private final float[][] products;

  private final int[] codes;
  private final int[] bits;
  private final float[][] sums;
  private final int[] ends;
  private final int[] columns;
  private final float[] zeros;
  private final RowSums changes;

  PlaneProducts(RowShape shape, OutputMetric metric) {
    this.shape = shape;
    this.matrix = metric.products();
    this.products = new float[shape.groups() * shape.slots()][shape.cols()];
    this.codes = new int[shape.cols()];
    this.bits = portions(shape.planes(), Math.min(shape.groupSize(), shape.cols()));
    this.sums = new float[1 << Arrays.stream(bits).max().orElse(0)][shape.cols()];
    this.ends = new int[sums.length + 1];
    this.columns = new int[shape.cols() + TOGETHER];
    this.zeros = new float[shape.cols()];
    this.changes = new RowSums(matrix);
    for (int group = 0; shape.offset() && group < shape.groups(); group++) {
      changes.clear();
      for (int col = shape.first(group); col < shape.first(group + 1); col++) {
        changes.take(col, 1);
      }
      changes.addTo(products[shape.at(group) + shape.planes()], 0, shape.cols());
    }
  }

  /**
   * Divides the bits of a code so that rows to add for each portion, and sums of them to combine,
   * are fewest.
   */
  private static int[] portions(int planes, int columns) {
    int best = 1;
    double least = Double.POSITIVE_INFINITY;
    for (int portions = 1; portions <= planes; portions++) {
      double cost = portions * (columns + Math.pow(2, 1 + (planes + portions - 1) / portions));
      if (cost < least) {
        least = cost;
        best = portions;
      }
    }
    int[] bits = new int[best];
    for (int i = 0; i < best; i++) {
      bits[i] = planes * (i + 1) / best - planes * i / best;
    }
    return bits;
  }

  /** Returns the products of a slot. */
  float[] of(int slot) {
    return products[slot];
  }

  /**
   * Finds the products of the planes of a row.
   *
   * @param errors of the weights
   * @param gradient receives the errors times H
   */
  void set(int[] row, float[] errors, float[] gradient) {
    System.arraycopy(row, 0, codes, 0, codes.length);
    Arrays.fill(gradient, 0);
    for (int group = 0; group < shape.groups(); group++) {
      int low = shape.planes();
      for (int i = 0; i < bits.length; i++) {
        low -= bits[i];
        sort(group, low, bits[i]);
        for (int code = 0; code < 1 << bits[i]; code++) {
          Arrays.fill(sums[code], 0);
          addRows(code, i == 0 ? errors : null, gradient);
        }
        combine(bits[i], shape.at(group) + shape.planes() - low - bits[i]);
      }
    }
  }

  /** Lists the columns of a group by a portion of their codes. */
  private void sort(int group, int low, int width) {
    int mask = (1 << width) - 1;
    Arrays.fill(ends, 0);
    for (int col = shape.first(group); col < shape.first(group + 1); col++) {
      ends[(codes[col] >> low & mask) + 1]++;
    }
    for (int code = 0; code < mask; code++) {
      ends[code + 1] += ends[code];
    }
    for (int col = shape.first(group); col < shape.first(group + 1); col++) {
      columns[ends[codes[col] >> low & mask]++] = col;
    }
  }

  /** Adds rows of H whose columns have a code to its sum and, times errors, to the gradient. */
  private void addRows(int code, float @Nullable [] errors, float[] gradient) {
    int to = ends[code];
    for (int k = code == 0 ? 0 : ends[code - 1]; k < to; k += TOGETHER) {
      float[] a = row(k, to);
      float[] b = row(k + 1, to);
      float[] c = row(k + 2, to);
      float[] d = row(k + 3, to);
      add(a, b, c, d, sums[code]);
      if (errors != null) {
        float fa = errors[columns[k]];
        float fb = errors[columns[k + 1]];
        float fc = errors[columns[k + 2]];
        float fd = errors[columns[k + 3]];
        RowSums.add(a, b, c, d, fa, fb, fc, fd, gradient, 0, gradient.length);
      }
    }
  }

  private float[] row(int k, int to) {
    return k < to ? matrix[columns[k]] : zeros;
  }

  private static void add(float[] a, float[] b, float[] c, float[] d, float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += a[i] + b[i] + (c[i] + d[i]);
    }
  }

  /** Makes the products of planes of the sums of codes, one bit after another; sums are used up. */
  private void combine(int width, int slot) {
    for (int bit = 0; bit < width; bit++) {
      int half = 1 << (width - 1 - bit);
      float[] products = this.products[slot + bit];
      Arrays.fill(products, 0);
      for (int code = 0; code < half; code++) {
        combine(sums[code], sums[code + half], products);
      }
    }
  }

  // Two loops, for the JVM's compiler leaves one with two results without vector instructions.
  private static void combine(float[] minus, float[] plus, float[] products) {
    for (int i = 0; i < products.length; i++) {
      products[i] += plus[i] - minus[i];
    }
    for (int i = 0; i < products.length; i++) {
      minus[i] += plus[i];
    }
  }

  /** Follows codes that have changed. */
  void update(int[] row) {
    for (int group = 0; group < shape.groups(); group++) {
      for (int plane = 0; plane < shape.planes(); plane++) {
        changes.clear();
        for (int col = shape.first(group); col < shape.first(group + 1); col++) {
          int bit = 1 << (shape.planes() - 1 - plane);
          if (((row[col] ^ codes[col]) & bit) != 0) {
            changes.take(col, (row[col] & bit) != 0 ? 2 : -2);
          }
        }
        changes.addTo(products[shape.at(group) + plane], 0, shape.cols());
      }
    }
    System.arraycopy(row, 0, codes, 0, codes.length);
  }

  /**
   * Takes another order of a group's planes.
   *
   * @param order the former place of each plane
   * @param negative whether the signs of each former plane turn round
   * @param row the codes, which change with the planes
   */
  void rearrange(int group, int[] order, boolean[] negative, int[] row) {
    int planes = shape.planes();
    int at = shape.at(group);
    float[][] former = Arrays.copyOfRange(products, at, at + planes);
    boolean same = true;
    for (int place = 0; place < planes; place++) {
      products[at + place] = former[order[place]];
      if (negative[order[place]]) {
        negate(products[at + place]);
      }
      same &= order[place] == place && !negative[place];
    }
    for (int col = shape.first(group); !same && col < shape.first(group + 1); col++) {
      int code = 0;
      for (int place = 0; place < planes; place++) {
        int bit = (row[col] >> (planes - 1 - order[place])) & 1;
        code = 2 * code + (negative[order[place]] ? 1 - bit : bit);
      }
      row[col] = code;
      codes[col] = code;
    }
  }

  private static void negate(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = -values[i];
    }
  }
}
