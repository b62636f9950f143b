package dev.bcq.cli;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Float32;
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
    return 8.0
        * directory.matrices().stream().mapToLong(MatrixEntry::storedBytes).sum()
        / weights();
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
