package dev.bcq.converter.report;

import dev.bcq.converter.allocate.Allocation;
import dev.bcq.converter.allocate.Plan;
import dev.bcq.converter.allocate.SizeChoice;
import dev.bcq.converter.calibrate.Calibration;
import dev.bcq.converter.calibrate.LossMeter.Loss;
import dev.bcq.converter.quantize.Candidate;
import dev.bcq.converter.quantize.Candidate.Solver;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.format.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Conversions with figures made by hand. */
final class Reports {
  static final int WIDTH = 64;
  static final double FLOAT_CROSS_ENTROPY = 0.628;

  /** What a matrix costs whose rows have different numbers of planes. */
  static final double DIVIDED_COST = 0.001234;

  private static final int MOST_PLANES = 6;

  private Reports() {}

  /** Returns a conversion of a model with a number of layers in its encoder and its decoder. */
  static ConversionReport plain(int layers) {
    return report(matrices(layers, false), 123_456, false, false);
  }

  /** Returns the same, of which no file was written. */
  static ConversionReport dry(int layers) {
    return report(matrices(layers, false), 0, false, false);
  }

  /** Returns the same, calibrated. */
  static ConversionReport calibrated(int layers) {
    return report(matrices(layers, true), 123_456, true, false);
  }

  /** Returns the same, calibrated, its bits divided. */
  static ConversionReport allocated(int layers) {
    return report(matrices(layers, true), 10_000_000, true, true);
  }

  static ConversionReport report(
      List<MatrixReport> matrices, long fileBytes, boolean calibrated, boolean allocated) {
    return new ConversionReport(
        "t5",
        List.of(new Provenance.Option("bits", "3"), new Provenance.Option("offset", "false")),
        matrices,
        1000,
        4 * fileBytes,
        fileBytes,
        calibrated ? new Calibration("pairs.tsv", Map.of(), 1000, 0, FLOAT_CROSS_ENTROPY) : null,
        List.of(),
        allocated ? allocation(matrices) : null);
  }

  private static List<MatrixReport> matrices(int layers, boolean calibrated) {
    List<MatrixReport> matrices = new ArrayList<>();
    matrices.add(matrix("embedding.weight", "6/4/3", 0.0151, calibrated));
    for (String stack : List.of("encoder", "decoder")) {
      for (int layer = 0; layer < layers; layer++) {
        String begin = stack + ".layers." + layer + ".";
        for (String block : List.of("self_attention", "cross_attention")) {
          for (String part : List.of("query", "key", "value", "output")) {
            if (block.startsWith("self") || stack.startsWith("dec")) {
              String planes = part.equals("value") ? "3" : "2";
              double error = planes.equals("3") ? 0.04 : 0.15 + 0.001 * layer;
              matrices.add(
                  matrix(begin + block + "." + part + ".weight", planes, error, calibrated));
            }
          }
        }
        matrices.add(matrix(begin + "feed_forward.up.weight", "2", 0.148, calibrated));
        matrices.add(matrix(begin + "feed_forward.down.weight", "4", 0.012, calibrated));
      }
    }
    return matrices;
  }

  static MatrixReport matrix(String name, String planes, double error, boolean calibrated) {
    int count = planes.charAt(0) - '0';
    long scaleBytes = WIDTH * (count + 1L) * 2;
    return new MatrixReport(
        name,
        WIDTH,
        WIDTH,
        planes,
        false,
        error,
        WIDTH * (WIDTH / 8L) * count + scaleBytes,
        scaleBytes,
        calibrated
            ? List.of(
                new Candidate(Solver.FEEDBACK, error / 7),
                new Candidate(Solver.ALTERNATING, error / 3))
            : List.of());
  }

  private static Allocation allocation(List<MatrixReport> matrices) {
    Map<String, RowDivision> divisions = new LinkedHashMap<>();
    Map<String, double[]> losses = new LinkedHashMap<>();
    Map<String, Double> costs = new LinkedHashMap<>();
    for (int i = 0; i < matrices.size(); i++) {
      String name = matrices.get(i).name();
      divisions.put(name, RowDivision.whole(matrices.get(i).storage().charAt(0) - '0', WIDTH));
      double[] byPlanes = new double[MOST_PLANES + 1];
      for (int planes = 1; planes <= MOST_PLANES; planes++) {
        byPlanes[planes] = (i == 0 ? 0.3 : 0.01 / (1 + i % 11)) * Math.pow(4, -planes);
      }
      losses.put(name, byPlanes);
      String storage = matrices.get(i).storage();
      costs.put(name, storage.length() > 1 ? DIVIDED_COST : byPlanes[storage.charAt(0) - '0']);
    }
    return new Allocation(
        new Plan(0, true, divisions),
        losses,
        costs,
        List.of(
            size(11.731, 3.91, 0.0049, 0.0075, false),
            size(10.000, 3.40, 0.0092, 0.0155, true),
            size(8.934, 2.889, 0.0173, 0.0383, false)),
        FLOAT_CROSS_ENTROPY);
  }

  private static SizeChoice size(
      double megabytes, double bits, double predicted, double measured, boolean chosen) {
    Loss loss = new Loss(measured, FLOAT_CROSS_ENTROPY + 1.2 * measured);
    return new SizeChoice(Math.round(megabytes * 1e6), bits, predicted, loss, chosen);
  }
}
