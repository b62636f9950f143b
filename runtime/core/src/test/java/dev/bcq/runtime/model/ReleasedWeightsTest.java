package dev.bcq.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.tensor.Matrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * The runtime reads from a file of a released version the weights that FORMAT.md defines: those
 * that a reader in another language, which was written from it, has found.
 */
class ReleasedWeightsTest {
  private static final Path FOLDER =
      Path.of("../../format/src/test/resources/dev/bcq/format/versions");

  private static String line(BcqFile file, MatrixEntry entry) {
    Matrix matrix = MatrixLoader.load(file, entry);
    float[] weights = new float[matrix.rows() * matrix.cols()];
    for (int row = 0; row < matrix.rows(); row++) {
      matrix.readRow(row, weights, row * matrix.cols());
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return String.format(
        Locale.ROOT, "%s %d %d %08x", entry.name(), matrix.rows(), matrix.cols(), crc.getValue());
  }

  @Test
  void version1HasTheWeightsThatOtherReadersFind() throws IOException {
    BcqFile file = BcqFile.open(FOLDER.resolve("version-1.bcq"));
    List<String> expected = Files.readAllLines(FOLDER.resolve("version-1.txt"));
    List<String> found =
        file.directory().matrices().stream()
            .map(matrix -> line(file, matrix))
            .collect(Collectors.toList());
    assertEquals(21, expected.size());
    assertEquals(expected, found);
  }
}
