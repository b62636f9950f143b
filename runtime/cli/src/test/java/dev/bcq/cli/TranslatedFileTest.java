package dev.bcq.cli;

import static dev.bcq.cli.Commands.translate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bcq-translate --input FILE --output FILE}. */
class TranslatedFileTest {
  private static final List<String> SOURCE = List.of("Good morning.", "", "Thanks.");
  private static final List<String> TARGET = List.of("Guten Morgen.", "", "Danke!");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path input;

  @SuppressWarnings("NullAway.Init")
  private Path output;

  @BeforeEach
  void write() throws IOException {
    input = Files.write(folder.resolve("in.en"), SOURCE);
    output = folder.resolve("out.de");
  }

  private Commands.Outcome run(String... more) {
    Stream<String> files = Stream.of("--input", input.toString(), "--output", output.toString());
    return translate("", Stream.concat(files, Stream.of(more)).toArray(String[]::new));
  }

  /** A run that has stopped after its first line, in the middle of the second. */
  private void interrupt() throws IOException {
    Files.writeString(input, "Good morning.\n\nThanks.\n" + "word ".repeat(600) + "\n");
    run().fails(1, "line 4");
    Path partial = folder.resolve("out.de.partial");
    assertTrue(Files.exists(partial));
    Files.writeString(partial, "half a li", StandardOpenOption.APPEND);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void theOutputIsThereWhenItIsComplete() throws IOException {
    assertEquals("", run().succeeds().out());
    assertEquals(TARGET, Files.readAllLines(output));
    assertEquals(List.of("in.en", "out.de"), names());
  }

  @Test
  void withoutAnOutputLinesGoToStandardOutput() {
    assertEquals(TARGET, translate("", "--input", input.toString()).succeeds().lines());
  }

  @Test
  void compressedInputIsRead() throws IOException {
    Path compressed = folder.resolve("in.en.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      out.write(String.join("\n", SOURCE).getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(TARGET, translate("", "--input", compressed.toString()).succeeds().lines());
  }

  @Test
  void anExistingOutputIsReplacedOnlyByForce() throws IOException {
    Files.writeString(output, "precious");
    run().fails(1, "out.de exists; replace it with --force");
    assertEquals("precious", Files.readString(output));
    run("--force").succeeds();
    assertEquals(TARGET, Files.readAllLines(output));
  }

  @Test
  void aRunThatFailsLeavesNoOutput() throws IOException {
    interrupt();
    assertFalse(Files.exists(output));
    assertEquals(List.of("in.en", "out.de.partial", "out.de.partial.json"), names());
  }

  @Test
  void otherWorkIsNotMixedIn() throws IOException {
    interrupt();
    run("--beam", "2").fails(1, "out.de.partial is of a run with another input");
    Files.writeString(input, "Something else.\n");
    run().fails(1, "delete it");
    Files.delete(folder.resolve("out.de.partial.json"));
    run().fails(1, "out.de.partial is in the way");
    Files.delete(folder.resolve("out.de.partial"));
    run().succeeds();
  }

  @Test
  void failuresNameTheFile() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    translate("", "--input", nowhere.toString()).fails(1, "nowhere does not exist");
    translate("", "--input", input.toString(), "--output", folder.toString())
        .fails(1, "is a directory");
    Path inNowhere = nowhere.resolve("out");
    translate("", "--input", input.toString(), "--output", inNowhere.toString())
        .fails(1, "out.partial cannot be written");
    assertEquals(List.of("in.en"), names());
  }
}
