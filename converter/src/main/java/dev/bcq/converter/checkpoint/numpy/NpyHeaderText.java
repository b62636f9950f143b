package dev.bcq.converter.checkpoint.numpy;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of a header: a dict as Python writes it, with the keys {@code descr}, {@code
 * fortran_order} and {@code shape}, each once, and nothing else.
 */
final class NpyHeaderText {
  /** NumPy's own limit. */
  private static final int MOST_DIMENSIONS = 32;

  private final String where;
  private final String text;
  private int at;
  private @Nullable String descr;
  private @Nullable Boolean fortranOrder;
  private @Nullable List<Long> shape;

  NpyHeaderText(String where, String text) {
    this.where = where;
    this.text = text;
  }

  NpyHeader read(long dataOffset) {
    expect('{');
    while (!found('}')) {
      entry();
      if (!found(',')) {
        expect('}');
        break;
      }
    }
    skipSpace();
    if (at != text.length()) {
      throw damaged("the end of the header");
    }
    if (descr == null || fortranOrder == null || shape == null) {
      throw damaged("the keys descr, fortran_order and shape");
    }
    return new NpyHeader(descr, fortranOrder, shape, dataOffset);
  }

  private void entry() {
    String key = quoted();
    expect(':');
    switch (key) {
      case "descr" -> {
        checkAbsent(descr);
        descr = descr();
      }
      case "fortran_order" -> {
        checkAbsent(fortranOrder);
        fortranOrder = truth();
      }
      case "shape" -> {
        checkAbsent(shape);
        shape = shape();
      }
      default -> throw damaged("the keys descr, fortran_order and shape alone");
    }
  }

  private void checkAbsent(@Nullable Object value) {
    if (value != null) {
      throw damaged("each key once");
    }
  }

  private String descr() {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '[') {
      throw new CheckpointException(where + " holds records of several fields; expected numbers");
    }
    return quoted();
  }

  private boolean truth() {
    skipSpace();
    for (String word : List.of("True", "False")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw damaged("True or False");
  }

  private List<Long> shape() {
    List<Long> sizes = new ArrayList<>();
    expect('(');
    while (!found(')')) {
      sizes.add(size());
      if (sizes.size() > MOST_DIMENSIONS) {
        throw damaged("at most " + MOST_DIMENSIONS + " dimensions");
      }
      if (!found(',')) {
        expect(')');
        break;
      }
    }
    return sizes;
  }

  private long size() {
    skipSpace();
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    // Python 2 has written long integers with an L.
    String digits = text.substring(from, at);
    if (at < text.length() && text.charAt(at) == 'L') {
      at++;
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      at = from;
      throw damaged("a size");
    }
  }

  private String quoted() {
    skipSpace();
    char quote = at < text.length() ? text.charAt(at) : 0;
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
      throw damaged("a text in quotes");
    }
    String content = text.substring(at + 1, end);
    at = end + 1;
    return content;
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private boolean found(char character) {
    skipSpace();
    boolean there = at < text.length() && text.charAt(at) == character;
    if (there) {
      at++;
    }
    return there;
  }

  private void expect(char character) {
    if (!found(character)) {
      throw damaged("'" + character + "'");
    }
  }

  private CheckpointException damaged(String expected) {
    return new CheckpointException(
        "%s is damaged: its header has something else at character %d than %s"
            .formatted(where, at, expected));
  }
}
