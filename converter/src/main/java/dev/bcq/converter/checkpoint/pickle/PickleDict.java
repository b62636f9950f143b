package dev.bcq.converter.checkpoint.pickle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Python dict or OrderedDict. Numbers and strings are keys by value; what contains other values
 * is a key by identity, so that tuples that Python finds equal may stand side by side.
 */
public final class PickleDict {
  private @Nullable Map<Object, Object> entries;

  PickleDict() {}

  void put(Object key, Object value) {
    if (entries == null) {
      entries = new LinkedHashMap<>();
    }
    entries.put(key, value);
  }

  /** Returns the value of a key, or null if there is none. */
  public @Nullable Object get(Object key) {
    return entries().get(key);
  }

  /** Returns keys and values, in the order in which the keys came. */
  public Map<Object, Object> entries() {
    return entries == null ? Map.of() : Collections.unmodifiableMap(entries);
  }

  @Override
  public String toString() {
    return "dict of " + entries().size();
  }
}
