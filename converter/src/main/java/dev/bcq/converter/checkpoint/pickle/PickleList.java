package dev.bcq.converter.checkpoint.pickle;

import java.util.ArrayList;
import java.util.List;

/** A Python list. */
public final class PickleList implements PickleSequence {
  // No larger at first: most lists of a hostile file are empty.
  private final List<Object> items = new ArrayList<>(0);

  PickleList() {}

  void add(Object item) {
    items.add(item);
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public Object get(int index) {
    return items.get(index);
  }

  @Override
  public String toString() {
    return "list of " + items.size();
  }
}
