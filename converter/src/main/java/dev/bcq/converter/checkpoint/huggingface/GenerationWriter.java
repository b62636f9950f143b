package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes decoding options as Hugging Face {@code generate} names them. */
final class GenerationWriter {

  private GenerationWriter() {}

  /** Puts the options that are set. */
  static void write(GenerationSettings settings, ObjectNode json) {
    put(json, "prefix", settings.prefix());
    put(json, "decoder_start_token_id", settings.startToken());
    putTokens(json, "eos_token_id", settings.endTokens());
    put(json, "forced_bos_token_id", settings.forcedFirstToken());
    putTokens(json, "forced_eos_token_id", settings.forcedLastTokens());
    put(json, "num_beams", settings.beams());
    put(json, "num_return_sequences", settings.nBest());
    put(json, "length_penalty", settings.lengthPenalty());
    earlyStopping(json, settings.earlyStopping());
    put(json, "repetition_penalty", settings.repetitionPenalty());
    put(json, "no_repeat_ngram_size", settings.noRepeatNgram());
    put(json, "min_new_tokens", settings.minTokens());
    put(json, "max_new_tokens", settings.maxTokens());
    put(json, "min_length", settings.minLength());
    put(json, "max_length", settings.maxLength());
    if (settings.blockedTokens() != null) {
      ArrayNode lists = json.putArray("bad_words_ids");
      settings.blockedTokens().forEach(token -> lists.addArray().add(token));
    }
    putList(json, "suppress_tokens", settings.suppressedTokens());
    putList(json, "begin_suppress_tokens", settings.beginSuppressedTokens());
  }

  /** Puts the tokens without which no model works. */
  static void writeSpecialTokens(
      GenerationSettings settings, @Nullable Integer pad, ObjectNode json) {
    put(json, "pad_token_id", pad);
    put(json, "decoder_start_token_id", settings.startToken());
    putTokens(json, "eos_token_id", settings.endTokens());
  }

  private static void put(ObjectNode json, String key, @Nullable Object value) {
    if (value != null) {
      json.putPOJO(key, value);
    }
  }

  /** Puts one token as a number, several as a list. */
  private static void putTokens(ObjectNode json, String key, @Nullable List<Integer> tokens) {
    if (tokens != null && tokens.size() == 1) {
      json.put(key, tokens.get(0));
    } else {
      putList(json, key, tokens);
    }
  }

  private static void putList(ObjectNode json, String key, @Nullable List<Integer> tokens) {
    if (tokens != null) {
      tokens.forEach(json.putArray(key)::add);
    }
  }

  private static void earlyStopping(ObjectNode json, @Nullable EarlyStopping value) {
    if (value == EarlyStopping.NEVER) {
      json.put("early_stopping", "never");
    } else if (value != null) {
      json.put("early_stopping", value == EarlyStopping.TRUE);
    }
  }
}
