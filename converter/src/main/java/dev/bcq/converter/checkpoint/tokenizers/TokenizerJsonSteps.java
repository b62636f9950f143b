package dev.bcq.converter.checkpoint.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.format.TextStep;
import dev.bcq.format.TextStep.Kind;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The normalizer, pre-tokenizer and decoder of {@code tokenizer.json} as steps. */
final class TokenizerJsonSteps {
  /** Patterns of runs of spaces, and the shortest run that they match. */
  private static final Map<String, Integer> SPACES = Map.of(" {2,}", 2, " +", 1, "  +", 2);

  private TokenizerJsonSteps() {}

  static CheckpointException unknown(String component, String type) {
    return new CheckpointException(
        "%s: the %s '%s' is not known".formatted(TokenizerJson.NAME, component, type));
  }

  static List<TextStep> normalizer(JsonNode node) {
    List<TextStep> steps = new ArrayList<>();
    addNormalizer(node, steps);
    return List.copyOf(steps);
  }

  private static void addNormalizer(JsonNode node, List<TextStep> steps) {
    if (isAbsent(node)) {
      return;
    }
    String type = node.path("type").asText();
    switch (type) {
      case "Sequence" -> node.path("normalizers").forEach(part -> addNormalizer(part, steps));
      case "Precompiled" -> addMap(node.path("precompiled_charsmap"), steps);
      case "Replace" -> steps.add(replace(node));
      case "Strip" ->
          steps.add(
              TextStep.of(
                  Kind.STRIP,
                  "",
                  "",
                  node.path("strip_left").asBoolean() ? 1 : 0,
                  node.path("strip_right").asBoolean() ? 1 : 0));
      case "Lowercase" -> steps.add(TextStep.of(Kind.LOWERCASE));
      case "NFC" -> steps.add(TextStep.of(Kind.NFC));
      case "NFD" -> steps.add(TextStep.of(Kind.NFD));
      case "NFKC" -> steps.add(TextStep.of(Kind.NFKC));
      case "NFKD" -> steps.add(TextStep.of(Kind.NFKD));
      case "StripAccents" -> steps.add(TextStep.of(Kind.STRIP_MARKS, "", "", 1, 0));
      case "BertNormalizer" -> steps.addAll(bert(node));
      case "Prepend" -> steps.add(TextStep.of(Kind.PREPEND, node.path("prepend").asText(), ""));
      default -> throw unknown("normalizer", type);
    }
  }

  private static List<TextStep> bert(JsonNode node) {
    boolean lowercase = node.path("lowercase").asBoolean(true);
    JsonNode strips = node.path("strip_accents");
    return WordPieceFile.normalizer(
        node.path("clean_text").asBoolean(true),
        node.path("handle_chinese_chars").asBoolean(true),
        strips.isBoolean() ? strips.booleanValue() : lowercase,
        lowercase);
  }

