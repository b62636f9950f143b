package dev.bcq.converter.checkpoint.pickle;

/** A list or a tuple. */
public sealed interface PickleSequence permits PickleList, PickleTuple {

  /** Returns the number of its items. */
  int size();

  /** Returns an item, counted from 0. */
  Object get(int index);
}
