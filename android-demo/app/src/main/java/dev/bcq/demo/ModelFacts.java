package dev.bcq.demo;

import android.os.Build;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.kernels.KernelRegistry;
import java.util.List;
import java.util.Locale;

/**
 * What the information screen says of a model and its kernels. Making one probes the kernels: not
 * for the main thread.
 */
final class ModelFacts {
  private final LoadedModel model;
  private final String instructions;
  private final String reasons;

  ModelFacts(LoadedModel model) {
    Session.requireWorker("probing kernels");
    this.model = model;
    KernelRegistry registry = KernelRegistry.load();
    this.instructions = registry.choose(model.translator().kernels()).probe().detail();
    this.reasons = registry.report();
  }

  LoadedModel model() {
    return model;
  }

  /** Returns what the kernels in use run on. */
  String instructions() {
    return instructions;
  }

  /** Returns which kernels could be used, and why not. */
  String reasons() {
    return reasons;
  }

  /** Returns the kinds of processor that the device has, best first. */
  String processor() {
    return String.join(", ", Build.SUPPORTED_ABIS);
  }

  List<MatrixEntry> matrices() {
    return model.directory().matrices();
  }

  /** Returns the weights of all matrices. */
  long weights() {
    return matrices().stream().mapToLong(ModelFacts::weights).sum();
  }

  /** Returns bits per weight, scales included. */
  double bits() {
    return 8.0
        * matrices().stream().mapToLong(MatrixEntry::storedBytes).sum()
        / Math.max(1, weights());
  }

  /** Returns bits per weight without scales, to one decimal, as desktops' benchmarks give them. */
  double bitsWithoutScales() {
    long bits = matrices().stream().mapToLong(MatrixEntry::weightBits).sum();
    return Math.round(10.0 * bits / Math.max(1, weights())) / 10.0;
  }

  private static long weights(MatrixEntry matrix) {
    return (long) matrix.rows() * matrix.cols();
  }

  /** Returns bits per weight of a matrix, scales included. */
  static double bits(MatrixEntry matrix) {
    return 8.0 * matrix.storedBytes() / Math.max(1, weights(matrix));
  }

  /** Returns a size for people. */
  static String megabytes(long bytes) {
    return String.format(Locale.getDefault(), "%.1f MB", bytes / 1e6);
  }
}
