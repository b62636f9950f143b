package dev.bcq.runtime.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * GPT-2's characters for bytes: bytes 33 to 126, 161 to 172 and 174 to 255 are their own code
 * point, the others follow from U+0100 on.
 */
final class ByteCharacters {
  private static final char[] OF_BYTE = new char[256];
  private static final short[] OF_CHARACTER = new short[0x144];

  static {
    Arrays.fill(OF_CHARACTER, (short) -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean own = (b >= 33 && b <= 126) || (b >= 161 && b != 173);
      OF_BYTE[b] = own ? (char) b : next++;
      OF_CHARACTER[OF_BYTE[b]] = (short) b;
    }
  }

  private ByteCharacters() {}

  /** Returns the characters of the bytes of a text's UTF-8. */
  static String of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    char[] characters = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      characters[i] = OF_BYTE[bytes[i] & 0xff];
    }
    return new String(characters);
  }

  /** Returns the bytes of characters; a text with any other character gives its own UTF-8. */
  static byte[] bytes(String characters) {
    byte[] bytes = new byte[characters.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = characters.charAt(i);
      int value = c < OF_CHARACTER.length ? OF_CHARACTER[c] : -1;
      if (value < 0) {
        return characters.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }
}
