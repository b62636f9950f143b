package dev.bcq.runtime.tensor;

import org.jspecify.annotations.Nullable;

/**
 * What kernel providers have made of an object in order to reach its arrays, such as an address: a
 * provider makes its view once and finds it here whenever it meets the object again, so that calls
 * allocate nothing. An object whose arrays are replaced takes new views with them. Thread-safe.
 *
 * @param <T> the object
 */
public final class Views<T> {
  private final T object;

  // Threads that do not see the last view yet find it when they ask for the lock. What they see is
  // complete, for its fields are final.
  private @Nullable Entry<T> last;

  /**
   * Makes a provider's views of some kind of object. A provider has one for all objects, by which
   * its views are found.
   *
   * @param <T> the object
   * @param <V> the view, which holds on to the object's arrays, or has buffers of its own that the
   *     provider fills again and again; copies of weights it has none
   */
  @FunctionalInterface
  public interface Viewer<T, V> {

    /** Makes the view of an object. */
    V view(T object);
  }

  private static final class Entry<T> {
    final Viewer<T, ?> viewer;
    final Object view;
    final @Nullable Entry<T> former;

    Entry(Viewer<T, ?> viewer, Object view, @Nullable Entry<T> former) {
      this.viewer = viewer;
      this.view = view;
      this.former = former;
    }
  }

  /** Begins without views. */
  public Views(T object) {
    this.object = object;
  }

  /** Returns the view of a provider, which the first call makes. */
  public <V> V get(Viewer<T, V> viewer) {
    V found = find(viewer);
    return found == null ? attach(viewer) : found;
  }

  // An entry has what its viewer made, and a viewer equals itself alone.
  @SuppressWarnings({"unchecked", "ReferenceEquality"})
  private <V> @Nullable V find(Viewer<T, V> viewer) {
    for (Entry<T> entry = last; entry != null; entry = entry.former) {
      if (entry.viewer == viewer) {
        return (V) entry.view;
      }
    }
    return null;
  }

  private synchronized <V> V attach(Viewer<T, V> viewer) {
    V found = find(viewer);
    if (found != null) {
      return found;
    }
    V made = viewer.view(object);
    last = new Entry<>(viewer, made, last);
    return made;
  }
}
