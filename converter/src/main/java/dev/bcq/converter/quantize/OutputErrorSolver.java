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

  /** Columns whose changes reach the gradient of the others together. */
  private static final int BLOCK = 64;

  /**
   * Part of the mean diagonal that is added, for planes that are nearly the same: more than what
   * floats round.
   */
  private static final double RIDGE = 1e-6;

  private final RowShape shape;
  private final OutputMetric metric;
  private final RowSolver start;
  private final Levels levels;
  private final PlaneProducts planes;
  private final RowSums changes;
  private final float[][] signs;
  private final double[][] normal;
  private final double[] right;
  private final float[] errors;

  /** Errors times H. */
  private final float[] gradient;

  private final float[] nextErrors;
  private final float[] nextGradient;
  private final boolean[] negative;
  private final int[] order;

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
    this.planes = new PlaneProducts(shape, metric);
    this.changes = new RowSums(metric.products());
    int slots = shape.groups() * shape.slots();
    this.signs = new float[shape.slots()][shape.cols()];
    // What an offset would have, and planes have not yet.
    Arrays.fill(signs[shape.slots() - 1], 1);
    this.normal = new double[slots][slots];
    this.right = new double[slots];
    this.errors = new float[shape.cols()];
    this.gradient = new float[shape.cols()];
    this.nextErrors = new float[shape.cols()];
    this.nextGradient = new float[shape.cols()];
    this.negative = new boolean[shape.planes()];
    this.order = new int[shape.planes()];
  }

  @Override
  public void solve(float[] row, int[] codes, float[] slots) {
    start.solve(row, codes, slots);
    double error = measure(row, codes, slots);
    boolean better = true;
    for (int round = 0; round < ROUNDS && better; round++) {
      double next = refit(row, codes, slots, error);
      for (int sweep = 0; sweep < SWEEPS; sweep++) {
        next = descend(row, codes, slots, next);
      }
      better = next < error;
      error = next;
    }
  }

  /** Returns the error of the output, and takes it as where to go on from. */
  double measure(float[] row, int[] codes, float[] slots) {
    takeErrors(row, codes, slots);
    planes.set(codes, errors, gradient);
    return product(errors, gradient, 0, errors.length);
  }

  /** Returns the errors times H, as they are after the last step. */
  float[] gradient() {
    return gradient;
  }

  private void takeErrors(float[] row, int[] codes, float[] slots) {
    for (int group = 0; group < shape.groups(); group++) {
      levels.set(slots, shape.at(group), shape.offset());
      for (int col = shape.first(group); col < shape.first(group + 1); col++) {
        errors[col] = levels.value(levels.index(codes[col])) - row[col];
      }
    }
  }

  // Four sums: one alone would wait for each addition.
  private static double product(float[] a, float[] b, int from, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
    }
    for (; i < to; i++) {
      s0 += (double) a[i] * b[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** Fits scales and offsets to the planes, unless that helps nothing; returns the error. */
  double refit(float[] row, int[] codes, float[] slots, double error) {
    planes.update(codes);
    normalEquations(codes);
    if (!LeastSquares.solve(normal, right, right.length)) {
      return error;
    }
    System.arraycopy(errors, 0, nextErrors, 0, errors.length);
    System.arraycopy(gradient, 0, nextGradient, 0, gradient.length);
    for (int group = 0; group < shape.groups(); group++) {
      for (int slot = 0; slot < shape.slots(); slot++) {
        int at = shape.at(group) + slot;
        right[at] = shape.stored((float) (slots[at] + right[at]));
        float step = (float) (right[at] - slots[at]);
        int to = shape.first(group + 1);
        RowSums.addMultiple(step, signs[slot], nextErrors, shape.first(group), to);
        RowSums.addMultiple(step, planes.of(at), nextGradient, 0, nextGradient.length);
      }
    }
    double fitted = product(nextErrors, nextGradient, 0, errors.length);
    if (!(fitted <= error)) {
      return error;
    }
    for (int group = 0; group < shape.groups(); group++) {
      store(group, codes, slots);
    }
    takeErrors(row, codes, slots);
    System.arraycopy(nextGradient, 0, gradient, 0, gradient.length);
    return fitted;
  }

  /** Sets up the system whose solution is the best change of scales and offsets. */
  private void normalEquations(int[] codes) {
    for (int plane = 0; plane < shape.planes(); plane++) {
      int low = shape.planes() - 1 - plane;
      for (int col = 0; col < codes.length; col++) {
        signs[plane][col] = 2 * (codes[col] >> low & 1) - 1;
      }
    }
    double trace = 0;
    for (int group = 0; group < shape.groups(); group++) {
      int from = shape.first(group);
      int to = shape.first(group + 1);
      for (int slot = 0; slot < shape.slots(); slot++) {
        int i = shape.at(group) + slot;
        right[i] = -product(signs[slot], gradient, from, to);
        for (int j = 0; j <= i; j++) {
          normal[i][j] = product(signs[slot], planes.of(j), from, to);
          normal[j][i] = normal[i][j];
        }
        trace += normal[i][i];
      }
    }
    for (int i = 0; i < right.length; i++) {
      normal[i][i] += RIDGE * trace / right.length;
    }
  }

  /** Takes over a group's solution: scales as they are stored, not negative, descending. */
  private void store(int group, int[] codes, float[] slots) {
    int at = shape.at(group);
    for (int plane = 0; plane < shape.planes(); plane++) {
      float scale = (float) right[at + plane];
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
      slots[at + shape.planes()] = (float) right[at + shape.planes()];
    }
    planes.rearrange(group, order, negative, codes);
  }

  /** Moves each code to its best level, the others as they are; returns the error. */
  double descend(float[] row, int[] codes, float[] slots, double error) {
    double remaining = error;
    for (int group = 0; group < shape.groups(); group++) {
      levels.set(slots, shape.at(group), shape.offset());
      int to = shape.first(group + 1);
      for (int first = shape.first(group); first < to; first += BLOCK) {
        int end = Math.min(first + BLOCK, to);
        remaining += descend(row, codes, first, end);
        changes.addTo(gradient, 0, first);
        changes.addTo(gradient, end, gradient.length);
      }
    }
    return remaining;
  }

  /**
   * Moves the codes of a block, and takes the changes for the others; returns that of the error.
   */
  private double descend(float[] row, int[] codes, int from, int to) {
    double changed = 0;
    changes.clear();
    for (int col = from; col < to; col++) {
      float[] products = metric.products(col);
      float weight = row[col];
      float wanted = weight + errors[col] - gradient[col] / products[col];
      if (levels.isNearest(levels.index(codes[col]), wanted)) {
        continue;
      }
      int nearest = levels.nearest(wanted);
      float error = levels.value(nearest) - weight;
      float step = error - errors[col];
      double change = (double) step * (2 * gradient[col] + step * products[col]);
      if (change < 0) {
        codes[col] = levels.code(nearest);
        errors[col] = error;
        changed += change;
        RowSums.addMultiple(step, products, gradient, from, to);
        changes.take(col, step);
      }
    }
    return changed;
  }
}
