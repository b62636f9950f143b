package dev.bcq.runtime.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TextRangeTest {
  @Test
  void givesItsPartOfAText() {
    TextRange range = new TextRange(2, 5);
    assertEquals("cde", range.substringOf("abcdefg"));
    assertEquals(3, range.length());
    assertEquals("", new TextRange(0, 0).substringOf(""));
  }

  @Test
  void rejectsRangesThatAreNone() {
    assertThrows(IllegalArgumentException.class, () -> new TextRange(-1, 2));
    Exception e = assertThrows(IllegalArgumentException.class, () -> new TextRange(3, 2));
    assertEquals("range is 3 to 2, expected 0 <= start <= end", e.getMessage());
  }
}
