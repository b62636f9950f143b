package dev.bcq.converter.checkpoint.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.StoredTokenizer;
import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelReader;
import dev.bcq.converter.checkpoint.tokenizers.TokenizerJson;
import dev.bcq.format.TokenizerModel;
import dev.bcq.runtime.text.LanguageTokens;
import dev.bcq.runtime.text.SentencePiece;
import dev.bcq.runtime.text.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers of every family against what Hugging Face's libraries say of the same texts. */
class TokenizerVectorsTest {
  private static final String FOLDER = "data/tokenizers/";

  /** The smallest ones lie in the project. */
  private static final Path FIXTURES =
      Path.of("src/test/resources/dev/bcq/converter/checkpoint/huggingface/tokenizers");

  private static Path path(String folder) {
    Path fixture = FIXTURES.resolve(folder);
    return Files.exists(fixture) ? fixture : SharedData.path(FOLDER + folder);
  }

  private static JsonNode vectors(String folder) {
    return SharedData.read(path(folder).resolve("vectors.json.gz"));
  }

  private static int[] ids(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static Tokenizer folder(String name, String family) {
    return new Tokenizer(StoredTokenizer.of(model(name, family)));
  }

  private static TokenizerModel model(String name, String family) {
    Path path = path(name);
    int end = family.endsWith("t5") ? 1 : family.equals("marian") ? 0 : 2;
    TokenizerModel model =
        TokenizerFiles.read(path, family, StoredTokenizer.TOKENS, end, new ArrayList<>());
    return Objects.requireNonNull(model, name);
  }

  private static TokenizerModel json(String name) {
    return TokenizerJson.read(path(name).resolve("tokenizer.json"));
  }

  /** Returns the numbers of the texts whose ids differ, each with what is there and what should. */
  private static List<String> differences(
      JsonNode texts, JsonNode expected, Function<String, int[]> encode) {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      int[] found = encode.apply(texts.get(i).asText());
      if (!Arrays.equals(ids(expected.get(i)), found)) {
        differences.add(
            i
                + " '"
                + texts.get(i).asText()
                + "' "
                + Arrays.toString(found)
                + " "
                + expected.get(i));
      }
    }
    return differences;
  }

  private static Set<Integer> numbers(List<String> differences) {
    Set<Integer> numbers = new TreeSet<>();
    differences.forEach(
        line -> numbers.add(Integer.parseInt(line.substring(0, line.indexOf(' ')))));
    return numbers;
  }

  private static Set<Integer> specialTexts(JsonNode vectors) {
    Set<Integer> special = new TreeSet<>();
    vectors.path("special_in_text").forEach(number -> special.add(number.asInt()));
    return special;
  }

  private static void assertDecodes(JsonNode ids, JsonNode decoded, Tokenizer tokenizer) {
    for (int i = 0; i < ids.size(); i++) {
      assertEquals(
          decoded.get(i).asText(), tokenizer.decode(ids(ids.get(i))), "text " + i + ids.get(i));
    }
  }

  private static void assertDecodesOnly(JsonNode vectors, Tokenizer tokenizer) {
    for (JsonNode decode : vectors.get("decode_only")) {
      assertEquals(
          decode.get("decoded").asText(),
          tokenizer.decode(ids(decode.get("ids"))),
          decode.get("ids").toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny-bart",
        "tiny-t5",
        "tiny-t5-converted",
        "tiny-nllb",
        "tiny-mbart50",
        "tiny-bert-uncased",
        "tiny-bert-cased"
      })
  void tokenizerJsonGivesTheIdsOfTheLibrary(String folder) {
    JsonNode vectors = vectors(folder);
    TokenizerModel model = StoredTokenizer.of(json(folder));
    Tokenizer tokenizer = new Tokenizer(model);
    List<String> differences =
        differences(vectors.get("texts"), vectors.get("ids"), tokenizer::encode);
    // What a user types is text.
    assertEquals(specialTexts(vectors), numbers(differences), () -> String.join("\n", differences));
    assertDecodes(vectors.get("ids"), vectors.get("decoded"), tokenizer);
    assertDecodesOnly(vectors, tokenizer);
    TokenizerModel shown =
        new TokenizerModel(
            model.source(),
            null,
            model.vocabulary(),
            List.of(),
            model.unknown(),
            model.sourceFrame(),
            model.targetFrame(),
            List.of(),
            model.languages(),
            false);
    assertDecodes(vectors.get("ids"), vectors.get("decoded_with_special"), new Tokenizer(shown));
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-t5, t5",
    "tiny-t5-converted, t5",
    "tiny-nllb, m2m_100",
    "tiny-mbart50, mbart",
    "tiny-m2m100, m2m_100",
    "tiny-marian, marian",
    "tiny-bart, bart"
  })
  void foldersGiveTheIdsOfTheirFamily(String folder, String family) {
    JsonNode vectors = vectors(folder);
    Tokenizer tokenizer = folder(folder, family);
    List<String> differences =
        differences(vectors.get("texts"), vectors.get("ids"), text -> tokenizer.encode(text));
    Set<Integer> expected = specialTexts(vectors);
    vectors
        .path("slow_ids_where_different")
        .fieldNames()
        .forEachRemaining(number -> expected.add(Integer.parseInt(number)));
    assertEquals(expected, numbers(differences), () -> String.join("\n", differences));
    if (vectors.has("decoded")) {
      assertDecodes(vectors.get("ids"), vectors.get("decoded"), tokenizer);
    }
  }

