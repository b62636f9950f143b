package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8Test {

  private static boolean decodes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void assertAsDecoder(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    boolean valid = Utf8.isValid(ByteBuffer.wrap(bytes), 0, bytes.length);
    assertEquals(decodes(bytes), valid, () -> Arrays.toString(values));
  }

  @Test
  void agreesWithTheDecoderOnEverythingUpToThreeBytes() {
    assertAsDecoder();
    for (int a = 0; a < 256; a++) {
      assertAsDecoder(a);
      for (int b = 0; b < 256; b++) {
        assertAsDecoder(a, b);
        for (int c : new int[] {0, 0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xff}) {
          assertAsDecoder(a, b, c);
        }
      }
    }
  }

  @Test
  void agreesWithTheDecoderOnFourBytes() {
    int[] edges = {0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    for (int a = 0xe0; a < 256; a++) {
      for (int b : edges) {
        for (int c : edges) {
          for (int d : edges) {
            assertAsDecoder(a, b, c, d);
          }
        }
      }
    }
  }

  @Test
  void looksAtTheRangeAlone() {
    byte[] bytes = "\u00e4\u20ac".getBytes(StandardCharsets.UTF_8);
    assertEquals(true, Utf8.isValid(ByteBuffer.wrap(bytes), 2, 5));
    assertEquals(false, Utf8.isValid(ByteBuffer.wrap(bytes), 1, 5));
    assertEquals(false, Utf8.isValid(ByteBuffer.wrap(bytes), 0, 4));
  }
}
