package dev.bcq.converter.checkpoint.pickle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values that have a number. Writers count from 0, so that no number exceeds the bytes that
 * have been read: one that does is refused before a table is made for it.
 */
final class PickleMemo {
  private final PickleInput in;
  private @Nullable Object[] values = new @Nullable Object[16];
  private int count;

  PickleMemo(PickleInput in) {
    this.in = in;
  }

  void clear() {
    Arrays.fill(values, null);
    count = 0;
  }

  Object get(long number) {
    Object value = number >= 0 && number < values.length ? values[(int) number] : null;
    if (value == null) {
      throw in.error("no value has the number " + number + "; the file is damaged");
    }
    return value;
  }

  /** Gives a value the number that says how many have one. */
  void add(Object value) {
    put(count, value);
  }

  void put(long number, Object value) {
    if (number < 0 || number >= Math.min(in.position(), Integer.MAX_VALUE / 4)) {
      throw in.error(
          "a value gets the number %d after %d bytes; the file is damaged"
              .formatted(number, in.position()));
    }
    int index = (int) number;
    if (index >= values.length) {
      values = Arrays.copyOf(values, Math.max(index + 1, 2 * values.length));
    }
    if (values[index] == null) {
      count++;
    }
    values[index] = value;
  }
}
