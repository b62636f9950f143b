package dev.bcq.cli;

/** Where translations go, in the order of their sources. */
interface Output {

  /**
   * Takes what a source has become. Calls come one at a time, from any thread.
   *
   * @param text lines, each with its line feed
   * @throws java.io.UncheckedIOException if it cannot be written; whatever the text is
   */
  void write(String text);

  /**
   * Says that all sources so far are written.
   *
   * @param lines how many there were
   */
  void checkpoint(long lines);
}
