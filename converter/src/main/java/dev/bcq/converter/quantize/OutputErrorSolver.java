package dev.bcq.converter.quantize;

import java.util.Arrays;

/**
 * Goes on from the solution of another solver: scales and offsets of all groups by least squares,
 * then code after code to the level that leaves the least error of the output, in turn. Scales are
 * rounded as they will be stored at each turn, and no turn is kept that makes the error larger.
 */
final class OutputErrorSolver implements RowSolver {
  private static final int ROUNDS = 3;
  private static final int SWEEPS = 2;

  /** Part of the mean diagonal that is added, for planes that are nearly the same. */
  private static final double RIDGE = 1e-8;

  private final RowShape shape;
  private final OutputMetric metric;
  private final RowSolver start;
  private final Levels levels;
  private final double[][] productsOfSlots;
  private final double[][] normal;
  private final double[] right;
  private final double[] errors;

  /** Errors times H. */
  private final double[] gradient;

  private final int[] formerCodes;
  private final float[] formerSlots;

  /**
   * Creates a solver.
   *
   * @param start what gives the first codes
   */
  OutputErrorSolver(RowShape shape, OutputMetric metric, RowSolver start) {
    this.shape = shape;
    this.metric = metric;
    this.start = start;
    this.levels = new Levels(shape.planes());
    int slots = shape.groups() * shape.slots();
    this.productsOfSlots = new double[slots][shape.cols()];
    this.normal = new double[slots][slots];
    this.right = new double[slots];
    this.errors = new double[shape.cols()];
    this.gradient = new double[shape.cols()];
    this.formerCodes = new int[shape.cols()];
    this.formerSlots = new float[slots];
  }

  @Override
  public void solve(float[] row, int[] codes, float[] slots) {
    start.solve(row, codes, slots);
    double error = measure(row, codes, slots);
    boolean better = true;
    for (int round = 0; round < ROUNDS && better; round++) {
      double fitted = refit(row, codes, slots, error);
      double next = fitted;
      for (int sweep = 0; sweep < SWEEPS; sweep++) {
        next = descend(row, codes, slots, next);
      }
      better = next < error;
      error = next;
    }
  }

  /** Returns the error of the output, and takes it as where to go on from. */
  double measure(float[] row, int[] codes, float[] slots) {
    for (int group = 0; group < shape.groups(); group++) {
      for (int col = shape.first(group); col < shape.first(group + 1); col++) {
        double stored = levels.sum(codes[col], slots, shape.at(group), shape.offset());
        errors[col] = stored - row[col];
      }
    }
    Arrays.fill(gradient, 0);
    for (int col = 0; col < errors.length; col++) {
      OutputMetric.addMultiple(errors[col], metric.products(col), gradient, 0);
    }
    return error();
  }

  private double error() {
    double sum = 0;
    for (int col = 0; col < errors.length; col++) {
      sum += errors[col] * gradient[col];
    }
    return sum;
  }

  /** Fits scales and offsets to the planes, unless that helps nothing; returns the error. */
  double refit(float[] row, int[] codes, float[] slots, double error) {
    System.arraycopy(codes, 0, formerCodes, 0, codes.length);
    System.arraycopy(slots, 0, formerSlots, 0, slots.length);
    normalEquations(row, codes);
    if (!LeastSquares.solve(normal, right, right.length)) {
      return error;
    }
    for (int group = 0; group < shape.groups(); group++) {
      store(group, codes, slots);
    }
    double fitted = measure(row, codes, slots);
    if (fitted <= error) {
      return fitted;
    }
    System.arraycopy(formerCodes, 0, codes, 0, codes.length);
    System.arraycopy(formerSlots, 0, slots, 0, slots.length);
    return measure(row, codes, slots);
  }

  private void normalEquations(float[] row, int[] codes) {
    for (int group = 0; group < shape.groups(); group++) {
      for (int slot = 0; slot < shape.slots(); slot++) {
        double[] products = productsOfSlots[shape.at(group) + slot];
        Arrays.fill(products, 0);
        for (int col = shape.first(group); col < shape.first(group + 1); col++) {
          double sign = shape.sign(codes[col], slot);
          OutputMetric.addMultiple(sign, metric.products(col), products, 0);
        }
      }
    }
    double trace = 0;
    for (int i = 0; i < right.length; i++) {
      double[] products = productsOfSlots[i];
      Arrays.fill(normal[i], 0);
      right[i] = 0;
      for (int group = 0; group < shape.groups(); group++) {
        for (int col = shape.first(group); col < shape.first(group + 1); col++) {
          right[i] += products[col] * row[col];
          for (int slot = 0; slot < shape.slots(); slot++) {
            normal[i][shape.at(group) + slot] += products[col] * shape.sign(codes[col], slot);
          }
        }
      }
      trace += normal[i][i];
    }
    for (int i = 0; i < right.length; i++) {
      normal[i][i] += RIDGE * trace / right.length;
    }
  }

  /** Takes over a group's solution: scales as they are stored, not negative, descending. */
  private void store(int group, int[] codes, float[] slots) {
    int at = shape.at(group);
    int planes = shape.planes();
    boolean[] negative = new boolean[planes];
    int[] order = new int[planes];
    for (int plane = 0; plane < planes; plane++) {
      float scale = shape.stored((float) right[at + plane]);
      negative[plane] = scale < 0;
      int place = plane;
      while (place > 0 && slots[at + place - 1] < Math.abs(scale)) {
        slots[at + place] = slots[at + place - 1];
        order[place] = order[place - 1];
        place--;
      }
      slots[at + place] = Math.abs(scale);
      order[place] = plane;
    }
    if (shape.offset()) {
      slots[at + planes] = shape.stored((float) right[at + planes]);
    }
    for (int col = shape.first(group); col < shape.first(group + 1); col++) {
      int code = 0;
      for (int place = 0; place < planes; place++) {
        int bit = (codes[col] >> (planes - 1 - order[place])) & 1;
        code = 2 * code + (negative[order[place]] ? 1 - bit : bit);
      }
      codes[col] = code;
    }
  }

  /** Moves each code to its best level, the others as they are; returns the error. */
  double descend(float[] row, int[] codes, float[] slots, double error) {
    double remaining = error;
    for (int group = 0; group < shape.groups(); group++) {
      levels.set(slots, shape.at(group), shape.offset());
      for (int col = shape.first(group); col < shape.first(group + 1); col++) {
        double[] products = metric.products(col);
        double weight = row[col];
        double wanted = weight + errors[col] - gradient[col] / products[col];
        int nearest = levels.nearest((float) wanted);
        double step = levels.value(nearest) - (weight + errors[col]);
        double change = step * (2 * gradient[col] + step * products[col]);
        if (change < 0) {
          codes[col] = levels.code(nearest);
          errors[col] += step;
          remaining += change;
          OutputMetric.addMultiple(step, products, gradient, 0);
        }
      }
    }
    return remaining;
  }
}