  @ParameterizedTest
  @CsvSource({"tiny-m2m100, m2m_100, de", "tiny-marian, marian, "})
  void foldersGiveTheIdsOfTargets(String folder, String family, String language) {
    JsonNode vectors = vectors(folder);
    Tokenizer tokenizer = folder(folder, family);
    List<String> differences =
        differences(vectors.get("texts"), vectors.get("target_ids"), tokenizer::encodeTarget);
    Set<Integer> expected = specialTexts(vectors);
    if (family.equals("marian")) {
      // It begins with the token of a language, which only sources may.
      expected.add(78);
    }
    assertEquals(expected, numbers(differences), () -> String.join("\n", differences));
    for (int i = 0; i < vectors.get("texts").size(); i++) {
      // Nor are tokens of languages shown.
      if (!expected.contains(i)) {
        assertEquals(
            vectors.get("target_decoded").get(i).asText(),
            tokenizer.decode(ids(vectors.get("target_ids").get(i))),
            "text " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-spm-bpe-bytes", "tiny-spm-bpe-symbols", "tiny-spm-unigram-digits"})
  void sentencePieceModelsGiveTheIdsOfTheLibrary(String folder) {
    JsonNode vectors = vectors(folder);
    SentencePiece pieces =
        new SentencePiece(SentencePieceModelReader.read(path(folder).resolve("spm.model")));
    List<String> differences =
        differences(vectors.get("texts"), vectors.get("ids"), pieces::encode);
    assertEquals(Set.of(), numbers(differences), () -> String.join("\n", differences));
    for (int i = 0; i < vectors.get("texts").size(); i++) {
      assertEquals(
          vectors.get("decoded").get(i).asText(), pieces.decode(ids(vectors.get("ids").get(i))));
      assertEquals(
          vectors.get("normalized").get(i).asText(),
          pieces.normalize(vectors.get("texts").get(i).asText()));
    }
    for (JsonNode decode : vectors.get("decode_only")) {
      assertEquals(
          decode.get("decoded").asText(),
          pieces.decode(ids(decode.get("ids"))),
          decode.get("ids").toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"src.eng", "ref.deu", "ref.fra", "ref.por", "ref.spa", "ref.vie"})
  void newsSurvivesTheWayToIdsAndBack(String language) throws IOException {
    Tokenizer bytes = new Tokenizer(StoredTokenizer.of(json("tiny-bart")));
    List<SentencePiece> models = new ArrayList<>();
    for (String folder : List.of("tiny-spm-bpe-bytes", "tiny-spm-unigram-digits")) {
      Path file = path(folder).resolve("spm.model");
      models.add(new SentencePiece(SentencePieceModelReader.read(file)));
    }
    Path file = SharedData.path("data/ntrex-128/newstest2019-" + language + ".txt.gz");
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        assertEquals(line, bytes.decode(bytes.encode(line)));
        for (SentencePiece pieces : models) {
          assertEquals(
              pieces.normalize(line).replace('\u2581', ' ').strip(),
              pieces.decode(pieces.encode(line)).strip());
        }
      }
    }
  }

  @Test
  void opusModelsGiveTheIdsOfTheirTokenizer() {
    JsonNode vectors = vectors("opus-mt-en-mg");
    Tokenizer tokenizer = folder("opus-mt-en-mg", "marian");
    List<String> source = differences(vectors.get("texts"), vectors.get("ids"), tokenizer::encode);
    List<String> target =
        differences(vectors.get("texts"), vectors.get("target_ids"), tokenizer::encodeTarget);
    // Special tokens that a user types, and a language that the model does not know.
    assertEquals(Set.of(74, 75, 78), numbers(source), () -> String.join("\n", source));
    assertEquals(Set.of(74, 75, 78), numbers(target), () -> String.join("\n", target));
    assertDecodes(vectors.get("target_ids"), vectors.get("target_decoded"), tokenizer);
  }

  @ParameterizedTest
  @CsvSource({"tiny-nllb, m2m_100", "tiny-mbart50, mbart", "tiny-m2m100, m2m_100"})
  void languagesStandWhereTheirFamilyPutsThem(String folder, String family) {
    TokenizerModel model = model(folder, family);
    Tokenizer tokenizer = new Tokenizer(model);
    vectors(folder)
        .get("languages")
        .properties()
        .forEach(
            language -> {
              int id = language.getValue().asInt();
              assertEquals(
                  id,
                  model.languages().all().stream()
                      .filter(known -> known.name().equals(language.getKey()))
                      .findFirst()
                      .orElseThrow()
                      .token());
              LanguageTokens chosen = new LanguageTokens(id, id);
              assertEquals(id, tokenizer.encode("a", chosen)[0]);
              assertEquals(id, tokenizer.encodeTarget("a", chosen)[0]);
            });
  }
}
