package dev.bcq.converter.checkpoint.ctranslate2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.KernelAgreement;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.ForwardGoldens;
import dev.bcq.converter.checkpoint.numpy.NpyArray;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of CTranslate2, converted to floats, against what is known of them. */
class CTranslate2GoldensTest {
  private static final String SEED = "data/seed-ctranslate2/";
  private static final String NAMES = "data/ct2-aren-transliteration/";
  private static final String UNKNOWN = "<unk>";
  private static final GenerationSettings GREEDY = GenerationSettings.builder().beams(1).build();

  @TempDir Path folder;

  private ForwardGoldens convert(String shared) {
    Path output = folder.resolve("model.bcq");
    Conversions.convert(CheckpointInput.of(SharedData.path(shared)), output, "32");
    return new ForwardGoldens(BcqFile.open(output));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ct2-float32", "ct2-int8"})
  void modelsOfTodayComputeWhatTheirWeightsDo(String variant) {
    JsonNode golden = SharedData.json(SEED + variant + "/golden.dequantised.json.gz");
    ForwardGoldens model = convert(SEED + variant);
    List<int[]> sources = new ArrayList<>();
    List<List<Integer>> expected = new ArrayList<>();
    for (JsonNode testCase : golden.get("cases")) {
      model.assertForward(testCase);
      sources.add(ForwardGoldens.ids(testCase.get("src_ids")));
      expected.add(Arrays.stream(ForwardGoldens.ids(testCase.get("greedy_ids"))).boxed().toList());
    }
    GenerationSettings settings = GenerationSettings.builder().beams(1).maxTokens(24).build();
    assertEquals(expected, model.found(sources, settings));
  }

  private static List<String> vocabulary(String shared, String side) {
    return CTranslate2Vocabulary.read(
        SharedData.path(NAMES + shared + "/" + side + "_vocabulary.txt"), UNKNOWN);
  }

  private static float[] array(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(SharedData.path(NAMES + name));
    return NpyArray.tensor(name, name, MemorySegment.ofArray(bytes)).readAll();
  }

  @ParameterizedTest
  @CsvSource({
    "v1/aren-transliteration, 80, 1e-5",
    "v2/aren-transliteration, 80, 1e-5",
    "v1/aren-transliteration-i16, 79, 0.0041",
    "v2/aren-transliteration-i16, 79, 0.0041",
    "v2/aren-transliteration-i8, 74, 0.0176"
  })
  void trainedModelsOfAllEncodingsGiveTheNamesThatArePublished(
      String variant, int equal, float tolerance) {
    ForwardGoldens model = convert(NAMES + variant);
    List<String> source = vocabulary(variant, "source");
    List<String> target = vocabulary(variant, "target");
    JsonNode published = SharedData.json(NAMES + "vectors-published.json");
    JsonNode plain = published.get("plain (greedy, beam 2 and beam 4)");
    for (JsonNode testCase : plain) {
      boolean first = testCase.equals(plain.get(0));
      for (int beams : first || tolerance < 1e-4 ? new int[] {1, 2, 4} : new int[0]) {
        GenerationSettings settings = GenerationSettings.builder().beams(beams).build();
        assertEquals(
            names(testCase.get("output")),
            tokens(model, source, target, testCase, settings),
            variant + ", beam " + beams);
      }
    }
    for (JsonNode testCase : published.get("scoring").get("cases")) {
      assertScores(model, source, target, testCase, tolerance);
    }
    int same = 0;
    for (JsonNode testCase : SharedData.json(NAMES + "vectors-computed.json").get("cases")) {
      List<String> found = tokens(model, source, target, testCase, GREEDY);
      same += found.equals(names(testCase.get("greedy"))) ? 1 : 0;
    }
    assertEquals(equal, same);
  }

  private static List<String> names(JsonNode tokens) {
    List<String> names = new ArrayList<>();
    tokens.forEach(token -> names.add(token.asText()));
    return names;
  }

  private static List<String> tokens(
      ForwardGoldens model,
      List<String> source,
      List<String> target,
      JsonNode testCase,
      GenerationSettings settings) {
    int[] ids = ForwardGoldens.lookUp(source, testCase.get("source"), UNKNOWN);
    return model.found(List.of(ids), settings).get(0).stream()
        .map(target::get)
        .filter(token -> !token.equals("</s>"))
        .toList();
  }

  private static void assertScores(
      ForwardGoldens model,
      List<String> source,
      List<String> target,
      JsonNode testCase,
      float tolerance) {
    int[] ids = ForwardGoldens.lookUp(source, testCase.get("source"), UNKNOWN);
    if (ids.length == 0) {
      return;
    }
    int[] given = ForwardGoldens.lookUp(target, testCase.get("target"), UNKNOWN);
    int[] ended = Arrays.copyOf(given, given.length + 1);
    ended[given.length] = target.indexOf("</s>");
    float[][] rows = model.logProbabilities(ids, ended);
    float[] expected = ForwardGoldens.floats(testCase.get("log_probs"));
    for (int i = 0; i < ended.length; i++) {
      assertEquals(expected[i], rows[i][ended[i]], tolerance, testCase.get("target").toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v2/aren-transliteration, 4",
    "v2/aren-transliteration-i8, 2",
    "v1/aren-transliteration-i16, 4"
  })
  void allKernelsFindTheSame(String variant, String bits) {
    Path output = folder.resolve("model.bcq");
    Conversions.convert(CheckpointInput.of(SharedData.path(NAMES + variant)), output, bits);
    List<String> source = vocabulary(variant, "source");
    List<int[]> sources = new ArrayList<>();
    for (JsonNode testCase : SharedData.json(NAMES + "vectors-computed.json").get("cases")) {
      sources.add(ForwardGoldens.lookUp(source, testCase.get("source"), UNKNOWN));
    }
    KernelAgreement.assertSame(output, sources.subList(0, 6));
  }

  @Test
  void wholeRowsOfOneNameAreEqual() throws IOException {
    String variant = "v2/aren-transliteration";
    ForwardGoldens model = convert(NAMES + variant);
    JsonNode name = SharedData.json(NAMES + "vectors-published.json").get("return_end_token");
    int[] source =
        ForwardGoldens.lookUp(vocabulary(variant, "source"), name.get("source"), UNKNOWN);
    int[] target =
        ForwardGoldens.lookUp(vocabulary(variant, "target"), name.get("output"), UNKNOWN);
    assertArrayEquals(
        array("atzmon-encoder-output.npy"), model.encoder(source), ForwardGoldens.TOLERANCE);
    float[] expected = array("atzmon-log-probs.npy");
    float[][] rows = model.logProbabilities(source, target);
    assertEquals(expected.length, rows.length * rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      float[] row = Arrays.copyOfRange(expected, i * rows[i].length, (i + 1) * rows[i].length);
      assertArrayEquals(row, rows[i], ForwardGoldens.TOLERANCE);
    }
    assertTrue(target.length > 1);
  }
}
