package dev.bcq.runtime;

/**
 * Is told of each translation of a batch as it ends, in any order. Calls come from the threads that
 * translate, one at a time; what a listener throws ends the batch and reaches its caller, and the
 * listener is not called again.
 */
@FunctionalInterface
public interface BatchListener {

  /**
   * Takes a translation.
   *
   * @param segment index of the segment in the batch
   * @param translation its translation
   * @param done segments translated so far, this one included
   * @param total segments of the batch
   */
  void translated(int segment, Translation translation, int done, int total);
}
