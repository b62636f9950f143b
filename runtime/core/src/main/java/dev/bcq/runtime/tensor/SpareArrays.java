package dev.bcq.runtime.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * Arrays that one sentence after another uses. They live as long as a sentence is at work: long
 * enough for a garbage collector to copy each of them, and to have to look for it later on. Not
 * thread-safe.
 */
public final class SpareArrays {
  private final Spare<float[]> floats = new Spare<>(float[]::new, array -> array.length);
  private final Spare<byte[]> bytes = new Spare<>(byte[]::new, array -> array.length);

  /** Arrays of one kind. */
  private static final class Spare<A> {
    private final List<A> arrays = new ArrayList<>();
    private final IntFunction<A> create;
    private final ToIntFunction<A> length;

    Spare(IntFunction<A> create, ToIntFunction<A> length) {
      this.create = create;
      this.length = length;
    }

    A take(int needed) {
      int found = -1;
      int longest = -1;
      for (int i = 0; i < arrays.size(); i++) {
        int present = length(i);
        if (present >= needed && (found < 0 || present < length(found))) {
          found = i;
        }
        if (longest < 0 || present > length(longest)) {
          longest = i;
        }
      }
      if (found >= 0) {
        return remove(found);
      }
      if (longest >= 0) {
        remove(longest);
      }
      return create.apply(needed);
    }

    private int length(int index) {
      return length.applyAsInt(arrays.get(index));
    }

    private A remove(int index) {
      A last = arrays.remove(arrays.size() - 1);
      return index == arrays.size() ? last : arrays.set(index, last);
    }

    void give(A array) {
      if (length.applyAsInt(array) > 0) {
        arrays.add(array);
      }
    }
  }

  /**
   * Returns floats that nobody uses: the shortest array that will do, else a new one in the place
   * of the longest.
   *
   * @param length values that it has at least, any of which may be anything
   */
  public float[] floats(int length) {
    return floats.take(length);
  }

  /** Returns bytes that nobody uses, as {@link #floats}. */
  public byte[] bytes(int length) {
    return bytes.take(length);
  }

  /** Takes back an array that nobody uses any more. */
  public void give(float[] array) {
    floats.give(array);
  }

  /** Takes back an array that nobody uses any more. */
  public void give(byte[] array) {
    bytes.give(array);
  }
}
