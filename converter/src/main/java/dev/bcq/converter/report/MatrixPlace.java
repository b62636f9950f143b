package dev.bcq.converter.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a model a matrix stands.
 *
 * @param column its layer, {@code e0} for the first one of the encoder, {@code d0} for the first of
 *     the decoder; {@value #OUTSIDE} outside of layers
 * @param part what it belongs to, such as {@code encoder self-attention}
 * @param kind what it is there, such as {@code self-attention query}
 */
record MatrixPlace(String column, String part, String kind) {
  static final String OUTSIDE = "model";
  private static final Pattern IN_LAYER =
      Pattern.compile("(encoder|decoder)\\.layers\\.(\\d+)\\.(\\w+)\\.(\\w+)\\.weight");

  /** Returns the place that a canonical name tells of. */
  static MatrixPlace of(String name) {
    Matcher matcher = IN_LAYER.matcher(name);
    if (!matcher.matches()) {
      String alone = name.replaceFirst("\\.weight$", "").replace('.', ' ');
      return new MatrixPlace(OUTSIDE, alone, alone);
    }
    String stack = matcher.group(1);
    String block = matcher.group(3).replace('_', '-');
    return new MatrixPlace(
        stack.charAt(0) + matcher.group(2), stack + " " + block, block + " " + matcher.group(4));
  }
}
