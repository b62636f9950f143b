package dev.bcq.runtime.text;

/**
 * A part of a text, in UTF-16 units as in {@link String#substring(int, int)}.
 *
 * @param start first unit, at least 0
 * @param end behind the last unit, at least {@code start}
 */
public record TextRange(int start, int end) {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if it begins before the text or ends before it begins
   */
  public TextRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "range is " + start + " to " + end + ", expected 0 <= start <= end");
    }
  }

  /** Returns the number of UTF-16 units. */
  public int length() {
    return end - start;
  }

  /**
   * Returns the part of the text.
   *
   * @throws StringIndexOutOfBoundsException if the text ends before the range
   */
  public String substringOf(String text) {
    return text.substring(start, end);
  }
}
