package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.Commands.Outcome;
import java.io.IOException;
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
    return Commands.convert(args.toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void aPageStandsBesideTheModel() throws Exception {
    run(page, "--bits", "embedding=6,*=3", "--name", "it's mine").succeeds();
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
    run(page, "--dry-run").succeeds();
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
    run(page).fails(1, page + " exists already");
    assertEquals(List.of("report.html"), files());
    assertEquals("old", Files.readString(page));
    run(page, "--force").succeeds();
    assertTrue(Files.readString(page).startsWith("<!DOCTYPE html>"));
  }

  @Test
  void aFailedConversionLeavesNoPage() throws IOException {
    Path missing = folder.resolve("missing.txt");
    run(page, "--calibrate", missing.toString()).fails(1, "does not exist");
    run(page, "--calibrate", Files.writeString(missing, "a\n").toString()).fails(1, "");
    Files.createDirectories(out.resolve("model.bcq"));
    run(page).fails(1, "model.bcq");
    assertEquals(List.of("model.bcq"), files());
  }

  @Test
  void aFolderThatDoesNotExistIsNamedBeforeTheWork() throws IOException {
    Path nowhere = out.resolve("none/report.html");
    run(nowhere).fails(1, "the directory " + nowhere.getParent() + " does not exist");
    assertEquals(List.of(), files());
  }

  @Test
  void theModelIsNotOverwrittenByItsPage() throws IOException {
    Path same = folder.resolve("out/../out/model.bcq");
    run(same, "--force").fails(2, "is the output; expected another file");
    assertEquals(List.of(), files());
  }

  @Test
  void theWayBackHasNoPage() throws IOException {
    Path model = folder.resolve("none.bcq");
    run(page, "--dequantize", model.toString()).fails(2, "does not go with --dequantize");
    assertEquals(List.of(), files());
  }
}
