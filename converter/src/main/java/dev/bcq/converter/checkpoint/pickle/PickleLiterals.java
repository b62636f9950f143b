package dev.bcq.converter.checkpoint.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Values that are written out in a pickle. */
final class PickleLiterals {
  /** 2040 bits: a longer int is no size, and costs time to compare and to print. */
  private static final int LONGEST_INT = 255;

  private static final int LONGEST_DECIMAL = 620;
  private static final int DIGITS_OF_A_LONG = 18;

  private final PickleInput in;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  PickleLiterals(PickleInput in) {
    this.in = in;
  }

  Object read(Opcode opcode) {
    return switch (opcode) {
      case NONE -> PickleNone.NONE;
      case NEWTRUE -> true;
      case NEWFALSE -> false;
      case INT -> intLine();
      case BININT -> (long) in.i32();
      case BININT1 -> (long) in.u8();
      case BININT2 -> (long) in.u16();
      case LONG -> longLine();
      case LONG1 -> twosComplement(in.u8());
      case LONG4 -> twosComplement(in.i32());
      case FLOAT -> floatLine();
      case BINFLOAT -> in.f64();
      case STRING -> pythonTwoString(PickleText.quoted(in));
      case BINSTRING -> pythonTwoString(in.take(in.i32()));
      case SHORT_BINSTRING -> pythonTwoString(in.take(in.u8()));
      case UNICODE -> PickleText.rawUnicodeEscape(in);
      case BINUNICODE -> text(in.take(in.u32()));
      case SHORT_BINUNICODE -> text(in.take(in.u8()));
      case BINUNICODE8 -> text(in.take(in.length64()));
      case BINBYTES -> new PickleBytes(in.take(in.u32()));
      case SHORT_BINBYTES -> new PickleBytes(in.take(in.u8()));
      case BINBYTES8, BYTEARRAY8 -> new PickleBytes(in.take(in.length64()));
      default -> throw new IllegalArgumentException(opcode + " is not a literal");
    };
  }

  private Object intLine() {
    String line = in.asciiLine(LONGEST_DECIMAL);
    char last = line.length() == 2 && line.charAt(0) == '0' ? line.charAt(1) : ' ';
    if (last == '0' || last == '1') {
      return last == '1';
    }
    return decimal(line);
  }

  private Object longLine() {
    String line = in.asciiLine(LONGEST_DECIMAL);
    int end = line.length() - 1;
    return decimal(end >= 0 && line.charAt(end) == 'L' ? line.substring(0, end) : line);
  }

  private Object decimal(String text) {
    boolean sign = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+');
    int first = sign ? 1 : 0;
    boolean digits = first < text.length();
    for (int i = first; i < text.length(); i++) {
      digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw in.error("its line is no whole number; the file is damaged");
    }
    return text.length() <= DIGITS_OF_A_LONG
        ? (Object) Long.parseLong(text)
        : whole(new BigInteger(text));
  }

  private Object twosComplement(int length) {
    if (length < 0 || length > LONGEST_INT) {
      throw in.error(
          "an int of %d bytes; expected at most %d; the file is damaged"
              .formatted(length, LONGEST_INT));
    }
    byte[] digits = in.take(length).toArray(ValueLayout.JAVA_BYTE);
    for (int i = 0; i < length / 2; i++) {
      byte low = digits[i];
      digits[i] = digits[length - 1 - i];
      digits[length - 1 - i] = low;
    }
    return length == 0 ? (Object) 0L : whole(new BigInteger(digits));
  }

  private static Object whole(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private Object floatLine() {
    String line = in.asciiLine(LONGEST_DECIMAL);
    boolean digits = true;
    for (int i = 0; i < line.length(); i++) {
      digits &= "0123456789+-.eE".indexOf(line.charAt(i)) >= 0;
    }
    try {
      if (digits) {
        return Double.parseDouble(line);
      }
    } catch (NumberFormatException e) {
      throw in.error("its line is no number; the file is damaged", e);
    }
    return switch (line) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> throw in.error("its line is no number; the file is damaged");
    };
  }

  /** Returns a str of Python 2, which holds bytes: text if they are UTF-8, as torch takes them. */
  private Object pythonTwoString(MemorySegment bytes) {
    String text = utf8(bytes);
    return text == null ? new PickleBytes(bytes) : text;
  }

  private String text(MemorySegment bytes) {
    String text = utf8(bytes);
    if (text == null) {
      throw in.error("a text that is not UTF-8; the file is damaged");
    }
    return text;
  }

  /** Returns null if the bytes are no text: an exception for each costs more than many bytes. */
  private @Nullable String utf8(MemorySegment bytes) {
    byte[] copy = bytes.toArray(ValueLayout.JAVA_BYTE);
    boolean ascii = true;
    for (byte each : copy) {
      ascii &= each >= 0;
    }
    if (ascii) {
      return copy.length == 0 ? "" : new String(copy, StandardCharsets.ISO_8859_1);
    }
    CharBuffer text = CharBuffer.allocate(copy.length);
    boolean wrong = utf8.reset().decode(ByteBuffer.wrap(copy), text, true).isError();
    return wrong ? null : text.flip().toString();
  }
}
