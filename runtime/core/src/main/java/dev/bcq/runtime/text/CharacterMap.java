package dev.bcq.runtime.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SentencePiece's precompiled character map: a double-array trie (darts-clone) from byte strings to
 * offsets of NUL-terminated replacements. A damaged map gives wrong replacements, never an access
 * outside it.
 */
final class CharacterMap {
  /** No key begins here. */
  static final long NO_MATCH = -1;

  private final byte[] map;
  private final ByteBuffer units;
  private final int unitCount;
  private final int replacements;

  /**
   * Wraps a map.
   *
   * @param map length of the trie in bytes, its units, the replacements; empty for a map without
   *     keys
   */
  CharacterMap(byte[] map) {
    this.map = map;
    this.units = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
    this.unitCount = map.length < 4 ? 0 : Math.min(units.getInt(0), map.length - 4) / 4;
    this.replacements = 4 + 4 * unitCount;
  }

  /**
   * Returns the longest key that the text begins with at {@code from}: its length in the upper, the
   * offset of its replacement in the map in the lower 32 bits, or {@link #NO_MATCH}.
   */
  long longestMatch(byte[] text, int from) {
    return match(text, from, false);
  }

  /**
   * Returns the offset of the replacement of the shortest key that the text begins with, or {@link
   * #NO_MATCH}.
   */
  int shortestMatch(byte[] text) {
    return (int) match(text, 0, true);
  }

  private long match(byte[] text, int from, boolean shortest) {
    if (unitCount == 0) {
      return NO_MATCH;
    }
    long best = NO_MATCH;
    int node = offset(unit(0));
    for (int i = from; i < text.length; i++) {
      node ^= text[i] & 0xff;
      if (node < 0 || node >= unitCount) {
        break;
      }
      int unit = unit(node);
      if ((unit & 0x800000ff) != (text[i] & 0xff)) {
        break;
      }
      node ^= offset(unit);
      if (node < 0 || node >= unitCount) {
        break;
      }
      if ((unit & 0x100) != 0) {
        int value = unit(node) & 0x7fffffff;
        if (value < map.length - replacements) {
          best = (((long) (i + 1 - from)) << 32) | (replacements + value);
          if (shortest) {
            break;
          }
        }
      }
    }
    return best;
  }

  /** Returns the bytes that hold keys and replacements. */
  byte[] bytes() {
    return map;
  }

  private int unit(int index) {
    return units.getInt(4 + 4 * index);
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 0x200) >>> 6);
  }
}
