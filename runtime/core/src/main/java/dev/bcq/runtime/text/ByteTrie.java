package dev.bcq.runtime.text;

import java.util.Arrays;
import java.util.List;

/**
 * A set of byte strings with a number each, walked byte by byte. The children of a node follow one
 * another, sorted by their byte.
 */
final class ByteTrie {
  static final int ROOT = 0;
  static final int NONE = -1;

  private final byte[] labels;
  private final int[] values;
  private final int[] firstChild;

  private ByteTrie(byte[] labels, int[] values, int[] firstChild) {
    this.labels = labels;
    this.values = values;
    this.firstChild = firstChild;
  }

  /**
   * Builds a trie.
   *
   * @param keys byte strings; empty ones are left out, of equal ones the first counts
   * @param numbers number of each key
   */
  static ByteTrie of(List<byte[]> keys, int[] numbers) {
    Integer[] order = new Integer[keys.size()];
    int length = 1;
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
      length += keys.get(i).length;
    }
    Arrays.sort(order, (a, b) -> compare(keys.get(a), keys.get(b)));
    return new Builder(keys, numbers, order, length).build();
  }

  private static int compare(byte[] a, byte[] b) {
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      if (a[i] != b[i]) {
        return (a[i] & 0xff) - (b[i] & 0xff);
      }
    }
    return a.length - b.length;
  }

  /** Returns the child of a node for a byte, or {@link #NONE}. */
  int child(int node, byte label) {
    int low = firstChild[node];
    int high = firstChild[node + 1] - 1;
    int wanted = label & 0xff;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = labels[middle] & 0xff;
      if (found == wanted) {
        return middle;
      }
      if (found < wanted) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return NONE;
  }

  /** Returns the number of the key that ends at a node, or {@link #NONE}. */
  int value(int node) {
    return values[node];
  }

  /** Returns the number of the key that bytes {@code from} to {@code to} are, or {@link #NONE}. */
  int find(byte[] text, int from, int to) {
    int node = ROOT;
    for (int i = from; i < to && node != NONE; i++) {
      node = child(node, text[i]);
    }
    return node == NONE ? NONE : values[node];
  }

  /** Returns the length of the longest key that the text begins with at {@code from}, or 0. */
  int longestMatch(byte[] text, int from) {
    int longest = 0;
    int node = ROOT;
    for (int i = from; i < text.length; i++) {
      node = child(node, text[i]);
      if (node == NONE) {
        break;
      }
      if (values[node] != NONE) {
        longest = i + 1 - from;
      }
    }
    return longest;
  }

  /**
   * Lays nodes out breadth first: node n covers the sorted keys from[n] .. to[n], which share
   * depth[n] bytes.
   */
  private static final class Builder {
    private final List<byte[]> keys;
    private final int[] numbers;
    private final Integer[] order;
    private final byte[] labels;
    private final int[] values;
    private final int[] firstChild;
    private final int[] from;
    private final int[] to;
    private final int[] depth;
    private int nodes = 1;

    Builder(List<byte[]> keys, int[] numbers, Integer[] order, int capacity) {
      this.keys = keys;
      this.numbers = numbers;
      this.order = order;
      labels = new byte[capacity];
      values = new int[capacity];
      firstChild = new int[capacity + 1];
      from = new int[capacity];
      to = new int[capacity];
      depth = new int[capacity];
    }

    ByteTrie build() {
      to[0] = order.length;
      for (int node = 0; node < nodes; node++) {
        expand(node);
      }
      firstChild[nodes] = nodes;
      return new ByteTrie(
          Arrays.copyOf(labels, nodes),
          Arrays.copyOf(values, nodes),
          Arrays.copyOf(firstChild, nodes + 1));
    }

    private void expand(int node) {
      values[node] = NONE;
      firstChild[node] = nodes;
      int key = from[node];
      while (key < to[node]) {
        byte[] bytes = keys.get(order[key]);
        if (bytes.length == depth[node]) {
          if (values[node] == NONE && bytes.length > 0) {
            values[node] = numbers[order[key]];
          }
          key++;
        } else {
          key = addChild(node, key, bytes[depth[node]]);
        }
      }
    }

    private int addChild(int node, int key, byte label) {
      int end = key;
      while (end < to[node] && keys.get(order[end])[depth[node]] == label) {
        end++;
      }
      labels[nodes] = label;
      from[nodes] = key;
      to[nodes] = end;
      depth[nodes] = depth[node] + 1;
      nodes++;
      return end;
    }
  }
}
