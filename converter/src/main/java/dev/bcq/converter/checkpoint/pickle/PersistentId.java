package dev.bcq.converter.checkpoint.pickle;

/** A name for something outside of the pickle. */
public final class PersistentId {
  private final Object id;

  PersistentId(Object id) {
    this.id = id;
  }

  /** Returns the name, any value. */
  public Object id() {
    return id;
  }

  @Override
  public String toString() {
    return "persistent id";
  }
}
