package dev.bcq.runtime.text;

import dev.bcq.format.BcqFormatException;
import dev.bcq.format.TextStep;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The normalizer steps of a pipeline. Immutable and thread-safe. */
final class TextNormalizer {
  /** A text grows at most so much; compatibility decomposition makes 18 letters of one. */
  private static final int MOST_GROWTH = 32;

  private static final int GROWTH_OF_ANY = 1024;

  private final List<TextStep> steps;
  private final List<CharacterMap> maps = new ArrayList<>();

  TextNormalizer(List<TextStep> steps) {
    this.steps = steps;
    for (TextStep step : steps) {
      maps.add(new CharacterMap(step.map()));
    }
  }

  /**
   * Returns the normalized text.
   *
   * @throws BcqFormatException if steps make much more of a text than any real tokenizer does
   */
  String normalize(String text) {
    String result = text;
    long most = (long) MOST_GROWTH * text.length() + GROWTH_OF_ANY;
    for (int i = 0; i < steps.size(); i++) {
      result = apply(steps.get(i), maps.get(i), result, most);
    }
    return result;
  }

  private static String apply(TextStep step, CharacterMap map, String text, long most) {
    return switch (step.kind()) {
      case CHARACTER_MAP -> mapped(map, text, most);
      case REPLACE -> replaced(step.text(), step.content(), text, most);
      case REPLACE_SPACES -> spacesReplaced(step, text, most);
      case STRIP -> stripped(text, step.first() == 1, step.second() == 1);
      case LOWERCASE -> lowerCase(text);
      case NFC -> java.text.Normalizer.normalize(text, Form.NFC);
      case NFD -> java.text.Normalizer.normalize(text, Form.NFD);
      case NFKC -> java.text.Normalizer.normalize(text, Form.NFKC);
      case NFKD -> java.text.Normalizer.normalize(text, Form.NFKD);
      case STRIP_MARKS -> withoutMarks(text, step.first() == 1);
      case CLEAN -> cleaned(text);
      case SPACE_CHINESE -> chineseSpaced(text);
      case PREPEND -> text.isEmpty() ? text : step.text() + text;
      default -> throw new IllegalStateException(step.kind() + " is no step of a normalizer");
    };
  }

  /** Returns the text with each occurrence of a string replaced. */
  static String replaced(String what, String content, String text, long most) {
    StringBuilder result = new StringBuilder(text.length());
    int from = 0;
    for (int at = text.indexOf(what); at >= 0; at = text.indexOf(what, from)) {
      result.append(text, from, at).append(content);
      from = at + what.length();
      check(result, most);
    }
    return result.append(text, from, text.length()).toString();
  }

  private static void check(StringBuilder result, long most) {
    if (result.length() > most) {
      throw new BcqFormatException(
          String.format(
              Locale.ROOT,
              "the tokenizer's steps make more than %d characters of a text; expected at most %d"
                  + " times its length",
              most,
              MOST_GROWTH));
    }
  }

  private static String mapped(CharacterMap map, String text, long most) {
    StringBuilder result = new StringBuilder(text.length() + 16);
    for (int at = 0; at < text.length(); ) {
      int end = Graphemes.end(text, at);
      byte[] cluster = text.substring(at, end).getBytes(StandardCharsets.UTF_8);
      if (cluster.length >= 6 || !append(map, cluster, result)) {
        for (int inner = at; inner < end; ) {
          int codePoint = text.codePointAt(inner);
          byte[] single = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
          if (!append(map, single, result)) {
            result.appendCodePoint(codePoint);
          }
          inner += Character.charCount(codePoint);
        }
      }
      check(result, most);
      at = end;
    }
    return result.toString();
  }

  private static boolean append(CharacterMap map, byte[] key, StringBuilder result) {
    int from = map.shortestMatch(key);
    if (from < 0) {
      return false;
    }
    byte[] bytes = map.bytes();
    int to = from;
    while (to < bytes.length && bytes[to] != 0) {
      to++;
    }
    result.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    return true;
  }

  private static String spacesReplaced(TextStep step, String text, long most) {
    StringBuilder result = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); ) {
      int end = at;
      while (end < text.length() && text.charAt(end) == ' ') {
        end++;
      }
      if (end - at >= step.first() && end > at) {
        result.append(step.content());
      } else {
        result.append(text, at, end);
      }
      if (end < text.length()) {
        result.append(text.charAt(end));
      }
      check(result, most);
      at = end + 1;
    }
    return result.toString();
  }

  private static String stripped(String text, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && CharacterKinds.isWhiteSpace(text.charAt(from))) {
      from++;
    }
    while (right && to > from && CharacterKinds.isWhiteSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  // Character by character: String.toLowerCase treats a sigma by what stands around it.
  private static String lowerCase(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == 0x130) {
                result.append("i\u0307");
              } else {
                result.appendCodePoint(Character.toLowerCase(c));
              }
            });
    return result.toString();
  }

  private static String withoutMarks(String text, boolean all) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .filter(
            c ->
                all
                    ? !CharacterKinds.isMark(c)
                    : Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(result::appendCodePoint);
    return result.toString();
  }

  private static String cleaned(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> !CharacterKinds.isDropped(c))
        .forEach(c -> result.appendCodePoint(CharacterKinds.isWhiteSpace(c) ? ' ' : c));
    return result.toString();
  }

  private static String chineseSpaced(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (CharacterKinds.isChinese(c)) {
                result.append(' ').appendCodePoint(c).append(' ');
              } else {
                result.appendCodePoint(c);
              }
            });
    return result.toString();
  }
}
