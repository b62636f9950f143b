package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads decoding options of Hugging Face {@code generate}; refuses those that the runtime cannot
 * compute.
 */
final class GenerationReader {
  /** Keys that change nothing without sampling, or nothing at all. */
  static final Set<String> NEUTRAL =
      Set.of(
          "_from_model_config",
          "transformers_version",
          "use_cache",
          "cache_implementation",
          "cache_config",
          "output_attentions",
          "output_hidden_states",
          "output_scores",
          "output_logits",
          "return_dict_in_generate",
          "return_legacy_cache",
          "return_dict",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "epsilon_cutoff",
          "eta_cutoff",
          "pad_token_id",
          "remove_invalid_values",
          "disable_compile");

  /** Keys of which one value alone can be computed. */
  private static final Map<String, Object> ONLY =
      Map.ofEntries(
          Map.entry("do_sample", false),
          Map.entry("num_beam_groups", 1.0),
          Map.entry("diversity_penalty", 0.0),
          Map.entry("penalty_alpha", 0.0),
          Map.entry("encoder_repetition_penalty", 1.0),
          Map.entry("encoder_no_repeat_ngram_size", 0.0),
          Map.entry("renormalize_logits", false),
          Map.entry("guidance_scale", 1.0),
          Map.entry("token_healing", false));

  /** Keys that must not be there at all. */
  private static final Set<String> NEVER =
      Set.of(
          "sequence_bias",
          "constraints",
          "force_words_ids",
          "forced_decoder_ids",
          "exponential_decay_length_penalty",
          "watermarking_config",
          "stop_strings",
          "max_time",
          "dola_layers",
          "prompt_lookup_num_tokens");

  /** All keys that this class reads. */
  static final Set<String> KEYS =
      Stream.of(
              NEUTRAL,
              ONLY.keySet(),
              NEVER,
              Set.of(
                  "decoder_start_token_id",
                  "bos_token_id",
                  "eos_token_id",
                  "forced_bos_token_id",
                  "force_bos_token_to_be_generated",
                  "forced_eos_token_id",
                  "prefix",
                  "num_beams",
                  "num_return_sequences",
                  "length_penalty",
                  "early_stopping",
                  "repetition_penalty",
                  "no_repeat_ngram_size",
                  "min_new_tokens",
                  "max_new_tokens",
                  "min_length",
                  "max_length",
                  "bad_words_ids",
                  "suppress_tokens",
                  "begin_suppress_tokens"))
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private final ConfigReader config;
  private final int vocabulary;

  private GenerationReader(ConfigReader config, int vocabulary) {
    this.config = config;
    this.vocabulary = vocabulary;
  }

  /** Returns the options of a model; start and end tokens are always set. */
  static GenerationSettings read(ConfigReader config, int vocabulary) {
    GenerationReader reader = new GenerationReader(config, vocabulary);
    GenerationSettings settings = reader.settings();
    if (settings.startToken() == null) {
      throw new CheckpointException(
          config.file() + " has neither decoder_start_token_id nor bos_token_id");
    }
    if (settings.endTokens() == null || settings.endTokens().isEmpty()) {
      throw new CheckpointException(config.file() + " has no eos_token_id");
    }
    return settings;
  }

  /** Returns the options of a task; what is not there stays open. */
  static GenerationSettings readTask(ConfigReader config, int vocabulary) {
    return new GenerationReader(config, vocabulary).settings();
  }

