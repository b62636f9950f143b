package dev.bcq.kernels.c;

import java.nio.file.Path;

/** How a binding loads the library, and the functions that tell whether it fits. */
public interface Library {

  /**
   * Loads the library in a file.
   *
   * @param file an absolute path
   * @throws UnsatisfiedLinkError if there is no library in it
   * @throws IllegalArgumentException if there is none, too
   */
  void load(Path file);

  /**
   * Loads the library that the system has unpacked when it installed the application, and returns
   * true; or returns false on a system that unpacks nothing.
   *
   * @throws UnsatisfiedLinkError if the application brings none
   */
  default boolean loadInstalled() {
    return false;
  }

  /**
   * Calls {@code bcq_abi_version}.
   *
   * @throws UnsatisfiedLinkError if the library has no such function
   */
  int abiVersion();

  /**
   * Calls {@code bcq_initialize}, and returns what is wrong or the empty text.
   *
   * @param maxIsa the bound of the level, or the empty text
   */
  String initialize(String maxIsa);

  /** Calls {@code bcq_active_isa}. */
  String activeIsa();
}
