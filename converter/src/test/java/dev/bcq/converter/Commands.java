package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.console.CommandRunner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Runs {@code bcq-convert} as users do. */
final class Commands {

  private Commands() {}

  /**
   * What the command did.
   *
   * @param code exit code
   * @param out standard output
   * @param err standard error
   */
  record Outcome(int code, String out, String err) {

    Outcome succeeds() {
      assertEquals(0, code, err);
      return this;
    }

    /** The command ended with this code and one message, which says this. */
    void fails(int expected, String message) {
      assertEquals(expected, code, err);
      assertTrue(err.startsWith("bcq-convert: "), err);
      assertTrue(err.contains(message), err);
      assertFalse(err.contains("\tat "), err);
      assertFalse(err.contains("internal error"), err);
      assertEquals(1, err.lines().filter(line -> line.startsWith("bcq-convert: ")).count(), err);
    }

    JsonNode json() {
      try {
        return new ObjectMapper().readTree(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static Outcome convert(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      int code = CommandRunner.run(new ConvertCommand(), args);
      return new Outcome(
          code,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
