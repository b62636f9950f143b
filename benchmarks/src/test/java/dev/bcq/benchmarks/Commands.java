package dev.bcq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.console.CommandRunner;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs {@code bcq-bench} as users do. */
final class Commands {

  private Commands() {}

  /**
   * What the command did.
   *
   * @param code exit code
   */
  record Outcome(int code, String out, String err) {

    Outcome succeeds() {
      assertEquals(0, code, err);
      assertEquals("", err);
      return this;
    }

    /** The command ended with this code and one message, which says this. */
    void fails(int expected, String message) {
      assertEquals(expected, code, err);
      assertTrue(err.startsWith("bcq-bench: " + message), err);
      assertFalse(err.contains("internal error"), err);
      assertEquals(expected == 2 ? 2 : 1, err.lines().count(), err);
    }

    /** Returns the line of a table that begins with these cells. */
    String row(String... cells) {
      String start = String.join(" +", cells);
      List<String> rows = out.lines().filter(line -> line.matches(" *" + start + " .*")).toList();
      assertFalse(rows.isEmpty(), out);
      return rows.get(0);
    }
  }

  static Outcome bench(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      int code = CommandRunner.run(new BenchCommand(), args);
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
