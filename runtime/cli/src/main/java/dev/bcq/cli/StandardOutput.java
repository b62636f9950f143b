package dev.bcq.cli;

/** Standard output, flushed after each source: somebody may be waiting for it. */
final class StandardOutput implements Output {
  /** What a shell reports of a program that a closed pipe has ended, 128 + SIGPIPE. */
  private static final int CLOSED_PIPE = 141;

  @Override
  public void write(String text) {
    System.out.print(text);
    System.out.flush();
    if (System.out.checkError()) {
      // Whoever read this has gone away, and wants no message either. Without running what hooks
      // would do: this may be a thread that the main one waits for.
      Runtime.getRuntime().halt(CLOSED_PIPE);
    }
  }

  @Override
  public void checkpoint(long lines) {}
}
