package dev.bcq.benchmarks.measure;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.Float32;
import dev.bcq.format.MatrixEntry.Int8;
import java.nio.file.Path;
import java.util.List;

/**
 * A model to measure.
 *
 * @param name what tables call it
 * @param bits of a weight, as {@code --bits} takes them
 * @param path its file
 * @param file the file, open
 */
public record BenchModel(String name, String bits, Path path, BcqFile file) {
  /** Opens a file whose bits are known. */
  public static BenchModel open(String name, String bits, Path path) {
    return new BenchModel(name, bits, path, BcqFile.open(path));
  }

  /**
   * Opens a file. Its bits are the mean over all matrices, without scales and padding, to one
   * decimal.
   */
  public static BenchModel open(String name, Path path) {
    BcqFile file = BcqFile.open(path);
    return new BenchModel(name, bits(file.directory().matrices()), path, file);
  }

  /** Returns whether all matrices are dense float32. */
  public boolean isFloat32() {
    return matrices().stream().allMatch(matrix -> matrix.storage() instanceof Float32);
  }

  /** Returns whether all matrices are dense int8. */
  public boolean isInt8() {
    return matrices().stream().allMatch(matrix -> matrix.storage() instanceof Int8);
  }

  private static String bits(List<MatrixEntry> matrices) {
    if (matrices.stream().allMatch(matrix -> matrix.storage() instanceof Int8)) {
      return "int8";
    }
    double sum = 0;
    double weights = 0;
    for (MatrixEntry matrix : matrices) {
      sum += matrix.weightBits();
      weights += (double) matrix.rows() * matrix.cols();
    }
    double mean = Math.round(10 * sum / weights) / 10.0;
    return mean == Math.rint(mean) ? String.valueOf((int) mean) : String.valueOf(mean);
  }

  BcqDirectory directory() {
    return file.directory();
  }

  private List<MatrixEntry> matrices() {
    return directory().matrices();
  }
}
