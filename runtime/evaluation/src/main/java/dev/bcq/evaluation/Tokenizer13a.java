package dev.bcq.evaluation;

import java.util.List;
import java.util.regex.Pattern;

/** The tokenizer {@code 13a} of sacreBLEU, which follows {@code mteval-v13a.pl}. */
final class Tokenizer13a {
  private static final Pattern SYMBOLS =
      Pattern.compile("([\\{-\\~\\[-\\` -\\&\\(-\\+\\:-\\@\\/])");
  private static final Pattern BEFORE_MARK = Pattern.compile("([^0-9])([\\.,])");
  private static final Pattern AFTER_MARK = Pattern.compile("([\\.,])([^0-9])");
  private static final Pattern DASH = Pattern.compile("([0-9])(-)");
  private static final Pattern SPACE =
      Pattern.compile("[\\s\\u001c-\\u001f\\u0085]+", Pattern.UNICODE_CHARACTER_CLASS);

  private Tokenizer13a() {}

  static List<String> tokens(String line) {
    String text = line.replace("<skipped>", "").replace("-\n", "").replace("\n", " ");
    if (text.contains("&")) {
      text =
          text.replace("&quot;", "\"")
              .replace("&amp;", "&")
              .replace("&lt;", "<")
              .replace("&gt;", ">");
    }
    text = " " + text + " ";
    text = SYMBOLS.matcher(text).replaceAll(" $1 ");
    text = BEFORE_MARK.matcher(text).replaceAll("$1 $2 ");
    text = AFTER_MARK.matcher(text).replaceAll(" $1 $2");
    text = DASH.matcher(text).replaceAll("$1 $2 ");
    return SPACE.splitAsStream(text).filter(token -> !token.isEmpty()).toList();
  }
}
