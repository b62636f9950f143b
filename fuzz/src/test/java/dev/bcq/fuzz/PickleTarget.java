package dev.bcq.fuzz;

import dev.bcq.converter.checkpoint.pickle.PersistentId;
import dev.bcq.converter.checkpoint.pickle.PickleDict;
import dev.bcq.converter.checkpoint.pickle.PickleException;
import dev.bcq.converter.checkpoint.pickle.PickleObject;
import dev.bcq.converter.checkpoint.pickle.PickleSequence;
import dev.bcq.converter.checkpoint.pickle.PickleSet;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads bytes as a pickle, and looks at all that it made. */
public final class PickleTarget {
  /** As the documentation of the reader says. */
  private static final AllocationLimit LIMIT = new AllocationLimit(256 << 10, 128);

  /** No value is printed in full. */
  private static final int LONGEST_PRINT = 1200;

  private PickleTarget() {}

  /** What reads a pickle. */
  interface Reader {
    Object read(MemorySegment bytes);
  }

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, Readers::pickle);
  }

  static @Nullable Object run(byte[] input, Reader reader) {
    MemorySegment bytes = MemorySegment.ofArray(input);
    Object[] read = new Object[1];
    try {
      LIMIT.check(input.length, () -> read[0] = reader.read(bytes));
    } catch (PickleException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("there is no message", e);
      }
      return null;
    }
    lookAt(read[0]);
    return read[0];
  }

  private static void lookAt(Object root) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>();
    left.add(root);
    while (!left.isEmpty()) {
      Object value = left.remove();
      if (seen.add(value)) {
        // What contains others must not look into them, for they may contain it.
        int hash = value.hashCode();
        if (hash != value.hashCode() || value.equals(root) != root.equals(value)) {
          throw new AssertionError("a value changes, or is half the same as another");
        }
        if (!(value instanceof String) && value.toString().length() > LONGEST_PRINT) {
          throw new AssertionError(value.toString());
        }
        addParts(value, left);
      }
    }
  }

  private static void addParts(Object value, Deque<Object> parts) {
    switch (value) {
      case PickleSequence sequence -> {
        for (int i = 0; i < sequence.size(); i++) {
          parts.add(sequence.get(i));
        }
      }
      case PickleDict dict -> {
        parts.addAll(dict.entries().keySet());
        parts.addAll(dict.entries().values());
      }
      case PickleSet set -> parts.addAll(set.elements());
      case PickleObject object -> {
        parts.add(object.callee());
        parts.add(object.arguments());
        Object state = object.state();
        if (state != null) {
          parts.add(state);
        }
      }
      case PersistentId id -> parts.add(id.id());
      default -> {}
    }
  }
}
