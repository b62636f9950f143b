package dev.bcq.converter.checkpoint.pickle;

/** Python's {@code None}. */
public enum PickleNone {
  /** The only value. */
  NONE;

  @Override
  public String toString() {
    return "None";
  }
}
