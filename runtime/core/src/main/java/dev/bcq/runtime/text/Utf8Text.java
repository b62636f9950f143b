package dev.bcq.runtime.text;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text that grows by strings and by single bytes; bytes that are no UTF-8 become U+FFFD, each for
 * itself.
 */
final class Utf8Text {
  private final StringBuilder text = new StringBuilder();
  private byte[] pending = new byte[16];
  private int count;

  void add(String string) {
    text.append(string);
  }

  void addByte(int value) {
    if (count == pending.length) {
      pending = Arrays.copyOf(pending, 2 * count);
    }
    pending[count++] = (byte) value;
  }

  boolean isEmpty() {
    return text.length() == 0;
  }

  /** Turns the bytes since the last string into text. */
  void endBytes() {
    if (count == 0) {
      return;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(pending, 0, count);
    CharBuffer characters = CharBuffer.allocate(count + 1);
    while (bytes.hasRemaining()) {
      CoderResult result = decoder.decode(bytes, characters, true);
      if (result.isError()) {
        bytes.get();
        characters.put('\ufffd');
      }
      decoder.reset();
    }
    ((Buffer) characters).flip();
    text.append(characters);
    count = 0;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
