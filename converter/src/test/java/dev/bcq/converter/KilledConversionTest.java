package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bcq-convert} as a process that is killed, {@code bcq.test.kills} times: the target is
 * whole, or what it was before.
 */
@DisabledOnOs(OS.WINDOWS)
class KilledConversionTest {
  private static final int KILLS = Integer.getInteger("bcq.test.kills", 10);
  private static final int WAYS = 3;

  @TempDir Path folder;
  private final Random random = new Random();
  private Path checkpoint;
  private Path target;

  /** Nanoseconds from the start of a conversion to its first temporary file, and to its end. */
  private long untilFile;

  private long untilEnd;

  private byte[] converted;

  @BeforeEach
  void convertUndisturbed() throws Exception {
    checkpoint = new TinyCheckpoint(1).write(folder.resolve("checkpoint"));
    target = Files.createDirectory(folder.resolve("models")).resolve("m.bcq");
    for (int i = 0; i < 2; i++) {
      long begin = System.nanoTime();
      Process process = start();
      awaitTemporaryFile(process);
      untilFile = System.nanoTime() - begin;
      assertEquals(0, process.waitFor());
      untilEnd = System.nanoTime() - begin;
    }
    converted = Files.readAllBytes(target);
    assertEquals(List.of("m.bcq"), files());
  }

  private Process start() throws IOException {
    return start(checkpoint, target);
  }

  private Process start(Path from, Path to) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            ConvertCommand.class.getName(),
            from.toString(),
            to.toString(),
            "--force")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(target.getParent())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> temporaryFiles() throws IOException {
    return files().stream().filter(name -> !name.equals("m.bcq")).toList();
  }

  /** Waits until there is a temporary file that was not there before, or the process has ended. */
  private void awaitTemporaryFile(Process process) throws IOException {
    List<String> before = temporaryFiles();
    while (process.isAlive() && before.containsAll(temporaryFiles())) {
      Thread.onSpinWait();
    }
  }

  /** Kills a conversion at any time, while it writes, or about when it ends. */
  private void kill(Process process, int way) throws Exception {
    long writing = untilEnd - untilFile;
    long delay =
        switch (way) {
          case 0 -> (long) (untilEnd * random.nextDouble());
          case 1 -> (long) (writing * random.nextDouble());
          default -> (long) (writing * (0.8 + 0.3 * random.nextDouble()));
        };
    if (way > 0) {
      awaitTemporaryFile(process);
    }
    TimeUnit.NANOSECONDS.sleep(delay);
    process.destroyForcibly().waitFor();
  }

  private static void signal(Process process, String name) throws Exception {
    String kill = "kill -" + name + " " + process.pid();
    assertEquals(0, new ProcessBuilder("sh", "-c", kill).start().waitFor());
  }

  @Test
  void theTargetIsWholeOrWhatItWas() throws Exception {
    Path other = new TinyCheckpoint(2).write(folder.resolve("other"));
    assertEquals(0, start(other, folder.resolve("old.bcq")).waitFor());
    byte[] old = Files.readAllBytes(folder.resolve("old.bcq"));
    int replaced = 0;
    int kept = 0;
    int absent = 0;
    int writing = 0;
    for (int i = 0; i < KILLS; i++) {
      boolean exists = i % 2 == 0;
      Files.deleteIfExists(target);
      if (exists) {
        Files.write(target, old);
      }
      List<String> before = temporaryFiles();
      kill(start(), i % WAYS);
      writing += before.containsAll(temporaryFiles()) ? 0 : 1;
      if (!Files.exists(target)) {
        assertEquals(false, exists, "kill " + i);
        absent++;
      } else if (exists && Arrays.equals(old, Files.readAllBytes(target))) {
        kept++;
      } else {
        BcqFile.open(target).verifyChecksums();
        assertArrayEquals(converted, Files.readAllBytes(target), "kill " + i);
        replaced++;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d conversions killed: %d while they wrote; target complete %d, as before %d, absent %d%n",
        KILLS,
        writing,
        replaced,
        kept,
        absent);
    assertTrue(writing > 0, "no kill came while a conversion wrote");
    assertEquals(0, start().waitFor());
    assertEquals(List.of("m.bcq"), files());
    assertArrayEquals(converted, Files.readAllBytes(target));
  }

  @Test
  void whatARunningConversionWritesIsLeftAlone() throws Exception {
    Process first = start();
    awaitTemporaryFile(first);
    // In the midst of writing, not between creating the file and locking it.
    TimeUnit.NANOSECONDS.sleep((untilEnd - untilFile) / 4);
    signal(first, "STOP");
    List<String> its = temporaryFiles();
    assertTrue(!its.isEmpty(), "it ended too soon to be stopped");
    Files.delete(target);
    assertEquals(0, start().waitFor());
    assertEquals(its, temporaryFiles());
    signal(first, "CONT");
    assertEquals(0, first.waitFor());
    assertEquals(List.of("m.bcq"), files());
    assertArrayEquals(converted, Files.readAllBytes(target));
  }
}
