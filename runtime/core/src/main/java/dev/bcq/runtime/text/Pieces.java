package dev.bcq.runtime.text;

import java.util.Arrays;

/**
 * The pieces of a text, found from its end to its beginning. A run of unknown pieces becomes one,
 * or one piece for each of its bytes.
 */
final class Pieces {
  private final byte[] text;
  private final int unknown;
  private final int[] bytePieces;
  private final int[] numbers;
  private final int[] starts;
  private final int[] ends;
  private int first;

  /**
   * Prepares for a text.
   *
   * @param unknown number of the unknown piece
   * @param bytePieces the piece of each byte, for unknown characters; empty if there are none
   */
  Pieces(byte[] text, int unknown, int[] bytePieces) {
    this.text = text;
    this.unknown = unknown;
    this.bytePieces = bytePieces;
    this.numbers = new int[text.length];
    this.starts = new int[text.length];
    this.ends = new int[text.length];
    this.first = text.length;
  }

  /** Puts a piece, bytes {@code from} to {@code to} of the text, in front of those so far. */
  void addFirst(int number, int from, int to) {
    if (number == unknown && bytePieces.length > 0) {
      for (int i = to - 1; i >= from; i--) {
        put(bytePieces[text[i] & 0xff], i, i + 1);
      }
    } else if (number == unknown && first < numbers.length && numbers[first] == unknown) {
      starts[first] = from;
    } else {
      put(number, from, to);
    }
  }

  private void put(int number, int from, int to) {
    first--;
    numbers[first] = number;
    starts[first] = from;
    ends[first] = to;
  }

  /** Returns the numbers in the order of the text. */
  int[] numbers() {
    return Arrays.copyOfRange(numbers, first, numbers.length);
  }

  /** Returns the first byte of the piece at an index of {@link #numbers}. */
  int start(int index) {
    return starts[first + index];
  }

  /** Returns the byte behind the piece at an index of {@link #numbers}. */
  int end(int index) {
    return ends[first + index];
  }

  /** Returns the text that was cut. */
  byte[] text() {
    return text;
  }
}
