package dev.bcq.converter.quantize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds scales whose signed sums contain given magnitudes.
 *
 * <p>If a scale c is known, every level is f + c or f - c for a level f of the other scales.
 * Wherever both are among the values, they differ by 2c; so the candidates for 2c are the
 * differences of values, those that occur most often first. Taking c away leaves the same problem
 * with one scale less, and as many magnitudes as scales always have a solution.
 */
final class SignedSums {
  private static final int MOST_CANDIDATES = 24;
  private static final int MOST_UNPAIRED = 8;
  private static final int MOST_STEPS = 20_000;

  private final double tolerance;
  private int steps;

  private SignedSums(double tolerance) {
    this.tolerance = tolerance;
  }

  /**
   * Returns scales, or null if none were found.
   *
   * @param magnitudes distinct, not negative, descending
   * @param planes number of scales
   * @param tolerance largest difference of equal values
   */
  static double @Nullable [] find(double[] magnitudes, int planes, double tolerance) {
    return new SignedSums(tolerance).solve(magnitudes, planes);
  }

  private double @Nullable [] solve(double[] magnitudes, int planes) {
    if (magnitudes.length <= planes) {
      return direct(magnitudes, planes);
    }
    if (magnitudes.length > 1L << (planes - 1) || steps++ > MOST_STEPS) {
      return null;
    }
    double[] values = mirrored(magnitudes);
    for (double difference : differences(values)) {
      double[] scales = peel(values, difference / 2, planes);
      if (scales != null) {
        return scales;
      }
    }
    return null;
  }

  /**
   * The largest magnitude is the sum of all scales; each other one lacks twice a scale of its own.
   */
  private static double[] direct(double[] magnitudes, int planes) {
    double[] scales = new double[planes];
    if (magnitudes.length > 0) {
      double first = magnitudes[0];
      for (int i = 1; i < magnitudes.length; i++) {
        scales[i] = (magnitudes[0] - magnitudes[i]) / 2;
        first -= scales[i];
      }
      scales[0] = Math.abs(first);
    }
    return scales;
  }

  private double[] mirrored(double[] magnitudes) {
    double[] values = new double[2 * magnitudes.length];
    int count = 0;
    for (double magnitude : magnitudes) {
      values[count++] = magnitude;
      if (magnitude > tolerance) {
        values[count++] = -magnitude;
      }
    }
    double[] result = Arrays.copyOf(values, count);
    Arrays.sort(result);
    return result;
  }

  private List<Double> differences(double[] values) {
    double[] all = new double[values.length * (values.length - 1) / 2];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < i; j++) {
        all[count++] = values[i] - values[j];
      }
    }
    Arrays.sort(all);
    record Candidate(double value, int times) {}
    List<Candidate> candidates = new ArrayList<>();
    for (int from = 0; from < count; ) {
      int to = from + 1;
      while (to < count && all[to] - all[to - 1] <= 2 * tolerance) {
        to++;
      }
      candidates.add(new Candidate(all[from + (to - from) / 2], to - from));
      from = to;
    }
    candidates.sort(Comparator.comparingInt((Candidate candidate) -> -candidate.times()));
    return candidates.stream().limit(MOST_CANDIDATES).map(Candidate::value).toList();
  }

  private double @Nullable [] peel(double[] values, double scale, int planes) {
    boolean[] paired = new boolean[values.length];
    List<Double> centers = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      int partner = paired[i] ? -1 : find(values, paired, values[i] + 2 * scale);
      if (partner > i) {
        paired[i] = true;
        paired[partner] = true;
        centers.add((values[i] + values[partner]) / 2);
      }
    }
    List<Double> alone = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (!paired[i] && values[i] >= -tolerance) {
        alone.add(values[i]);
      }
    }
    if (alone.size() > MOST_UNPAIRED) {
      return null;
    }
    for (int choice = 0; choice < 1 << alone.size(); choice++) {
      double[] magnitudes = magnitudes(centers, alone, choice, scale);
      if (magnitudes.length <= 1L << Math.max(planes - 2, 0)) {
        double[] rest = solve(magnitudes, planes - 1);
        if (rest != null) {
          double[] scales = Arrays.copyOf(rest, planes);
          scales[planes - 1] = scale;
          return scales;
        }
      }
    }
    return null;
  }

  private int find(double[] values, boolean[] taken, double wanted) {
    int at = Arrays.binarySearch(values, wanted - 2 * tolerance);
    for (int i = at < 0 ? -at - 1 : at; i < values.length; i++) {
      if (values[i] > wanted + 2 * tolerance) {
        return -1;
      }
      if (!taken[i]) {
        return i;
      }
    }
    return -1;
  }

  private double[] magnitudes(List<Double> centers, List<Double> alone, int choice, double scale) {
    double[] all = new double[centers.size() + alone.size()];
    int count = 0;
    for (double center : centers) {
      all[count++] = Math.abs(center);
    }
    for (int i = 0; i < alone.size(); i++) {
      double center = ((choice >> i) & 1) == 0 ? alone.get(i) - scale : alone.get(i) + scale;
      all[count++] = Math.abs(center);
    }
    return distinct(all, 2 * tolerance);
  }

  /** Returns distinct values, descending; {@code values} is sorted. */
  static double[] distinct(double[] values, double tolerance) {
    Arrays.sort(values);
    double[] result = new double[values.length];
    int count = 0;
    for (int i = values.length - 1; i >= 0; i--) {
      if (i == values.length - 1 || values[i + 1] - values[i] > tolerance) {
        result[count++] = values[i];
      }
    }
    return Arrays.copyOf(result, count);
  }
}
