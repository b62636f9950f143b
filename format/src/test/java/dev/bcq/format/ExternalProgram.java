package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that is no part of the build, as {@code -Dbcq.NAME=COMMAND} says, or NAME on the path.
 * Tests are skipped without it, unless {@code -Dbcq.test.require} names it.
 */
final class ExternalProgram {
  private static final int SECONDS = 120;

  private final String name;
  private final String command;

  private ExternalProgram(String name, String command) {
    this.name = name;
    this.command = command;
  }

  /** What a run did: standard output and error together. */
  record Outcome(int code, String output) {}

  /** Returns the program, or skips the calling tests. */
  static ExternalProgram named(String name) {
    ExternalProgram program = new ExternalProgram(name, System.getProperty("bcq." + name, name));
    try {
      Outcome version = program.run(Path.of("."), "--version");
      if (version.code() != 0) {
        program.skip("does not run: " + version.output());
      }
    } catch (UncheckedIOException e) {
      program.skip("is missing: " + e.getMessage());
    }
    return program;
  }

  /** Skips the calling tests, and says so where a person looks. */
  void skip(String reason) {
    String required = System.getProperty("bcq.test.require", "");
    if (List.of(required.split(",", -1)).contains(name)) {
      fail(name + " is required, but " + reason);
    }
    String message =
        "SKIPPED: tests with "
            + name
            + ", which "
            + reason
            + ". -Dbcq."
            + name
            + "=COMMAND says where it is";
    System.out.println(message);
    assumeTrue(false, message);
  }

  /**
   * Runs the program to its end.
   *
   * @param folder where it runs
   */
  Outcome run(Path folder, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile("bcq-test", ".txt");
      try {
        Process process =
            new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          fail(all + " is not done after " + SECONDS + " s");
        }
        return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
