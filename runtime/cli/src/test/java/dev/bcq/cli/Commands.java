package dev.bcq.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.console.CommandRunner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs commands as users do, with the default model. */
final class Commands {
  static final String MODEL = System.getProperty("bcq.default.model", "none");

  private static final ObjectMapper JSON = new ObjectMapper();

  private Commands() {}

  /**
   * What a command did.
   *
   * @param code exit code
   * @param out standard output
   * @param err standard error
   */
  record Outcome(int code, String out, String err) {

    List<String> lines() {
      return out.lines().toList();
    }

    List<JsonNode> json() {
      return out.lines().map(Outcome::parse).toList();
    }

    private static JsonNode parse(String line) {
      try {
        return JSON.readTree(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Outcome succeeds() {
      assertEquals(0, code, err);
      assertEquals("", err);
      return this;
    }

    /** The command ended with this code and one message, which says this. */
    void fails(int expected, String message) {
      assertEquals(expected, code, err);
      assertTrue(err.contains(message), err);
      assertTrue(err.startsWith("bcq-"), err);
      assertFalse(err.contains("\tat "), err);
      assertFalse(err.contains("internal error"), err);
      assertEquals(expected == 2 ? 2 : 1, err.lines().count(), err);
    }
  }

  static Outcome translate(String input, String... args) {
    return run(new TranslateCommand(), input.getBytes(StandardCharsets.UTF_8), args);
  }

  static Outcome eval(String... args) {
    return run(new EvalCommand(), new byte[0], args);
  }

  static Outcome inspect(String... args) {
    return run(new InspectCommand(), new byte[0], args);
  }

  static Outcome run(Object command, byte[] input, String... args) {
    InputStream in = System.in;
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setProperty(ModelOptions.DEFAULT_MODEL, MODEL);
      System.setIn(new ByteArrayInputStream(input));
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      int code = CommandRunner.run(command, args);
      return new Outcome(
          code,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setIn(in);
      System.setOut(out);
      System.setErr(err);
      System.clearProperty(ModelOptions.DEFAULT_MODEL);
    }
  }
}
