package dev.bcq.converter.allocate;

import dev.bcq.console.Progress;
import dev.bcq.converter.calibrate.LossMeter;
import dev.bcq.converter.calibrate.RunnableMatrix;
import dev.bcq.converter.calibrate.TokenUse;
import dev.bcq.converter.calibrate.Workers;
import dev.bcq.converter.quantize.Candidate.Solver;
import dev.bcq.converter.quantize.EncodedMatrix;
import dev.bcq.converter.quantize.ErrorEstimate;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.format.BitPlaneLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes the items of a model: what each number of planes takes, and loses.
 *
 * <p>The loss of a matrix alone is the error of its outputs times a factor of its own. That holds
 * from 2 to 4 planes within a tenth (docs/quantization.md), so that one measurement tells all: the
 * divergence of the float model from one in which this matrix has {@value #PROBED_PLANES} planes.
 * Without sentences the factor is one that matrices of the kind have in other models.
 *
 * <p>Matrices with a row for each token are divided into tiles of rows; how much a row counts is
 * how often its token is used.
 */
final class LossTable {
  private static final int PROBED_PLANES = 3;

  private final List<QuantizableMatrix> matrices;
  private final QuantizationOptions options;
  private final Workers workers;

  LossTable(List<QuantizableMatrix> matrices, QuantizationOptions options, Workers workers) {
    this.matrices = matrices;
    this.options = options;
    this.workers = workers;
  }

  /** Returns the items as they are without sentences. */
  List<Item> assumed(TokenUse use) {
    return items(use, matrices.stream().map(AssumedSensitivity::of).toList());
  }

  /** Measures the items. */
  List<Item> measured(TokenUse use, LossMeter meter) {
    List<EncodedMatrix.BitPlanes> probes = workers.map(matrices, this::probe);
    List<Double> sensitivities = new ArrayList<>();
    try (Progress progress = Progress.of("measuring", matrices.size(), " matrices", 1)) {
      for (int i = 0; i < matrices.size(); i++) {
        QuantizableMatrix matrix = matrices.get(i);
        EncodedMatrix.BitPlanes probe = probes.get(i);
        double divergence =
            meter
                .measure(Map.of(matrix.name(), RunnableMatrix.of(probe, matrix.cols())))
                .divergence();
        double error = probe.candidates().get(0).outputError();
        sensitivities.add(error > 0 ? divergence / error : 0);
        progress.add(1);
      }
    }
    return items(use, sensitivities);
  }

  private EncodedMatrix.BitPlanes probe(QuantizableMatrix matrix) {
    return matrix.encode(RowDivision.whole(PROBED_PLANES, matrix.rows()), options, Solver.WEIGHTED);
  }

  private List<Item> items(TokenUse use, List<Double> sensitivities) {
    try (Progress progress = Progress.of("foreseeing errors", matrices.size(), " matrices", 1)) {
      return workers
          .map(
              IntStream.range(0, matrices.size()).boxed().toList(),
              i -> {
                QuantizableMatrix matrix = matrices.get(i);
                ErrorEstimate estimate = matrix.estimate(options);
                List<Item> items =
                    TokenUse.hasTokens(matrix.name())
                        ? tiles(matrix, estimate, use, sensitivities.get(i))
                        : List.of(whole(matrix, estimate, sensitivities.get(i)));
                progress.add(1);
                return items;
              })
          .stream()
          .flatMap(List::stream)
          .toList();
    }
  }

  private Item whole(QuantizableMatrix matrix, ErrorEstimate estimate, double sensitivity) {
    return new Item(matrix.name(), null, bytes(matrix, matrix.rows()), estimate.relative())
        .times(sensitivity);
  }

  private List<Item> tiles(
      QuantizableMatrix matrix, ErrorEstimate estimate, TokenUse use, double sensitivity) {
    double[][] errors = estimate.relativeOfRows();
    double[] shares = use.ofRows(matrix.name());
    double[] probed = errors[PROBED_PLANES];
    double sum = 0;
    double weighted = 0;
    for (int row = 0; row < matrix.rows(); row++) {
      sum += probed[row];
      weighted += shares[row] * probed[row];
    }
    double factor = weighted > 0 ? sensitivity * sum / weighted : 0;
    int[] order =
        IntStream.range(0, matrix.rows())
            .boxed()
            .sorted(Comparator.comparingDouble(row -> -shares[row] * probed[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<Item> items = new ArrayList<>();
    for (int first = 0; first < order.length; first += BitPlaneLayout.TILE_ROWS) {
      int count = Math.min(BitPlaneLayout.TILE_ROWS, order.length - first);
      int[] rows = new int[count];
      double[] losses = new double[BitPlaneLayout.MAX_PLANES + 1];
      for (int i = 0; i < count; i++) {
        rows[i] = order[first + i];
        for (int planes = 1; planes < losses.length; planes++) {
          losses[planes] += factor * shares[rows[i]] * errors[planes][rows[i]];
        }
      }
      items.add(new Item(matrix.name(), rows, bytes(matrix, count), losses));
    }
    return items;
  }

  private long[] bytes(QuantizableMatrix matrix, int rows) {
    return IntStream.rangeClosed(0, BitPlaneLayout.MAX_PLANES)
        .mapToLong(planes -> planes == 0 ? 0 : FileSize.ofBlock(matrix, rows, planes, options))
        .toArray();
  }

  /** Returns the losses of each matrix by number of planes, all of its items together. */
  static Map<String, double[]> losses(List<Item> items) {
    return items.stream()
        .collect(
            Collectors.toMap(
                Item::matrix,
                Item::losses,
                (a, b) -> IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray(),
                LinkedHashMap::new));
  }
}
