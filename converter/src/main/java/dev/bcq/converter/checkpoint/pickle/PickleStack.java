package dev.bcq.converter.checkpoint.pickle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The values that wait for an opcode to use them, and the marks between them. */
final class PickleStack {
  private final PickleInput in;
  private @Nullable Object[] values = new @Nullable Object[16];
  private int size;
  private int[] marks = new int[16];
  private int markCount;

  PickleStack(PickleInput in) {
    this.in = in;
  }

  void clear() {
    Arrays.fill(values, 0, size, null);
    size = 0;
    markCount = 0;
  }

  void push(Object value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  Object pop() {
    Object value = peek();
    values[--size] = null;
    return value;
  }

  /** Returns so many values from the top and removes them; the topmost is the last. */
  Object[] pop(int count) {
    Object[] popped = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      popped[i] = pop();
    }
    return popped;
  }

  /** Returns the value on top, which stays there. */
  Object peek() {
    Object value = size > fence() ? values[size - 1] : null;
    if (value == null) {
      throw in.error("there is no value for it; the file is damaged");
    }
    return value;
  }

  void mark() {
    if (markCount == marks.length) {
      marks = Arrays.copyOf(marks, 2 * markCount);
    }
    marks[markCount++] = size;
  }

  /** Returns the values above the last mark and removes them and it. */
  Object[] popToMark() {
    if (markCount == 0) {
      throw in.error("there is no mark for it; the file is damaged");
    }
    int from = fence();
    Object[] popped = Arrays.copyOfRange(values, from, size, Object[].class);
    Arrays.fill(values, from, size, null);
    size = from;
    markCount--;
    return popped;
  }

  /** Removes what is on top, a value or a mark. */
  void discard() {
    if (markCount > 0 && size == fence()) {
      markCount--;
    } else {
      pop();
    }
  }

  private int fence() {
    return markCount == 0 ? 0 : marks[markCount - 1];
  }
}
