package dev.bcq.runtime.text;

import static dev.bcq.runtime.text.CharacterClasses.isEmoji;
import static dev.bcq.runtime.text.CharacterClasses.isEmojiPart;
import static dev.bcq.runtime.text.CharacterClasses.isWhiteSpace;

/** Emoji and faces of characters, such as ":-)", behind a sentence: they belong to it. */
final class Emoji {
  private Emoji() {}

  /**
   * Finds the end of the emoji that follow an index, with or without white space between them. An
   * emoji after white space with a word directly behind it belongs to that word.
   */
  static int endOfAll(String text, int from, int lineEnd) {
    int at = from;
    while (true) {
      int first = at;
      while (first < lineEnd && isWhiteSpace(text.charAt(first))) {
        first++;
      }
      int end = end(text, first, lineEnd);
      boolean separate = end == lineEnd || first == at || isWhiteSpace(text.charAt(end));
      if (end == first || !separate) {
        return at;
      }
      at = end;
    }
  }

  private static int end(String text, int from, int lineEnd) {
    int at = from;
    while (at < lineEnd) {
      int codePoint = text.codePointAt(at);
      if (!isEmoji(codePoint) && (at == from || !isEmojiPart(codePoint))) {
        break;
      }
      at += Character.charCount(codePoint);
    }
    return at > from ? at : faceEnd(text, from, lineEnd);
  }

  private static int faceEnd(String text, int from, int lineEnd) {
    int at = from;
    if (at == lineEnd || ":;=".indexOf(text.charAt(at)) < 0) {
      return from;
    }
    at++;
    if (at < lineEnd && text.charAt(at) == '-') {
      at++;
    }
    return at < lineEnd && ")(DPpO/|".indexOf(text.charAt(at)) >= 0 ? at + 1 : from;
  }
}
