package dev.bcq.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Conditions that the contents of a directory must meet, with the message for those that it does
 * not. What is named comes as an owner and a part: a hostile directory has many of them, and only a
 * message puts them together.
 */
final class Checks {
  static final int MAX_SIZE = 1 << 24;
  private static final int MAX_NAME = 255;

  private Checks() {}

  static void require(boolean holds, String field, Object found, String expected) {
    if (!holds) {
      throw wrong(field, "", found, expected);
    }
  }

  static BcqFormatException wrong(String owner, String part, Object found, String expected) {
    return new BcqFormatException(
        String.format(
            Locale.ROOT,
            "%s%s%s is %s; expected %s",
            owner,
            part.isEmpty() ? "" : " ",
            part,
            found,
            expected));
  }

  /** Returns a size that is at least 1 and small enough that products of two fit a long. */
  static int size(long value, String owner, String part) {
    return range(value, 1, MAX_SIZE, owner, part);
  }

  static int range(long value, int from, int to, String owner, String part) {
    if (value < from || value > to) {
      throw wrong(owner, part, value, from + " to " + to);
    }
    return (int) value;
  }

  static float finite(float value, String owner, String part) {
    if (!Float.isFinite(value)) {
      throw wrong(owner, part, value, "a finite number");
    }
    return value;
  }

  static <T> T present(@Nullable T value, String field) {
    if (value == null) {
      throw new BcqFormatException(field + " is missing");
    }
    return value;
  }

  /** Returns the text of UTF-8 bytes. */
  static String text(@Nullable ByteBuffer bytes, String field) {
    ByteBuffer found = present(bytes, field);
    if (!Utf8.isValid(found, found.position(), found.limit())) {
      throw new BcqFormatException(field + " is not valid UTF-8");
    }
    byte[] copy = new byte[found.remaining()];
    found.get(copy);
    return new String(copy, StandardCharsets.UTF_8);
  }

  /** Returns a tensor's name: lower-case letters, digits, underscores and dots. */
  static String name(String name, String field) {
    if (name.length() > MAX_NAME) {
      throw wrong(field, "name", name.length() + " characters", "at most " + MAX_NAME);
    }
    boolean valid = !name.isEmpty();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      valid &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    }
    if (!valid) {
      throw wrong(field, "name", "'" + name + "'", "lower-case letters, digits, '_' and '.'");
    }
    return name;
  }
}
