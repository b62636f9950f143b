package dev.bcq.evaluation;

import java.util.List;
import java.util.regex.Pattern;

/** How BLEU cuts a line into tokens: tokenizers of sacreBLEU under their names there. */
public enum BleuTokenizer {
  /** That of {@code mteval-v13a.pl}, the default: punctuation of ASCII apart, but for numbers. */
  MTEVAL_13A("13a") {
    @Override
    List<String> tokens(String line) {
      String text = line.replace("<skipped>", "").replace("-\n", "").replace("\n", " ");
      if (text.contains("&")) {
        text =
            text.replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
      }
      text = ASCII_SYMBOLS.matcher(" " + text + " ").replaceAll(" $1 ");
      text = BEFORE_MARK.matcher(text).replaceAll("$1 $2 ");
      text = AFTER_MARK.matcher(text).replaceAll(" $1 $2");
      text = DASH.matcher(text).replaceAll("$1 $2 ");
      return PythonText.split(text);
    }
  },

  /**
   * That of {@code mteval-v14.pl}: all punctuation and symbols apart, but for numbers. What is
   * punctuation the Unicode version of the JVM says.
   */
  INTERNATIONAL("intl") {
    @Override
    List<String> tokens(String line) {
      String text = BEFORE_PUNCTUATION.matcher(line).replaceAll("$1 $2 ");
      text = AFTER_PUNCTUATION.matcher(text).replaceAll(" $1 $2");
      text = SYMBOL.matcher(text).replaceAll(" $1 ");
      return PythonText.split(text);
    }
  },

  /** Characters, without white space. */
  CHARACTERS("char") {
    @Override
    List<String> tokens(String line) {
      return PythonText.withoutSpace(line).codePoints().mapToObj(Character::toString).toList();
    }
  },

  /** What white space separates. */
  NONE("none") {
    @Override
    List<String> tokens(String line) {
      return PythonText.split(line);
    }
  };

  private static final Pattern ASCII_SYMBOLS =
      Pattern.compile("([\\{-\\~\\[-\\` -\\&\\(-\\+\\:-\\@\\/])");
  private static final Pattern BEFORE_MARK = Pattern.compile("([^0-9])([\\.,])");
  private static final Pattern AFTER_MARK = Pattern.compile("([\\.,])([^0-9])");
  private static final Pattern DASH = Pattern.compile("([0-9])(-)");
  private static final Pattern BEFORE_PUNCTUATION = Pattern.compile("(\\P{N})(\\p{P})");
  private static final Pattern AFTER_PUNCTUATION = Pattern.compile("(\\p{P})(\\P{N})");
  private static final Pattern SYMBOL = Pattern.compile("(\\p{S})");

  private final String id;

  BleuTokenizer(String id) {
    this.id = id;
  }

  /** Returns the tokens of a line without trailing white space. */
  abstract List<String> tokens(String line);

  /** Returns the name that sacreBLEU has for it, as in signatures. */
  @Override
  public String toString() {
    return id;
  }
}