  private static void addMap(JsonNode map, List<TextStep> steps) {
    if (isAbsent(map) || map.asText().isEmpty()) {
      return;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(map.asText());
      steps.add(new TextStep(Kind.CHARACTER_MAP, "", "", 0, 0, bytes));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          TokenizerJson.NAME + ": precompiled_charsmap is not base64: " + e.getMessage(), e);
    }
  }

  private static TextStep replace(JsonNode node) {
    String content = node.path("content").asText();
    JsonNode pattern = node.path("pattern");
    if (pattern.has("String")) {
      return TextStep.of(Kind.REPLACE, pattern.path("String").asText(), content);
    }
    Integer spaces = SPACES.get(pattern.path("Regex").asText());
    if (spaces == null) {
      throw unknown("pattern of a Replace", pattern.toString());
    }
    return TextStep.of(Kind.REPLACE_SPACES, "", content, spaces, 0);
  }

  static List<TextStep> splitter(JsonNode node) {
    List<TextStep> steps = new ArrayList<>();
    addSplitter(node, steps);
    return List.copyOf(steps);
  }

  private static void addSplitter(JsonNode node, List<TextStep> steps) {
    if (isAbsent(node)) {
      return;
    }
    String type = node.path("type").asText();
    switch (type) {
      case "Sequence" -> node.path("pretokenizers").forEach(part -> addSplitter(part, steps));
      case "WhitespaceSplit" -> steps.add(TextStep.of(Kind.WHITE_SPACE));
      case "Whitespace" -> steps.add(TextStep.of(Kind.WORDS_AND_SYMBOLS));
      case "BertPreTokenizer" -> steps.add(TextStep.of(Kind.WHITE_SPACE_AND_PUNCTUATION));
      case "ByteLevel" ->
          steps.add(
              TextStep.of(
                  Kind.BYTES,
                  "",
                  "",
                  node.path("add_prefix_space").asBoolean(true) ? 1 : 0,
                  node.path("use_regex").asBoolean(true) ? 1 : 0));
      case "Metaspace" ->
          steps.add(
              TextStep.of(
                  Kind.METASPACE,
                  mark(node),
                  "",
                  scheme(node),
                  node.path("split").asBoolean(true) ? 1 : 0));
      case "Punctuation" -> {
        String behavior = node.path("behavior").asText("Isolated");
        if (!behavior.equals("Isolated")) {
          throw unknown("behavior of Punctuation", behavior);
        }
        steps.add(TextStep.of(Kind.PUNCTUATION));
      }
      case "Digits" ->
          steps.add(
              TextStep.of(
                  Kind.DIGITS, "", "", node.path("individual_digits").asBoolean() ? 1 : 0, 0));
      default -> throw unknown("pre_tokenizer", type);
    }
  }

  private static String mark(JsonNode node) {
    return node.path("replacement").asText("\u2581");
  }

  private static int scheme(JsonNode node) {
    if (!node.has("prepend_scheme")) {
      return node.path("add_prefix_space").asBoolean(true) ? TextStep.ALWAYS : TextStep.NEVER;
    }
    String scheme = node.path("prepend_scheme").asText();
    return switch (scheme) {
      case "always" -> TextStep.ALWAYS;
      case "first" -> TextStep.AT_THE_START;
      case "never" -> TextStep.NEVER;
      default -> throw unknown("prepend_scheme of Metaspace", scheme);
    };
  }

  static List<TextStep> decoder(JsonNode node) {
    List<TextStep> steps = new ArrayList<>();
    if (isAbsent(node)) {
      // Pieces with spaces between them.
      steps.add(TextStep.of(Kind.JOINERS));
    }
    addDecoder(node, steps);
    return List.copyOf(steps);
  }

  private static void addDecoder(JsonNode node, List<TextStep> steps) {
    if (isAbsent(node)) {
      return;
    }
    String type = node.path("type").asText();
    switch (type) {
      case "Sequence" -> node.path("decoders").forEach(part -> addDecoder(part, steps));
      case "Metaspace" ->
          steps.add(
              TextStep.of(Kind.SPACES, mark(node), "", scheme(node) == TextStep.NEVER ? 0 : 1, 0));
      case "ByteLevel" -> steps.add(TextStep.of(Kind.FROM_BYTES));
      case "WordPiece" ->
          steps.add(
              TextStep.of(
                  Kind.CONTINUATIONS,
                  node.path("prefix").asText("##"),
                  "",
                  node.path("cleanup").asBoolean(true) ? 1 : 0,
                  0));
      case "Replace" -> {
        JsonNode pattern = node.path("pattern");
        if (!pattern.has("String")) {
          throw unknown("pattern of a Replace", pattern.toString());
        }
        steps.add(
            TextStep.of(
                Kind.REPLACE_IN_PIECES,
                pattern.path("String").asText(),
                node.path("content").asText()));
      }
      case "ByteFallback" -> steps.add(TextStep.of(Kind.BYTE_PIECES));
      case "Fuse" -> steps.add(TextStep.of(Kind.FUSE));
      case "Strip" ->
          steps.add(
              TextStep.of(
                  Kind.STRIP_PIECES,
                  node.path("content").asText(" "),
                  "",
                  node.path("start").asInt(),
                  node.path("stop").asInt()));
      case "BPEDecoder" ->
          steps.add(TextStep.of(Kind.END_SUFFIXES, node.path("suffix").asText("</w>"), ""));
      default -> throw unknown("decoder", type);
    }
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isNull() || node.isMissingNode();
  }
}
