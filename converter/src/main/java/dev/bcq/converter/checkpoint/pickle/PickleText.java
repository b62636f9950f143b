package dev.bcq.converter.checkpoint.pickle;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The strings of protocol 0, which are printable text with escapes. */
final class PickleText {
  private static final String ESCAPES = "\\'\"abfnrtv";
  private static final byte[] ESCAPED = {'\\', '\'', '"', 7, '\b', '\f', '\n', '\r', '\t', 11};

  private PickleText() {}

  /** Returns the bytes of a str as the {@code repr} of Python 2 prints it. */
  static MemorySegment quoted(PickleInput in) {
    byte[] line = in.line().toArray(ValueLayout.JAVA_BYTE);
    int end = line.length - 1;
    if (end < 1 || (line[0] != '\'' && line[0] != '"') || line[end] != line[0]) {
      throw in.error("its string has no quotes around it; the file is damaged");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(end);
    int at = 1;
    while (at < end) {
      if (line[at] != '\\') {
        bytes.write(line[at++]);
      } else if (at + 1 < end && line[at + 1] == 'x') {
        bytes.write(number(in, line, at + 2, Math.min(end, at + 4), 2));
        at += 4;
      } else {
        int escape = at + 1 < end ? ESCAPES.indexOf(line[at + 1]) : -1;
        if (escape < 0) {
          throw in.error("its string has an unknown escape; the file is damaged");
        }
        bytes.write(ESCAPED[escape]);
        at += 2;
      }
    }
    return MemorySegment.ofArray(bytes.toByteArray());
  }

  /** Returns a string in the encoding that Python calls raw-unicode-escape. */
  static String rawUnicodeEscape(PickleInput in) {
    byte[] line = in.line().toArray(ValueLayout.JAVA_BYTE);
    StringBuilder text = new StringBuilder(line.length);
    int at = 0;
    while (at < line.length) {
      boolean escape = line[at] == '\\' && at + 1 < line.length;
      int digits = escape && line[at + 1] == 'u' ? 4 : escape && line[at + 1] == 'U' ? 8 : 0;
      if (digits == 0) {
        text.append((char) (line[at++] & 0xff));
      } else {
        int point = number(in, line, at + 2, Math.min(line.length, at + 2 + digits), digits);
        if (!Character.isValidCodePoint(point)) {
          throw in.error("its string has an escape that is no character; the file is damaged");
        }
        text.appendCodePoint(point);
        at += 2 + digits;
      }
    }
    return text.toString();
  }

  private static int number(PickleInput in, byte[] line, int from, int to, int digits) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(line[i], 16);
      if (digit < 0) {
        throw in.error("its string has a damaged escape");
      }
      value = value << 4 | digit;
    }
    if (to - from != digits) {
      throw in.error("its string has a damaged escape");
    }
    return value;
  }
}
