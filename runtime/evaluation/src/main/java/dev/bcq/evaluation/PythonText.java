package dev.bcq.evaluation;

import java.util.List;
import java.util.regex.Pattern;

/** White space as Python's {@code str} knows it: Unicode's, and four separators of ASCII. */
final class PythonText {
  private static final Pattern SPACE =
      Pattern.compile("[\\s\\u001c-\\u001f]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END =
      Pattern.compile("[\\s\\u001c-\\u001f]++\\z", Pattern.UNICODE_CHARACTER_CLASS);

  private PythonText() {}

  /** Returns what {@code text.split()} does. */
  static List<String> split(String text) {
    return SPACE.splitAsStream(text).filter(token -> !token.isEmpty()).toList();
  }

  /** Returns what {@code "".join(text.split())} does. */
  static String withoutSpace(String text) {
    return SPACE.matcher(text).replaceAll("");
  }

  /** Returns what {@code text.rstrip()} does. */
  static String withoutTrailingSpace(String text) {
    return END.matcher(text).replaceFirst("");
  }
}