  private GenerationSettings settings() {
    config.ignore(NEUTRAL);
    refuse();
    List<Integer> ends = tokens("eos_token_id");
    Integer start = token("decoder_start_token_id");
    Integer begin = token("bos_token_id");
    Integer forcedFirst = token("forced_bos_token_id");
    if (config.flag("force_bos_token_to_be_generated", false) && forcedFirst == null) {
      forcedFirst = begin;
    }
    return GenerationSettings.builder()
        .prefix(config.has("prefix") ? config.text("prefix", "") : null)
        .beams(atLeast("num_beams", 1))
        .nBest(atLeast("num_return_sequences", 1))
        .lengthPenalty(config.number("length_penalty"))
        .earlyStopping(earlyStopping())
        .repetitionPenalty(repetitionPenalty())
        .noRepeatNgram(atLeast("no_repeat_ngram_size", 0))
        .minTokens(atLeast("min_new_tokens", 0))
        .maxTokens(atLeast("max_new_tokens", 1))
        .minLength(atLeast("min_length", 0))
        .maxLength(atLeast("max_length", 2))
        .startToken(start == null ? begin : start)
        .endTokens(ends)
        .forcedFirstToken(forcedFirst)
        .forcedLastTokens(tokens("forced_eos_token_id"))
        .blockedTokens(blocked(ends))
        .suppressedTokens(tokens("suppress_tokens"))
        .beginSuppressedTokens(tokens("begin_suppress_tokens"))
        .build();
  }

  private void refuse() {
    for (Map.Entry<String, Object> only : ONLY.entrySet()) {
      JsonNode node = config.node(only.getKey());
      boolean absent = node.isMissingNode() || node.isNull();
      boolean same =
          only.getValue() instanceof Double number
              ? node.isNumber() && node.doubleValue() == number
              : node.isBoolean() && only.getValue().equals(node.booleanValue());
      if (!absent && !same) {
        throw config.wrong(only.getKey(), node, only.getValue() + ", the only supported value");
      }
    }
    for (String key : NEVER) {
      JsonNode node = config.node(key);
      boolean absent =
          node.isMissingNode() || node.isNull() || (node.isContainerNode() && node.isEmpty());
      if (!absent) {
        throw config.wrong(key, node, "no value: this option is not supported");
      }
    }
  }

  private @Nullable Integer atLeast(String key, int least) {
    Integer value = config.integer(key);
    if (value != null && value < least) {
      throw config.wrong(key, config.node(key), least + " or more");
    }
    return value;
  }

  private @Nullable Float repetitionPenalty() {
    Float value = config.number("repetition_penalty");
    if (value != null && !(value > 0)) {
      throw config.wrong("repetition_penalty", config.node("repetition_penalty"), "above 0");
    }
    return value;
  }

  private @Nullable EarlyStopping earlyStopping() {
    JsonNode node = config.node("early_stopping");
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (node.isBoolean()) {
      return node.booleanValue() ? EarlyStopping.TRUE : EarlyStopping.FALSE;
    }
    if (node.isTextual() && node.textValue().equals("never")) {
      return EarlyStopping.NEVER;
    }
    throw config.wrong("early_stopping", node, "true, false or \"never\"");
  }

  private @Nullable Integer token(String key) {
    List<Integer> tokens = tokens(key);
    if (tokens != null && tokens.size() != 1) {
      throw config.wrong(key, config.node(key), "one token id");
    }
    return tokens == null ? null : tokens.get(0);
  }

  private @Nullable List<Integer> tokens(String key) {
    List<Integer> tokens = config.integers(key);
    if (tokens != null) {
      for (int token : tokens) {
        checkToken(key, token);
      }
    }
    return tokens;
  }

  private void checkToken(String key, int token) {
    if (token < 0 || token >= vocabulary) {
      throw config.wrong(key, config.node(key), "token ids from 0 to " + (vocabulary - 1));
    }
  }

  private @Nullable List<Integer> blocked(@Nullable List<Integer> ends) {
    JsonNode lists = config.node("bad_words_ids");
    if (lists.isMissingNode() || lists.isNull()) {
      return null;
    }
    List<Integer> blocked = new ArrayList<>();
    for (JsonNode list : lists) {
      JsonNode token = list.path(0);
      if (list.size() != 1 || !token.isIntegralNumber()) {
        throw config.wrong(
            "bad_words_ids", lists, "lists of one token each; longer ones are not supported");
      }
      checkToken("bad_words_ids", token.intValue());
      if (ends == null || !ends.contains(token.intValue())) {
        blocked.add(token.intValue());
      }
    }
    return blocked;
  }
}
