package dev.bcq.runtime;

import dev.bcq.runtime.text.TextRange;
import java.util.List;

/**
 * The translation of a text, sentence by sentence.
 *
 * @param text the translated text
 * @param sentences its sentences in order; outside their ranges both texts have white space only
 */
public record TextTranslation(String text, List<Sentence> sentences) {

  /**
   * A sentence, or a part of one that was too long for the model.
   *
   * @param source where it stands in the source
   * @param target where its translation stands in {@link TextTranslation#text}; empty if it has
   *     none
   * @param translation its translation, as it has it alone
   */
  public record Sentence(TextRange source, TextRange target, Translation translation) {}
}
