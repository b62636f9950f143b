package dev.bcq.runtime.text;

import java.util.Arrays;

/**
 * Pairs of neighbours that wait to be merged, the one with the least priority first, of equal ones
 * the leftmost: a binary heap.
 */
final class MergeQueue {
  private long[] keys = new long[16];
  private int[] sizes = new int[16];
  private int[] results = new int[16];
  private int count;

  /** Adds a pair: {@code left} is its left symbol, {@code size} the length of both. */
  void add(int priority, int left, int size, int result) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
      results = Arrays.copyOf(results, 2 * count);
    }
    long key = ((long) priority << 32) | left;
    int at = count++;
    while (at > 0 && keys[(at - 1) / 2] > key) {
      move((at - 1) / 2, at);
      at = (at - 1) / 2;
    }
    set(at, key, size, result);
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Returns the priority of the first pair. */
  int priority() {
    return (int) (keys[0] >> 32);
  }

  /** Returns the left symbol of the first pair. */
  int left() {
    return (int) keys[0];
  }

  /** Returns the length of the first pair. */
  int size() {
    return sizes[0];
  }

  /** Returns what the first pair becomes. */
  int result() {
    return results[0];
  }

  /** Removes the first pair. */
  void remove() {
    count--;
    int at = 0;
    for (int child = 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && keys[child + 1] < keys[child]) {
        child++;
      }
      if (keys[child] >= keys[count]) {
        break;
      }
      move(child, at);
      at = child;
    }
    move(count, at);
  }

  private void move(int from, int to) {
    set(to, keys[from], sizes[from], results[from]);
  }

  private void set(int at, long key, int size, int result) {
    keys[at] = key;
    sizes[at] = size;
    results[at] = result;
  }
}
