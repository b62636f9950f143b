package dev.bcq.runtime.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Arrays that one sentence after another uses. They live as long as a sentence is at work: long
 * enough for a garbage collector to copy each of them, and to have to look for it later on. Not
 * thread-safe.
 */
public final class FloatArrays {
  private final List<float[]> spare = new ArrayList<>();

  /**
   * Returns an array that nobody uses: the shortest that will do, else a new one in the place of
   * the longest.
   *
   * @param length values that it has at least, any of which may be anything
   */
  public float[] take(int length) {
    int found = -1;
    int longest = -1;
    for (int i = 0; i < spare.size(); i++) {
      int present = spare.get(i).length;
      if (present >= length && (found < 0 || present < spare.get(found).length)) {
        found = i;
      }
      if (longest < 0 || present > spare.get(longest).length) {
        longest = i;
      }
    }
    if (found >= 0) {
      return remove(found);
    }
    if (longest >= 0) {
      remove(longest);
    }
    return new float[length];
  }

  private float[] remove(int index) {
    float[] last = spare.remove(spare.size() - 1);
    return index == spare.size() ? last : spare.set(index, last);
  }

  /** Takes back an array that nobody uses any more. */
  public void give(float[] array) {
    if (array.length > 0) {
      spare.add(array);
    }
  }
}
