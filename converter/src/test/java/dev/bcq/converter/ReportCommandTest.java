package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.console.CommandRunner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

  @TempDir Path folder;
  private Path out = Path.of("");
  private Path page = Path.of("");

  private record Outcome(int code, String err) {}

  @BeforeEach
  void makeFolder() throws IOException {
    out = Files.createDirectories(folder.resolve("out"));
    page = out.resolve("report.html");
  }

  private Outcome run(Path page, String... options) {
    List<String> args = new ArrayList<>(List.of(options));
    args.add(new TinyCheckpoint(1).write(folder.resolve("tiny")).toString());
    args.add(out.resolve("model.bcq").toString());
    args.addAll(List.of("--report", page.toString()));
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code = CommandRunner.run(new ConvertCommand(), args.toArray(String[]::new));
      return new Outcome(code, err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static void assertDone(Outcome outcome) {
    assertEquals(0, outcome.code(), outcome.err());
  }

  /** The command ends with this code and one message that says this. */
  private static void assertRefused(int code, String message, Outcome outcome) {
    assertEquals(code, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(message), outcome.err());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
  }

  @Test
  void aPageStandsBesideTheModel() throws Exception {
    assertDone(run(page, "--bits", "embedding=6,*=3", "--name", "it's mine"));
    assertEquals(List.of("model.bcq", "report.html"), files());
    String text =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(page.toFile())
            .getDocumentElement()
            .getTextContent();
    assertTrue(
        text.contains("bcq-convert --bits 'embedding=6,*=3' --name 'it'\\''s mine' /"), text);
    assertTrue(text.contains("warning: the folder has no tokenizer"), text);
    assertTrue(text.contains("decoder.layers.0.cross_attention.value.weight"), text);
    String bytes = "%,d".formatted(Files.size(out.resolve("model.bcq")));
    assertTrue(text.contains(bytes.replace('.', ',')), text);
  }

  @Test
  void aDryRunWritesThePageAlone() throws IOException {
    assertDone(run(page, "--dry-run"));
    assertEquals(List.of("report.html"), files());
    assertTrue(Files.readString(page).contains("no file was written"));
  }

  @Test
  void theSameConversionGivesTheSamePage() throws IOException {
    run(page, "--dry-run", "--force");
    String first = Files.readString(page);
    run(page, "--dry-run", "--force");
    assertEquals(first, Files.readString(page));
  }

  @Test
  void anExistingPageStaysWithoutForceAndNothingIsDone() throws IOException {
    Files.writeString(page, "old");
    assertRefused(1, page + " exists already", run(page));
    assertEquals(List.of("report.html"), files());
    assertEquals("old", Files.readString(page));
    assertDone(run(page, "--force"));
    assertTrue(Files.readString(page).startsWith("<!DOCTYPE html>"));
  }

  @Test
  void aFailedConversionLeavesNoPage() throws IOException {
    Path missing = folder.resolve("missing.txt");
    assertRefused(1, "does not exist", run(page, "--calibrate", missing.toString()));
    assertRefused(1, "", run(page, "--calibrate", Files.writeString(missing, "a\n").toString()));
    Files.createDirectories(out.resolve("model.bcq"));
    assertRefused(1, "model.bcq", run(page));
    assertEquals(List.of("model.bcq"), files());
  }

  @Test
  void aFolderThatDoesNotExistIsNamedBeforeTheWork() throws IOException {
    Path nowhere = out.resolve("none/report.html");
    assertRefused(1, "the directory " + nowhere.getParent() + " does not exist", run(nowhere));
    assertEquals(List.of(), files());
  }

  @Test
  void theModelIsNotOverwrittenByItsPage() throws IOException {
    Path same = folder.resolve("out/../out/model.bcq");
    assertRefused(2, "is the output; expected another file", run(same, "--force"));
    assertEquals(List.of(), files());
  }

  @Test
  void theWayBackHasNoPage() throws IOException {
    Path model = folder.resolve("none.bcq");
    assertRefused(2, "does not go with --dequantize", run(page, "--dequantize", model.toString()));
    assertEquals(List.of(), files());
  }
}
