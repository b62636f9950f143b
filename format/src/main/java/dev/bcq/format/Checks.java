package dev.bcq.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Conditions that the contents of a directory must meet, with the message for those that it does
 * not.
 */
final class Checks {
  static final int MAX_SIZE = 1 << 24;

  private Checks() {}

  static void require(boolean holds, String field, Object found, String expected) {
    if (!holds) {
      throw new BcqFormatException(
          String.format(Locale.ROOT, "%s is %s; expected %s", field, found, expected));
    }
  }

  /** Returns a size that is at least 1 and small enough that products of two fit a long. */
  static int size(long value, String field) {
    require(value >= 1 && value <= MAX_SIZE, field, value, "1 to " + MAX_SIZE);
    return (int) value;
  }

  static int range(long value, int from, int to, String field) {
    require(value >= from && value <= to, field, value, from + " to " + to);
    return (int) value;
  }

  static float finite(float value, String field) {
    require(Float.isFinite(value), field, value, "a finite number");
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
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(present(bytes, field)).toString();
    } catch (CharacterCodingException e) {
      throw new BcqFormatException(field + " is not valid UTF-8", e);
    }
  }

  /** Returns a tensor's name: lower-case letters, digits, underscores and dots. */
  static String name(String name, String field) {
    boolean valid = !name.isEmpty();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      valid &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    }
    require(valid, field, "'" + name + "'", "lower-case letters, digits, '_' and '.'");
    return name;
  }
}
