package dev.bcq.format;

import java.util.List;

/**
 * How a text becomes pieces and pieces become a text.
 *
 * @param normalizer steps from text to text
 * @param splitter steps from text to words; none for a text that is one word
 * @param model what cuts words into pieces
 * @param decoder steps from pieces to text; none for a {@link SentencePieceModel} that decodes by
 *     itself, else pieces are joined by spaces
 * @param added texts that are found before anything else
 */
public record TextPipeline(
    List<TextStep> normalizer,
    List<TextStep> splitter,
    SubwordModel model,
    List<TextStep> decoder,
    List<AddedText> added) {

  /** Returns the pipeline of a model that needs no steps. */
  public static TextPipeline of(SubwordModel model) {
    return new TextPipeline(List.of(), List.of(), model, List.of(), List.of());
  }

  /** Whether there is nothing but the model. */
  public boolean isBare() {
    return normalizer.isEmpty() && splitter.isEmpty() && decoder.isEmpty() && added.isEmpty();
  }

  /**
   * A text that is one token wherever it stands.
   *
   * @param text what is searched
   * @param token its id
   * @param leftStrip white space in front of it belongs to it
   * @param rightStrip white space behind it belongs to it
   * @param normalized it is searched in the normalized text, and itself normalized
   * @param singleWord it counts only between characters that are no part of a word
   */
  public record AddedText(
      String text,
      int token,
      boolean leftStrip,
      boolean rightStrip,
      boolean normalized,
      boolean singleWord) {}
}
