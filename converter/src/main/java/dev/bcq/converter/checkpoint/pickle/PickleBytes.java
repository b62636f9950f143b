package dev.bcq.converter.checkpoint.pickle;

import java.lang.foreign.MemorySegment;

/** Python bytes, bytearray, or a string of Python 2 that is not UTF-8. */
public final class PickleBytes {
  private final MemorySegment content;

  PickleBytes(MemorySegment content) {
    this.content = content;
  }

  /** Returns the bytes where they lie in the file, which has to be open. */
  public MemorySegment content() {
    return content;
  }

  @Override
  public String toString() {
    return content.byteSize() + " bytes";
  }
}
