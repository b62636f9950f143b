package dev.bcq.runtime.text;

import java.util.Arrays;

/** Ids that grow in number. */
final class Ids {
  private int[] ids = new int[32];
  private int count;

  void add(int id) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, 2 * count);
    }
    ids[count++] = id;
  }

  int[] toArray() {
    return Arrays.copyOf(ids, count);
  }
}
