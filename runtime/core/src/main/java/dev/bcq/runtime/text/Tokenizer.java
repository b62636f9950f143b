package dev.bcq.runtime.text;

import dev.bcq.format.TokenizerModel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Text to a model's token ids and back. What a user types never becomes a special token, but for
 * the language token that a Marian source may begin with. Immutable and thread-safe.
 */
public final class Tokenizer {
  private static final Set<String> SPECIAL = Set.of("<pad>", "<s>", "</s>", "<unk>");

  private final TokenizerModel model;
  private final SentencePiece source;
  private final SentencePiece target;
  private final Map<String, Integer> ids = new HashMap<>();

  /** Prepares a tokenizer. */
  public Tokenizer(TokenizerModel model) {
    this.model = model;
    this.source = new SentencePiece(model.source());
    this.target = model.target() == null ? source : new SentencePiece(model.target());
    List<String> vocabulary = model.vocabulary();
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.get(id), id);
    }
  }

  /** Returns the tokens of a source text and the end token. */
  public int[] encode(String text) {
    int end = model.languageTokens() && text.startsWith(">>") ? text.indexOf("<<") + 2 : 0;
    Integer language = end > 2 ? ids.get(text.substring(0, end)) : null;
    if (language == null) {
      return encode(source, text);
    }
    int[] rest = encode(source, text.substring(end));
    int[] result = new int[rest.length + 1];
    result[0] = language;
    System.arraycopy(rest, 0, result, 1, rest.length);
    return result;
  }

  /** Returns the tokens of a target text and the end token. */
  public int[] encodeTarget(String text) {
    return encode(target, text);
  }

  private int[] encode(SentencePiece pieces, String text) {
    int[] numbers = pieces.encode(text);
    int[] result = Arrays.copyOf(numbers, numbers.length + 1);
    if (!ids.isEmpty()) {
      for (int i = 0; i < numbers.length; i++) {
        result[i] = ids.getOrDefault(pieces.model().pieces().get(numbers[i]), model.unknown());
      }
    }
    result[numbers.length] = model.end();
    return result;
  }

  /**
   * Returns the text of target tokens. Special tokens and ids outside the vocabulary have none; the
   * unknown one has what the SentencePiece model says, or none where ids come from a vocabulary.
   */
  public String decode(int[] tokens) {
    if (ids.isEmpty()) {
      return target.decode(tokens);
    }
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      if (token >= 0 && token < model.vocabulary().size() && !isSpecial(token)) {
        text.append(model.vocabulary().get(token));
      }
    }
    return text.toString().replace('\u2581', ' ').trim();
  }

  private boolean isSpecial(int token) {
    String text = model.vocabulary().get(token);
    return token == model.end()
        || token == model.unknown()
        || SPECIAL.contains(text)
        || (text.startsWith(">>") && text.endsWith("<<"));
  }
}
