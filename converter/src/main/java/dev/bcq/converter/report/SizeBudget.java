package dev.bcq.converter.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which parts of a file take its bytes. */
final class SizeBudget {
  static final String FLOATS = "norms, biases, tables";
  static final String REST = "tokenizer, directory";

  private final List<Share> shares = new ArrayList<>();

  /**
   * A part.
   *
   * @param name what it is
   * @param matrices its matrices, none if it is something else
   * @param parameters its weights
   * @param bytes all of its bytes
   * @param scaleBytes those of scales, offsets and the order of rows
   */
  record Share(
      String name, List<MatrixReport> matrices, long parameters, long bytes, long scaleBytes) {

    /** Returns what its matrices lose alone as they are stored, or null if one has no such loss. */
    @Nullable Double loss(MatrixLosses losses) {
      double sum = 0;
      for (MatrixReport matrix : matrices) {
        Double loss = losses.asStored(matrix);
        if (loss == null) {
          return null;
        }
        sum += loss;
      }
      return matrices.isEmpty() ? null : sum;
    }
  }

  SizeBudget(ConversionReport report) {
    Map<String, List<MatrixReport>> parts = new LinkedHashMap<>();
    for (MatrixReport matrix : report.matrices()) {
      parts
          .computeIfAbsent(MatrixPlace.of(matrix.name()).part(), part -> new ArrayList<>())
          .add(matrix);
    }
    parts.forEach(
        (name, matrices) ->
            shares.add(
                new Share(
                    name,
                    matrices,
                    matrices.stream().mapToLong(MatrixReport::weights).sum(),
                    matrices.stream().mapToLong(MatrixReport::bytes).sum(),
                    matrices.stream().mapToLong(MatrixReport::scaleBytes).sum())));
    long floatBytes = Float.BYTES * report.otherParameters();
    shares.add(new Share(FLOATS, List.of(), report.otherParameters(), floatBytes, 0));
    long rest = report.fileBytes() - report.matrixBytes() - floatBytes;
    if (report.fileBytes() > 0) {
      shares.add(new Share(REST, List.of(), 0, rest, 0));
    }
  }

  /** Returns the parts in the order of the file. */
  List<Share> shares() {
    return shares;
  }

  /** Returns how much of all bytes a part has. */
  String percent(Share share) {
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * share.bytes() / bytes());
  }

  /** Returns the bytes of all. */
  long bytes() {
    return shares.stream().mapToLong(Share::bytes).sum();
  }
}
