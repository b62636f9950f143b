package dev.bcq.converter.checkpoint.pickle;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Python set or frozenset; its elements are equal as the keys of {@link PickleDict} are. */
public final class PickleSet {
  private @Nullable Set<Object> elements;

  PickleSet() {}

  void add(Object element) {
    if (elements == null) {
      elements = new LinkedHashSet<>();
    }
    elements.add(element);
  }

  /** Returns the elements, in the order in which they came. */
  public Set<Object> elements() {
    return elements == null ? Set.of() : Collections.unmodifiableSet(elements);
  }

  @Override
  public String toString() {
    return "set of " + elements().size();
  }
}
