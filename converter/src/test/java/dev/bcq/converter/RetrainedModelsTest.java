package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.huggingface.HuggingFaceReader;
import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retrained checkpoints are taken over without loss. */
class RetrainedModelsTest {

  @TempDir Path folder;

  private static float[] floats(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bcq3", "bcq2", "bcqmixed"})
  void everyMatrixIsRecovered(String name) throws Exception {
    String shared = "models/tatoeba-en-de-small-" + name;
    BcqFile file = Conversions.convert(shared, folder, "auto");
    BcqDirectory directory = file.directory();
    try (Arena arena = Arena.ofConfined()) {
      Checkpoint checkpoint = HuggingFaceReader.read(SharedData.path(shared), arena);
      assertEquals(checkpoint.matrices().size(), directory.matrices().size());
      for (MatrixEntry entry : directory.matrices()) {
        assertTrue(entry.recovered(), entry.name());
        MatrixEntry.BitPlanes planes = (MatrixEntry.BitPlanes) entry.storage();
        MatrixEntry.RowBlock rows = planes.blocks().get(0);
        BcqMatrix matrix =
            new BcqMatrix(
                List.of(
                    new BitPlaneBlock(
                        0,
                        rows.rows(),
                        entry.cols(),
                        rows.planes(),
                        0,
                        false,
                        file.block(rows.bits()),
                        floats(file.block(rows.scales())))),
                null);
        float[] original =
            Objects.requireNonNull(checkpoint.matrices().get(entry.name())).readAll();
        float[] row = new float[entry.cols()];
        float largest = 0;
        float error = 0;
        for (int i = 0; i < entry.rows(); i++) {
          matrix.readRow(i, row, 0);
          for (int j = 0; j < row.length; j++) {
            float weight = original[i * row.length + j];
            largest = Math.max(largest, Math.abs(weight));
            error = Math.max(error, Math.abs(weight - row[j]));
          }
        }
        assertTrue(error <= 2e-6f * largest, entry.name() + ": " + error + " of " + largest);
      }
    }
    assertTrue(Files.size(folder.resolve("model.bcq")) <= 4_600_000);
  }

  @Test
  void fewerPlanesThanThereAreNeedTheUsersWord() {
    Path input = SharedData.path("models/tatoeba-en-de-small-bcq3");
    Path output = folder.resolve("m.bcq");
    QuantizationException e =
        assertThrows(
            QuantizationException.class,
            () -> Conversion.run(Conversions.options(input, output, "2", null, 2)));
    assertTrue(String.valueOf(e.getMessage()).contains("3 planes already"), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains("--requantize"), e.getMessage());
  }

  @Test
  void theDefaultModelOfTheProjectIsTheRetrainedOne() {
    BcqFile expected = Conversions.convert("models/tatoeba-en-de-small-bcqmixed", folder, "auto");
    BcqFile found = BcqFile.open(Path.of(System.getProperty("bcq.default.model", "none")));
    assertEquals(expected.directory().matrices(), found.directory().matrices());
    assertEquals(expected.directory().tensors(), found.directory().tensors());
  }
}
