package dev.bcq.benchmarks;

import dev.bcq.console.CommandException;
import java.util.Locale;

/** Who else computes the matrix products of float32 models. */
enum Reference {
  /** OpenBLAS where it can be loaded, else nobody. */
  AUTO,
  /** OpenBLAS; without it, an error. */
  OPENBLAS,
  /** Nobody. */
  NONE;

  /**
   * Loads it, and returns whether there is one.
   *
   * @throws CommandException if it has to be there and is not
   */
  boolean available() {
    if (this == NONE) {
      return false;
    }
    try {
      OpenBlas.load();
      return true;
    } catch (CommandException e) {
      if (this == OPENBLAS) {
        throw e;
      }
      return false;
    }
  }

  /** Returns the word that users type. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
