package dev.bcq.converter.checkpoint.pickle;

/** A Python tuple. */
public final class PickleTuple implements PickleSequence {
  static final PickleTuple EMPTY = new PickleTuple();

  private final Object[] items;

  /** Takes over an array. */
  PickleTuple(Object... items) {
    this.items = items;
  }

  @Override
  public int size() {
    return items.length;
  }

  @Override
  public Object get(int index) {
    return items[index];
  }

  @Override
  public String toString() {
    return "tuple of " + items.length;
  }
}
