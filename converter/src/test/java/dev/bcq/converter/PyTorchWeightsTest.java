package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.Provenance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models are the same, whether their weights are safetensors or files of PyTorch. */
class PyTorchWeightsTest {
  private static final String SAFETENSORS = "model.safetensors";

  @TempDir Path folder;

  private BcqDirectory convert(Path checkpoint, String bits) {
    Path output = folder.resolve("model.bcq");
    Conversion.run(Conversions.options(checkpoint, output, bits, null, 2));
    return BcqFile.open(output).directory();
  }

  /** Returns a copy of a folder without one of its files. */
  private Path copy(Path from, String without) throws IOException {
    Path to = Files.createDirectories(folder.resolve("copy"));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals(without) && Files.isRegularFile(file)) {
          Files.write(to.resolve(name), Files.readAllBytes(file));
        }
      }
    }
    return to;
  }

  private static Path fixture(String name) {
    return Path.of(
        System.getProperty("bcq.root"),
        "converter/src/test/resources/dev/bcq/converter/checkpoint/huggingface",
        name);
  }

  /** Everything is compared, blocks with their places and checksums, but the names of the files. */
  private static void assertSame(BcqDirectory expected, BcqDirectory found) {
    assertEquals(withoutSources(expected), withoutSources(found));
  }

  private static BcqDirectory withoutSources(BcqDirectory directory) {
    Provenance provenance = directory.provenance();
    return new BcqDirectory(
        directory.config(),
        directory.info(),
        new Provenance(
            provenance.converter(), provenance.family(), List.of(), provenance.options()),
        directory.generation(),
        directory.tasks(),
        directory.tokenizer(),
        directory.matrices(),
        directory.tensors(),
        directory.samples());
  }

  private static List<String> weights(BcqDirectory directory) {
    return directory.provenance().sources().stream()
        .map(Provenance.SourceFile::name)
        .filter(name -> !name.endsWith("config.json"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "t5-v1.0, 32",
    "t5-v1.0, 3",
    "t5-v1.1, 4",
    "t5-uneven, auto",
    "t5-untied, 2",
    "marian, 32",
    "marian, auto",
    "bart, 32",
    "mbart, 3",
    "m2m100, 32",
    "pegasus, 4",
    "umt5, 32"
  })
  void tinyModelsOfTransformersAreTheSame(String name, String bits) throws IOException {
    Path model = SharedData.path("data/hf-zoo/" + name);
    BcqDirectory expected = convert(model, bits);
    assertEquals(List.of(SAFETENSORS), weights(expected));
    BcqDirectory found = convert(copy(model, SAFETENSORS), bits);
    assertEquals(List.of("pytorch_model.bin"), weights(found));
    assertSame(expected, found);
  }

  @ParameterizedTest
  @CsvSource({"32", "auto"})
  void aModelOfTheProjectIsTheSame(String bits) throws IOException {
    BcqDirectory expected = convert(fixture("tiny-t5"), bits);
    assertEquals(List.of(SAFETENSORS), weights(expected));
    assertSame(expected, convert(copy(fixture("tiny-t5"), SAFETENSORS), bits));
    BcqDirectory sharded = convert(fixture("tiny-t5-sharded"), bits);
    assertEquals(
        List.of(
            "pytorch_model.bin.index.json",
            "pytorch_model-00001-of-00002.bin",
            "pytorch_model-00002-of-00002.bin"),
        weights(sharded));
    assertSame(expected, sharded);
  }

  @ParameterizedTest
  @CsvSource({
    "lm_head.weight, 'different: lm_head.weight; expected a copy of shared.weight, as tie'",
    "encoder.embed_tokens.weight, 'different: encoder.embed_tokens.weight; expected a copy of'",
    "decoder.embed_tokens.weight, 'different: decoder.embed_tokens.weight; expected a copy of'",
  })
  void copiesThatDifferAreNamed(String name, String message) throws IOException {
    Path model = copy(fixture("tiny-t5"), "pytorch_model.bin");
    Path weights = model.resolve(SAFETENSORS);
    // Another name for a matrix of the same shape that is something else.
    Path config = model.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"d_ff\": 12", "\"d_ff\": 20"));
    String changed = new String(Files.readAllBytes(weights), StandardCharsets.ISO_8859_1);
    String table =
        "\"shared.weight\": {\"dtype\": \"F32\", \"shape\": [20, 8], \"data_offsets\": [0, 640]}";
    assertTrue(changed.contains(table));
    String copy = table.replace("shared.weight", name).replace("[0, 640]", "[%d, %d]");
    Files.write(weights, withTensor(changed, copy));
    Path output = folder.resolve("model.bcq");
    CheckpointException e =
        assertThrows(
            CheckpointException.class,
            () -> Conversion.run(Conversions.options(model, output, "32", null, 1)));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  private static byte[] withTensor(String file, String entry) {
    int header = (file.charAt(0) & 0xff) | (file.charAt(1) & 0xff) << 8;
    String json = file.substring(8, 8 + header);
    String data = file.substring(8 + header);
    String added =
        json.substring(0, json.length() - 1)
            + ", "
            + entry.formatted(data.length(), data.length() + 640)
            + "}";
    String length =
        "" + (char) (added.length() & 0xff) + (char) (added.length() >> 8) + "\0".repeat(6);
    return (length + added + data + "?".repeat(640)).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void integersAreNoWeights() throws IOException {
    Path model = copy(fixture("tiny-t5"), "pytorch_model.bin");
    Path weights = model.resolve(SAFETENSORS);
    String file = new String(Files.readAllBytes(weights), StandardCharsets.ISO_8859_1);
    Files.write(
        weights, file.replaceFirst("\"F32\"", "\"I32\"").getBytes(StandardCharsets.ISO_8859_1));
    Path output = folder.resolve("model.bcq");
    CheckpointException e =
        assertThrows(
            CheckpointException.class,
            () -> Conversion.run(Conversions.options(model, output, "32", null, 1)));
    assertTrue(
        String.valueOf(e.getMessage()).contains("shared.weight has I32, expected floats"),
        e.getMessage());
  }
}
