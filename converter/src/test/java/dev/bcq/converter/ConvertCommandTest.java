package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.converter.Commands.Outcome;
import dev.bcq.format.BcqFile;
import dev.bcq.runtime.GoldenSamples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {

  @TempDir Path folder;

  private Outcome run(Path input, String... options) {
    String[] args = Arrays.copyOf(options, options.length + 2);
    args[options.length] = input.toString();
    args[options.length + 1] = folder.resolve("out/model.bcq").toString();
    return run(args);
  }

  private Outcome run(String... args) {
    try {
      Files.createDirectories(folder.resolve("out"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Commands.convert(args);
  }

  /** The command ends with code 1, one message that says this, and no file. */
  private void assertRefused(Path input, String message, String... options) throws IOException {
    run(input, options).fails(1, message);
    try (Stream<Path> left = Files.list(folder.resolve("out"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  private Path tiny() {
    return new TinyCheckpoint(1).write(folder.resolve("tiny"));
  }

  @Test
  void aConvertedFileGivesItsGoldenSamples() {
    for (String bits : List.of("auto", "1", "8", "32", "int8", "chung-kim", "embedding=int8,*=2")) {
      Outcome outcome = run(tiny(), "--force", "--bits", bits);
      assertEquals(0, outcome.code(), outcome.err());
      BcqFile file = BcqFile.open(folder.resolve("out/model.bcq"));
      file.verifyChecksums();
      List<GoldenSamples.Result> samples = GoldenSamples.check(file);
      assertEquals(3, samples.size());
      samples.forEach(sample -> assertTrue(sample.same(), bits));
    }
  }

  @Test
  void groupsOffsetsAndGreedyAreStoredAndComputed() {
    for (List<String> options :
        List.of(
            List.of("--bits", "2", "--group", "64", "--offset"),
            List.of("--bits", "3", "--group", "128", "--method", "greedy"))) {
      assertEquals(
          0,
          run(tiny(), Stream.concat(options.stream(), Stream.of("--force")).toArray(String[]::new))
              .code());
      GoldenSamples.check(BcqFile.open(folder.resolve("out/model.bcq")))
          .forEach(sample -> assertTrue(sample.same(), options.toString()));
    }
  }

  @Test
  void theSameInputAndOptionsGiveTheSameBytesWithAnyNumberOfThreads() throws IOException {
    Path input = tiny();
    byte[] first = null;
    for (int threads : new int[] {1, 2, 5}) {
      Path output = folder.resolve("threads.bcq");
      Conversion.run(Conversions.options(input, output, "3", null, threads));
      byte[] bytes = Files.readAllBytes(output);
      first = first == null ? bytes : first;
      assertArrayEquals(first, bytes, threads + " threads");
    }
  }

  @Test
  void anExistingOutputIsKeptWithoutForce() throws IOException {
    Path input = tiny();
    assertEquals(0, run(input, "--bits", "2").code());
    byte[] first = Files.readAllBytes(folder.resolve("out/model.bcq"));
    Outcome second = run(input, "--bits", "3");
    assertEquals(1, second.code());
    assertTrue(second.err().contains("exists already"), second.err());
    assertArrayEquals(first, Files.readAllBytes(folder.resolve("out/model.bcq")));
    assertEquals(0, run(input, "--bits", "3", "--force").code());
  }

  @Test
  void aDryRunReportsAndWritesNothing() throws IOException {
    Outcome outcome = run(tiny(), "--dry-run", "--json", "--bits", "3");
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode report = new ObjectMapper().readTree(outcome.out());
    assertEquals("t5", report.get("family").asText());
    assertEquals("3", report.get("matrices").get(0).get("storage").asText());
    double bits = 8.0 * report.get("matrixBytes").asLong() / matrixWeights(report.get("matrices"));
    assertEquals(bits, report.get("bitsPerWeight").asDouble(), 1e-9);
    assertFalse(Files.exists(folder.resolve("out/model.bcq")));
  }

  private static long matrixWeights(JsonNode matrices) {
    long weights = 0;
    for (JsonNode matrix : matrices) {
      weights += matrix.get("rows").asLong() * matrix.get("cols").asLong();
    }
    return weights;
  }

  @Test
  void storedDefaultsAndTheMissingTokenizerAreReported() {
    Outcome outcome =
        run(
            tiny(),
            "--name",
            "tiny",
            "--languages",
            "en:de,fr",
            "--license",
            "MIT",
            "--attribution",
            "me",
            "--prefix",
            "say: ",
            "--beam",
            "2",
            "--max-tokens",
            "9");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("warning: the folder has no tokenizer"), outcome.err());
    BcqFile file = BcqFile.open(folder.resolve("out/model.bcq"));
    assertEquals("tiny", file.directory().info().name());
    assertEquals(List.of("de", "fr"), file.directory().info().targetLanguages());
    assertEquals("MIT", file.directory().info().license());
    assertEquals("me", file.directory().info().attribution());
    assertEquals("say: ", file.directory().generation().prefix());
    assertEquals(2, file.directory().generation().beams());
    assertEquals(9, file.directory().generation().maxTokens());
  }

  @Test
  void wrongUsageHasCode2() {
    assertEquals(2, run("--group", "7", "a", "b").code());
    assertEquals(2, run("only-input").code());
    assertEquals(2, run("--languages", "en", "a", "b").code());
    assertEquals(2, run("--nonsense").code());
    assertEquals(2, run("--bits", "9", "a", "b").code());
    assertEquals(0, run("--help").code());
  }

  @Test
  void foldersWithoutAModelAreRefused() throws IOException {
    assertRefused(folder.resolve("nowhere"), "does not exist");
    assertRefused(
        Files.createDirectories(folder.resolve("empty")), "is no checkpoint of a known kind");
    Path noWeights = tiny();
    Files.delete(noWeights.resolve("model.safetensors"));
    assertRefused(noWeights, "has no weights");
    Files.write(noWeights.resolve("pytorch_model.bin"), new byte[10]);
    assertRefused(noWeights, "pytorch_model.bin is not a file of torch.save");
  }

  @Test
  void unknownArchitecturesAreRefusedByName() throws IOException {
    TinyCheckpoint bart = new TinyCheckpoint(1);
    bart.config.put("model_type", "led");
    assertRefused(
        bart.write(folder.resolve("bart")),
        "model_type is 'led'; supported: bart, m2m_100, marian, mbart, mt5, pegasus, t5, umt5");
  }

  @Test
  void everyTensorThatDoesNotFitIsListed() throws IOException {
    TinyCheckpoint wrong = new TinyCheckpoint(1);
    wrong.shapes.put("shared.weight", new int[] {41, 32});
    wrong.shapes.put("encoder.adapter.weight", new int[] {2, 2});
    wrong.shapes.remove("decoder.final_layer_norm.weight");
    Path input = wrong.write(folder.resolve("wrong"));
    assertRefused(input, "wrong shape: shared.weight is [41, 32], expected [40, 32]");
    assertRefused(input, "unknown: encoder.adapter.weight [2, 2]");
    assertRefused(input, "missing: decoder.final_layer_norm.weight [32]");
  }

  @Test
  void aFileOfWeightsOfTheWrongLengthIsNamed() throws IOException {
    Path input = tiny();
    Path weights = input.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 100));
    assertRefused(input, "model.safetensors is truncated");
    Files.write(weights, Arrays.copyOf(bytes, bytes.length + 100));
    assertRefused(input, "model.safetensors is damaged: its tensors have");
  }

  @Test
  void shardsThatAreMissingOrLieElsewhereAreNamed() throws IOException {
    Path input = tiny();
    Files.move(input.resolve("model.safetensors"), input.resolve("a.safetensors"));
    Path index = input.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\": {\"shared.weight\": \"b.safetensors\"}}");
    assertRefused(input, "b.safetensors, which model.safetensors.index.json names, is missing");
    Files.writeString(index, "{\"weight_map\": {\"shared.weight\": \"../b.safetensors\"}}");
    assertRefused(input, "expected a file of the same folder");
    Files.writeString(index, "{\"weight_map\": {\"other.weight\": \"a.safetensors\"}}");
    assertRefused(input, "says that a.safetensors holds other.weight, but it does not");
  }

  @Test
  void decodingOptionsThatCannotBeComputedAreRefused() throws IOException {
    Object[][] wrong = {
      {"do_sample", true},
      {"num_beam_groups", 2},
      {"encoder_repetition_penalty", 1.5},
      {"bad_words_ids", List.of(List.of(1, 2))},
      {"sequence_bias", List.of(List.of(List.of(3), 1.0))},
      {"early_stopping", "sometimes"},
      {"num_beams", 0},
      {"repetition_penalty", 0},
      {"decoder_start_token_id", 40},
      {"length_penalty", "long"}
    };
    for (Object[] option : wrong) {
      TinyCheckpoint checkpoint = new TinyCheckpoint(1);
      checkpoint.generation.put((String) option[0], option[1]);
      assertRefused(
          checkpoint.write(folder.resolve("option")), "generation_config.json: " + option[0]);
    }
  }

  @Test
  void configurationThatCannotBeExpressedIsRefusedAndUnknownKeysAreReported() throws IOException {
    TinyCheckpoint checkpoint = new TinyCheckpoint(1);
    checkpoint.config.put("dense_act_fn", "mish");
    assertRefused(checkpoint.write(folder.resolve("mish")), "dense_act_fn is 'mish'; supported:");
    TinyCheckpoint layers = new TinyCheckpoint(1);
    layers.config.put("num_hidden_layers", 2);
    assertRefused(layers.write(folder.resolve("layers")), "the weights have 1 layers");
    TinyCheckpoint unknown = new TinyCheckpoint(1);
    unknown.config.put("colour", "red");
    Outcome outcome = run(unknown.write(folder.resolve("unknown")));
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("the key 'colour' is unknown"), outcome.err());
  }

  @Test
  void damagedWeightsAreRefusedOrReadAndNeverDoHarm() throws IOException {
    Path input = tiny();
    Path weights = input.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    for (long seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      byte[] damaged = bytes.clone();
      for (int i = 0; i < 3; i++) {
        damaged[random.nextInt(2000)] = (byte) random.nextInt(256);
      }
      Files.write(weights, damaged);
      Outcome outcome = run(input, "--dry-run", "--bits", "1");
      assertTrue(outcome.code() <= 1, "seed " + seed);
      assertFalse(outcome.err().contains("internal error"), "seed " + seed + outcome.err());
    }
  }

  @Test
  void theWayBackWritesAFolderAndSaysWhatIsInIt() throws IOException {
    assertEquals(0, run(tiny(), "--bits", "2").code());
    String file = folder.resolve("out/model.bcq").toString();
    Path back = folder.resolve("back");
    Outcome outcome = run("--dequantize", file, "--output", back.toString(), "--json");
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode report = new ObjectMapper().readTree(outcome.out());
    assertEquals("t5", report.get("family").asText());
    assertEquals(5, report.get("files").size(), outcome.out());
    for (JsonNode written : report.get("files")) {
      Path path = back.resolve(written.get("name").asText());
      assertEquals(Files.size(path), written.get("bytes").asLong());
    }
    Outcome again = run("--dequantize", file, "--output", back.toString());
    assertEquals(1, again.code());
    assertEquals(
        "bcq-convert: " + back + " cannot be written: it is not empty; name a new folder\n",
        again.err());
  }

  @Test
  void theWayBackSaysThatATokenizerCannotBeWritten() throws IOException {
    Path bart = copyOfBart();
    writeVocabulary(bart, 24);
    run(bart, "--bits", "4").succeeds();
    String file = folder.resolve("out/model.bcq").toString();
    Outcome text = run("--dequantize", file, "--output", folder.resolve("text").toString());
    assertTrue(
        text.succeeds().out().contains("warning: the tokenizer's files are not written"),
        text.out());
    Outcome json = run("--dequantize", file, "--output", folder.resolve("j").toString(), "--json");
    JsonNode report = new ObjectMapper().readTree(json.succeeds().out());
    assertTrue(report.at("/warnings/0").asText().contains("copy them"), json.out());
  }

  @Test
  void aTokenizerOfAnotherModelIsRefused() throws IOException {
    Path bart = copyOfBart();
    writeVocabulary(bart, 25);
    assertRefused(bart, "the tokenizer has 25 tokens, the model's embedding 24 rows");
  }

  private Path copyOfBart() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("bart"));
    for (String name : List.of("config.json", "generation_config.json", "model.safetensors")) {
      Files.copy(TinyFamilies.path("bart").resolve(name), copy.resolve(name));
    }
    return copy;
  }

  /** Writes a byte-level tokenizer of single letters. */
  private static void writeVocabulary(Path folder, int size) throws IOException {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (String special : List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>")) {
      ids.put(special, ids.size());
    }
    for (char letter = 'a'; ids.size() < size; letter++) {
      ids.put(String.valueOf(letter), ids.size());
    }
    new ObjectMapper().writeValue(folder.resolve("vocab.json").toFile(), ids);
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
  }

  @Test
  void theWayBackTakesNoOptionsOfTheWayThere() {
    for (List<String> more :
        List.of(
            List.of("--bits", "3"), List.of("input"), List.of("--force"), List.of("--dry-run"))) {
      List<String> args = new ArrayList<>(List.of("--dequantize", "m.bcq", "--output", "back"));
      args.addAll(more);
      Outcome outcome = run(args.toArray(String[]::new));
      assertEquals(2, outcome.code());
      assertTrue(outcome.err().contains("does not go with --dequantize"), outcome.err());
    }
    Outcome nowhere = run("--dequantize", "m.bcq");
    assertEquals(2, nowhere.code());
    assertTrue(nowhere.err().contains("--output DIR"), nowhere.err());
  }
}
