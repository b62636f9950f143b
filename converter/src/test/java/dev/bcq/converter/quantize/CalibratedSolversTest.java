package dev.bcq.converter.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.quantize.Candidate.Solver;
import dev.bcq.converter.quantize.QuantizationOptions.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibratedSolversTest {
  private static final int COLS = 96;
  private static final List<RowShape> SHAPES =
      List.of(
          new RowShape(COLS, 1, COLS, false, true),
          new RowShape(COLS, 3, COLS, true, true),
          new RowShape(COLS, 4, 64, false, false),
          new RowShape(COLS, 2, 32, true, true),
          new RowShape(COLS, 6, COLS, false, true));

  /** Inputs of which each is like the one before, to a degree. */
  private static SecondMoments moments(long seed, double likeness, int tokens) {
    Random random = new Random(seed);
    SecondMoments moments = new SecondMoments(COLS);
    float[] x = new float[tokens * COLS];
    for (int i = 0; i < x.length; i++) {
      double fresh = Math.sqrt(1 - likeness * likeness) * random.nextGaussian();
      x[i] = (float) (i % COLS == 0 ? random.nextGaussian() : likeness * x[i - 1] + fresh);
    }
    moments.add(x, tokens);
    return moments;
  }

  private static InputMoments inputs(long seed, double likeness, int tokens) {
    return new InputMoments(
        moments(seed, likeness, tokens), moments(seed + 1000, likeness, tokens), 0);
  }

  private static float[] row(long seed) {
    Random random = new Random(seed);
    float[] row = new float[COLS];
    for (int i = 0; i < COLS; i++) {
      row[i] = (float) random.nextGaussian();
    }
    return row;
  }

  private static double[] errors(float[] row, int[] codes, float[] slots, RowShape shape) {
    Levels levels = new Levels(shape.planes());
    double[] errors = new double[COLS];
    for (int col = 0; col < COLS; col++) {
      int at = shape.at(col / shape.groupSize());
      errors[col] = (double) levels.sum(codes[col], slots, at, shape.offset()) - row[col];
    }
    return errors;
  }

  private static double error(
      float[] row, int[] codes, float[] slots, RowShape shape, OutputMetric metric) {
    double[] errors = errors(row, codes, slots, shape);
    double sum = 0;
    for (int i = 0; i < COLS; i++) {
      for (int j = 0; j < COLS; j++) {
        sum += errors[i] * metric.products(i)[j] * errors[j];
      }
    }
    return sum;
  }

  private static void assertGradient(
      float[] row,
      int[] codes,
      float[] slots,
      RowShape shape,
      OutputMetric metric,
      OutputErrorSolver solver,
      String what) {
    double[] errors = errors(row, codes, slots, shape);
    for (int i = 0; i < COLS; i++) {
      double sum = 0;
      double magnitudes = 0;
      for (int j = 0; j < COLS; j++) {
        sum += errors[j] * metric.products(i)[j];
        magnitudes += Math.abs(errors[j] * metric.products(i)[j]);
      }
      assertEquals(sum, solver.gradient()[i], 1e-5 * magnitudes, what + ", column " + i);
    }
  }

  @Test
  void theFactorIsThatOfTheInverse() {
    OutputMetric metric = new OutputMetric(inputs(3, 0.9, 300));
    for (int i = 0; i < COLS; i++) {
      for (int j = 0; j < COLS; j++) {
        double sum = 0;
        for (int k = 0; k < COLS; k++) {
          for (int l = 0; l < COLS; l++) {
            double product = (double) metric.feedback(i)[k] * metric.products(k)[l];
            sum += product * metric.feedback(j)[l];
          }
        }
        assertEquals(i == j ? 1 : 0, sum, 1e-5, i + ", " + j);
      }
    }
  }

  @Test
  void noStepRaisesTheErrorOfTheOutput() {
    for (long seed = 0; seed < 40; seed++) {
      OutputMetric metric = new OutputMetric(inputs(seed, seed % 10 / 10.0, 200));
      float[] row = row(seed);
      for (RowShape shape : SHAPES) {
        String what = shape + ", seed " + seed;
        int[] codes = new int[COLS];
        float[] slots = new float[shape.groups() * shape.slots()];
        FeedbackSolver start = new FeedbackSolver(shape, metric);
        OutputErrorSolver solver = new OutputErrorSolver(shape, metric, start);
        start.solve(row, codes, slots);
        double error = error(row, codes, slots, shape, metric);
        assertEquals(error, solver.measure(row, codes, slots), 1e-5 * error, what);
        for (int round = 0; round < 4; round++) {
          double refitted = solver.refit(row, codes, slots, error);
          assertTrue(refitted <= error, what);
          assertEquals(error(row, codes, slots, shape, metric), refitted, 1e-5 * refitted, what);
          assertGradient(row, codes, slots, shape, metric, solver, what);
          error = solver.descend(row, codes, slots, refitted);
          assertTrue(error <= refitted, what);
          assertEquals(error(row, codes, slots, shape, metric), error, 1e-5 * error, what);
          assertGradient(row, codes, slots, shape, metric, solver, what);
        }
        for (int i = 0; i < slots.length; i++) {
          assertEquals(shape.stored(slots[i]), slots[i], what);
          boolean follows = i % shape.slots() > 0 && i % shape.slots() < shape.planes();
          assertTrue(!follows || (slots[i] >= 0 && slots[i - 1] >= slots[i]), what);
        }
      }
    }
  }

  @Test
  void likeInputsLetWeightsMakeUpForEachOther() {
    RowSolvers solvers = new RowSolvers(inputs(5, 0.9, 2000));
    OutputMetric metric = new OutputMetric(inputs(5, 0.9, 2000));
    for (RowShape shape : SHAPES) {
      double alternating = 0;
      double feedback = 0;
      for (long seed = 0; seed < 16; seed++) {
        float[] row = row(seed);
        int[] codes = new int[COLS];
        float[] slots = new float[shape.groups() * shape.slots()];
        solvers.of(Solver.ALTERNATING, shape).solve(row, codes, slots);
        alternating += error(row, codes, slots, shape, metric);
        solvers.of(Solver.FEEDBACK, shape).solve(row, codes, slots);
        feedback += error(row, codes, slots, shape, metric);
      }
      assertTrue(feedback < 0.8 * alternating, shape + ": " + feedback + ", " + alternating);
    }
  }

  @Test
  void equalImportanceGivesTheSolutionWithoutImportance() {
    double[] ones = new double[COLS];
    Arrays.fill(ones, 1);
    for (long seed = 0; seed < 20; seed++) {
      for (RowShape shape : SHAPES) {
        float[] row = row(seed);
        int[] codes = new int[COLS];
        int[] weightedCodes = new int[COLS];
        float[] slots = new float[shape.groups() * shape.slots()];
        float[] weightedSlots = slots.clone();
        new GroupwiseSolver(shape, Method.ALTERNATING, null).solve(row, codes, slots);
        new GroupwiseSolver(shape, Method.ALTERNATING, ones)
            .solve(row, weightedCodes, weightedSlots);
        assertArrayEquals(slots, weightedSlots, shape + ", seed " + seed);
        assertArrayEquals(codes, weightedCodes, shape + ", seed " + seed);
      }
    }
  }

  private static EncodedMatrix.BitPlanes encode(InputMoments moments) {
    MatrixEncoder encoder =
        new MatrixEncoder(
            "test", 32, COLS, (row, into) -> System.arraycopy(row(row), 0, into, 0, COLS), moments);
    QuantizationOptions options = new QuantizationOptions(0, false, Method.ALTERNATING, false);
    return (EncodedMatrix.BitPlanes) encoder.quantize(3, options);
  }

  @Test
  void theCandidateWithTheLeastErrorOnHeldOutInputsIsTaken() {
    assertEquals(Solver.FEEDBACK, encode(inputs(7, 0.8, 1000)).candidates().get(0).solver());
    EncodedMatrix.BitPlanes overfitted = encode(inputs(7, 0, 20));
    assertEquals(Solver.ALTERNATING, overfitted.candidates().get(0).solver());
    assertEquals(3, overfitted.candidates().size());
    overfitted
        .candidates()
        .forEach(
            candidate ->
                assertTrue(
                    candidate.outputError() >= overfitted.candidates().get(0).outputError()));
    MatrixEncoder dataFree =
        new MatrixEncoder(
            "test", 32, COLS, (row, into) -> System.arraycopy(row(row), 0, into, 0, COLS), null);
    EncodedMatrix.BitPlanes without =
        (EncodedMatrix.BitPlanes)
            dataFree.quantize(3, new QuantizationOptions(0, false, Method.ALTERNATING, false));
    assertEquals(without.blocks().get(0).bits(), overfitted.blocks().get(0).bits());
    assertEquals(without.blocks().get(0).scales(), overfitted.blocks().get(0).scales());
  }

  @Test
  void inputsThatAreAllZeroAreNoTrouble() {
    SecondMoments nothing = new SecondMoments(COLS);
    nothing.add(new float[COLS], 1);
    assertEquals(
        0, encode(new InputMoments(nothing, nothing, 0)).candidates().get(0).outputError());
  }
}
