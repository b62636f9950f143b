package dev.bcq.cli;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Float32;
import dev.bcq.format.MatrixEntry.Int8;
import java.util.stream.Collectors;

/**
 * How much a model's weights take.
 *
 * @param directory the model
 */
record ModelSizes(BcqDirectory directory) {

  /** Returns the number of weights in matrices. */
  long weights() {
    return directory.matrices().stream()
        .mapToLong(matrix -> (long) matrix.rows() * matrix.cols())
        .sum();
  }

  /** Returns the number of all weights. */
  long parameters() {
    return weights()
        + directory.tensors().stream().mapToLong(tensor -> tensor.values().length() / 4).sum();
  }

  /** Returns 8 x all bytes of the matrices / their weights. */
  double bitsPerWeight() {
    return 8.0 * directory.matrices().stream().mapToLong(ModelSizes::bytes).sum() / weights();
  }

  /** Returns the bytes of a matrix: planes, scales, offsets, padding, permutation. */
  static long bytes(MatrixEntry matrix) {
    if (matrix.storage() instanceof BitPlanes planes) {
      long permutation = planes.permutation() == null ? 0 : planes.permutation().length();
      return permutation
          + planes.blocks().stream()
              .mapToLong(block -> block.bits().length() + block.scales().length())
              .sum();
    }
    if (matrix.storage() instanceof Int8 int8) {
      return int8.values().length() + int8.scales().length();
    }
    return 4L * matrix.rows() * matrix.cols();
  }

  /** Returns the storage of a matrix in words. */
  static String storage(MatrixEntry matrix) {
    if (matrix.storage() instanceof BitPlanes planes) {
      String counts =
          planes.blocks().stream()
              .map(block -> String.valueOf(block.planes()))
              .collect(Collectors.joining("/"));
      return counts + (counts.equals("1") ? " plane" : " planes");
    }
    return matrix.storage() instanceof Float32 ? "float32" : "int8";
  }
}
