package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.ForwardGoldens;
import dev.bcq.converter.report.ConversionReport;
import dev.bcq.runtime.LanguageException;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every family of checkpoints: with few bits, with mistakes, and the warnings on the way. */
class FamiliesTest {

  @TempDir Path folder;

  private ConversionReport convert(Path checkpoint, String bits) {
    return Conversion.run(
        Conversions.options(checkpoint, folder.resolve("model.bcq"), bits, null, 1));
  }

  /** Returns a copy of a model whose configuration has been changed. */
  private Path changed(String family, String key, String value) throws IOException {
    Path to = Files.createDirectories(folder.resolve("changed"));
    try (Stream<Path> files = Files.list(TinyFamilies.path(family))) {
      for (Path file : files.toList()) {
        Files.write(to.resolve(String.valueOf(file.getFileName())), Files.readAllBytes(file));
      }
    }
    Path config = to.resolve("config.json");
    String without =
        Files.readString(config)
            .replaceAll("\n *\"" + key + "\": [^\n]*[^,\n](?=,?\n)", "\n\"-\": null");
    Files.writeString(
        config, without.replaceFirst("\\{", "{\"" + key + "\": " + value.replace('\'', '"') + ","));
    return to;
  }

  private void assertRefused(Path model, String message) {
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> convert(model, "32"), message);
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  @ParameterizedTest
  @MethodSource(TinyFamilies.ALL)
  void fewBitsGiveTheSameWithAllKernels(String family) {
    fewBits(
        TinyFamilies.path(family),
        SharedData.read(TinyFamilies.path(family).resolve("golden.json")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bart",
        "bart-forced-bos",
        "m2m100",
        "m2m100-language",
        "mbart",
        "pegasus",
        "umt5"
      })
  void fewBitsOfTinyModelsGiveTheSameWithAllKernels(String name) {
    Path model = SharedData.path("data/hf-zoo/" + name);
    fewBits(model, SharedData.read(model.resolve("golden.json")));
  }

  private void fewBits(Path model, JsonNode golden) {
    List<int[]> sources = new ArrayList<>();
    for (JsonNode testCase : golden.get("cases")) {
      sources.add(ForwardGoldens.ids(testCase.get("input_ids")));
    }
    for (String bits : List.of("4", "2")) {
      convert(model, bits);
      KernelAgreement.assertSame(folder.resolve("model.bcq"), sources);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bart, normalize_before, true, 'normalize_before is true; expected false'",
    "bart, add_final_layer_norm, true, 'add_final_layer_norm is true; expected false'",
    "bart, normalize_embedding, false, 'normalize_embedding is false; expected true'",
    "bart, static_position_embeddings, true, 'static_position_embeddings is true; expected false'",
    "mbart, normalize_before, false, 'normalize_before is false; expected true'",
    "mbart, add_final_layer_norm, false, 'add_final_layer_norm is false; expected true'",
    "pegasus, normalize_embedding, true, 'normalize_embedding is true; expected false'",
    "pegasus, static_position_embeddings, false, 'embeddings is false; expected true'",
    "m2m_100, activation_function, quick_gelu, quick_gelu",
    "m2m_100, scale_embedding, '2.5', 'scale_embedding is 2.5; expected true or false'",
    "m2m_100, pad_token_id, '-1', 'pad_token_id is -1; expected the id of a token'",
    "bart, tie_word_embeddings, false, 'missing: lm_head.weight, as tie_word_embeddings is false'",
    "bart, encoder_attention_heads, 3, 'encoder_attention_heads is 3; expected a divisor of'",
    "bart, decoder_attention_heads, 4, 'decoder_attention_heads is 4; expected 2'",
    "m2m_100, pad_token_id, 24, 'pad_token_id is 24; expected the id of a token'",
    "bart, max_position_embeddings, 41, 'positions.weight is [42, 8], expected [43, 8]'",
    "umt5, dense_act_fn, mish, 'supported: gelu'",
    "umt5, num_layers, 3, 'num_layers is 3, but the weights have 2 layers'"
  })
  void whatAFamilyCannotComputeIsNamed(String family, String key, String value, String message)
      throws IOException {
    boolean text = Character.isLetter(value.charAt(0)) && !value.matches("true|false");
    Path model = changed(family, key, text ? "'" + value + "'" : value);
    assertRefused(model, message);
  }

  @Test
  void missingTensorsOfBartAreListedAndSoAreUnknownOnes() throws IOException {
    Path model = changed("bart", "dropout", "0.1");
    Path weights = model.resolve("model.safetensors");
    String file = Files.readString(weights, StandardCharsets.ISO_8859_1);
    Files.writeString(
        weights,
        file.replace("model.encoder.layers.1.fc1.bias", "model.encoder.layers.1.fcX.bias")
            .replace("decoder.layernorm_embedding.weight", "decoder.layernorm_Embedding.weight"),
        StandardCharsets.ISO_8859_1);
    assertRefused(model, "missing: encoder.layers.1.fc1.bias [12]");
    assertRefused(model, "missing: decoder.layernorm_embedding.weight [8]");
    assertRefused(model, "unknown: model.encoder.layers.1.fcX.bias [12]");
    assertRefused(model, "unknown: model.decoder.layernorm_Embedding.weight [8]");
  }

  @Test
  void damagedTokenizersAreRefusedAndMissingOnesReported() throws IOException {
    Path model = changed("mbart", "dropout", "0.1");
    assertEquals(
        List.of("the folder has no tokenizer: the model will serve token ids only (--ids)"),
        convert(model, "32").warnings());
    Files.write(model.resolve("sentencepiece.bpe.model"), new byte[1]);
    assertRefused(model, "sentencepiece.bpe.model is not a readable SentencePiece model");
  }

  @Test
  void languagesAreChosenByName() throws IOException {
    Path model = changed("m2m_100", "dropout", "0.1");
    Files.writeString(
        model.resolve("tokenizer.json"),
        """
        {"added_tokens": [
           {"id": 0, "content": "<s>", "special": true}, {"id": 1, "content": "<pad>", "special": true},
           {"id": 2, "content": "</s>", "special": true}, {"id": 3, "content": "<unk>", "special": true},
           {"id": 6, "content": "eng_Latn", "special": true}, {"id": 7, "content": "deu_Latn", "special": true}],
         "model": {"type": "BPE", "unk_token": "<unk>", "merges": [],
           "vocab": {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "a": 4, "b": 5}},
         "pre_tokenizer": {"type": "WhitespaceSplit"},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "eng_Latn"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}],
           "special_tokens": {"eng_Latn": {"ids": [6]}, "</s>": {"ids": [2]}}}}
        """);
    convert(model, "32");
    TranslationOptions toGerman = TranslationOptions.DEFAULT.withLanguages(null, "deu_Latn");
    TranslationOptions fromGerman = toGerman.withLanguages("deu_Latn", "eng_Latn");
    try (Translator translator = Translator.open(folder.resolve("model.bcq"))) {
      assertArrayEquals(
          new int[] {6, 4, 5, 3, 3, 3, 3, 2}, translator.sourceIds("ab </s>", toGerman));
      assertArrayEquals(new int[] {7, 4, 2}, translator.sourceIds("a", fromGerman));
      assertArrayEquals(new int[] {6, 4, 2}, translator.targetIds("a", fromGerman));
      assertEquals(7, translator.translate("a", toGerman).best().ids().get(0));
      assertEquals(6, translator.translate("a", fromGerman).best().ids().get(0));
      assertThrows(
          LanguageException.class, () -> translator.translate("a", TranslationOptions.DEFAULT));
      assertThrows(
          LanguageException.class,
          () -> translator.translate("a", toGerman.withLanguages(null, "fra_Latn")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mt5, true, 'the decoder''s output is not scaled'",
    "umt5, false, 'is multiplied by'"
  })
  void outputScalesOnWhichVersionsOfTransformersDifferAreReported(
      String family, String tied, String warning) throws IOException {
    List<String> warnings = convert(changed(family, "tie_word_embeddings", tied), "32").warnings();
    assertTrue(warnings.get(0).contains(warning), warnings.toString());
  }
}
