package dev.bcq.converter.checkpoint.fairseq;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.CheckpointReaders;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.KernelAgreement;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.report.ConversionReport;
import dev.bcq.converter.report.MatrixReport;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of fairseq in few bits. */
class FairseqQuantizedTest {
  private static final String SEED = "data/seed-fairseq/";

  @TempDir Path folder;

  private ConversionReport convert(String variant, String bits) {
    JsonNode golden = SharedData.json(SEED + variant + "/golden.json.gz");
    return Conversions.convert(
        FairseqGoldensTest.input(variant, golden), folder.resolve("model.bcq"), bits);
  }

  @ParameterizedTest
  @CsvSource({
    "post-ln-args-legacy, 4",
    "post-ln-args-legacy, 2",
    "post-ln-cfg-fp16, 4",
    "post-ln-cfg-fp16, 2",
    "pre-ln-shared-cfg, 4",
    "pre-ln-shared-cfg, 2",
    "quant-noise-pq, 4",
    "quant-noise-pq, 2",
    "quant-noise-scalar, 4",
    "quant-noise-scalar, 2",
    "ipq, 4",
    "ipq, 2"
  })
  void allKernelsFindTheSame(String variant, String bits) {
    convert(variant, bits);
    JsonNode golden = SharedData.json(SEED + variant + "/golden.json.gz");
    JsonNode cases =
        golden.get(golden.has("float") ? "float" : "float_of_fp16_weights").get("cases");
    List<int[]> sources =
        StreamSupport.stream(cases.spliterator(), false)
            .limit(6)
            .map(each -> each.get("src_ids"))
            .map(
                ids ->
                    StreamSupport.stream(ids.spliterator(), false)
                        .mapToInt(JsonNode::asInt)
                        .toArray())
            .toList();
    KernelAgreement.assertSame(folder.resolve("model.bcq"), sources);
  }

  @Test
  void int8CostsWeightsTrainedForItNoMoreThanTheirOwnStep() {
    ConversionReport report = convert("quant-noise-scalar", "int8");
    Path input = SharedData.path(SEED + "quant-noise-scalar");
    try (Arena arena = Arena.ofConfined()) {
      Checkpoint checkpoint =
          CheckpointReaders.read(null, new CheckpointInput(input, null, null, Map.of()), arena);
      for (MatrixReport matrix : report.matrices()) {
        TensorSource source = Objects.requireNonNull(checkpoint.matrices().get(matrix.name()));
        float least = 0;
        float most = 0;
        double squares = 0;
        for (float value : source.readAll()) {
          least = Math.min(least, value);
          most = Math.max(most, value);
          squares += (double) value * value;
        }
        // fairseq rounds to 255 steps over the range of a whole matrix: an error of step^2 / 12.
        double step = (most - least) / 255.0;
        double ownError = step * step / 12 / (squares / source.count());
        assertTrue(
            matrix.relativeError() <= ownError,
            matrix.name() + ": " + matrix.relativeError() + " > " + ownError);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "4"})
  void productQuantizedModelsAreQuantizedAgain(String bits) {
    ConversionReport report = convert("ipq", bits);
    for (MatrixReport matrix : report.matrices()) {
      assertTrue(
          matrix.relativeError() < (bits.equals("4") ? 0.02 : 0.05),
          matrix.name() + ": " + matrix.relativeError());
    }
  }
}
