package dev.bcq.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bcq-translate} as a process of its own: pipes, signals, kills. */
@DisabledOnOs(OS.WINDOWS)
class InterruptedTranslationTest {
  private static final String SENTENCE = "I have never seen such a beautiful picture.";

  /** SIGINT, number 2, in a mask of signals. */
  private static final long INTERRUPT = 1 << 1;

  @TempDir Path folder;

  private Process start(String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dbcq.model=" + Commands.MODEL,
                "-cp",
                System.getProperty("java.class.path"),
                TranslateCommand.class.getName(),
                "--kernels",
                "scalar",
                "--beam",
                "1"));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile()).start();
  }

  /**
   * Skips the test where Ctrl-C is ignored by whatever this process starts: a shell does that to
   * what a script runs in the background.
   */
  private static void assumeInterruptible() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      Matcher ignored = Pattern.compile("SigIgn:\\s*(\\w+)").matcher(Files.readString(status));
      assumeFalse(
          ignored.find() && (Long.parseUnsignedLong(ignored.group(1), 16) & INTERRUPT) != 0,
          "this build was started so that it ignores Ctrl-C");
    }
  }

  private static void signal(Process process, String name) throws Exception {
    String kill = "kill -" + name + " " + process.pid();
    assertEquals(0, new ProcessBuilder("sh", "-c", kill).start().waitFor());
  }

  @Test
  @Timeout(60)
  void aLineIsAnsweredBeforeTheNextIsWritten() throws Exception {
    Process process = start();
    try (BufferedWriter in = new BufferedWriter(process.outputWriter(StandardCharsets.UTF_8));
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < 3; i++) {
        in.write("Good morning.\n");
        in.flush();
        assertEquals("Guten Morgen.", out.readLine());
      }
    }
    assertEquals(0, process.waitFor());
  }

  @Test
  @Timeout(60)
  void aReaderThatGoesAwayEndsItQuietly() throws Exception {
    Path lines = Files.writeString(folder.resolve("lines"), (SENTENCE + "\n").repeat(500));
    Process process = start("--input", lines.toString());
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      out.readLine();
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(141, process.exitValue());
    assertEquals("", Files.readString(folder.resolve("stderr")));
  }

  @Test
  @Timeout(60)
  void controlCEndsItWith130() throws Exception {
    assumeInterruptible();
    Path lines = Files.writeString(folder.resolve("lines"), (SENTENCE + "\n").repeat(5000));
    Process process = start("--input", lines.toString());
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      out.readLine();
      signal(process, "INT");
      assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }
    assertEquals(130, process.exitValue());
    assertEquals("", Files.readString(folder.resolve("stderr")));
  }

  @Test
  @Timeout(120)
  void whateverEndsItTheSameCommandGoesOn() throws Exception {
    assumeInterruptible();
    int count = 400;
    Path lines = Files.writeString(folder.resolve("lines"), (SENTENCE + "\n").repeat(count));
    Path output = folder.resolve("out");
    Path state = folder.resolve("out.partial.json");
    String[] command = {
      "--input", lines.toString(), "--output", output.toString(), "--threads", "1"
    };
    long done = 0;
    for (String signal : List.of("INT", "KILL")) {
      Process process = start(command);
      while (process.isAlive() && done(state) <= done) {
        Thread.sleep(5);
      }
      signal(process, signal);
      process.waitFor();
      assertFalse(Files.exists(output));
      assertTrue(done(state) > done, done + " lines were done before");
      done = done(state);
    }
    assertEquals(0, start(command).waitFor(), Files.readString(folder.resolve("stderr")));
    List<String> translated = Files.readAllLines(output);
    assertEquals(count, translated.size());
    assertEquals(1, translated.stream().distinct().count());
    assertFalse(Files.exists(state));
  }

  /** Returns how many lines a run has noted as done. */
  private static long done(Path state) throws IOException {
    if (!Files.exists(state)) {
      return 0;
    }
    Matcher matcher = Pattern.compile("\"lines\":(\\d+)").matcher(Files.readString(state));
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
