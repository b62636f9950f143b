package dev.bcq.converter.checkpoint.pickle;

import org.jspecify.annotations.Nullable;

/** What a pickle asks to be made by a call; the call is never made. */
public final class PickleObject {
  private final PickleGlobal callee;
  private final PickleTuple arguments;
  private @Nullable Object state;

  PickleObject(PickleGlobal callee, PickleTuple arguments) {
    this.callee = callee;
    this.arguments = arguments;
  }

  /** Returns the class or function. */
  public PickleGlobal callee() {
    return callee;
  }

  /** Returns the arguments of the call. */
  public PickleTuple arguments() {
    return arguments;
  }

  /** Returns the state that the object was to be given, a dict for most classes, or null. */
  public @Nullable Object state() {
    return state;
  }

  void state(Object newState) {
    state = newState;
  }

  @Override
  public String toString() {
    return "object by " + callee;
  }
}
