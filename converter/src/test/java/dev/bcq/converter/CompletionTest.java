package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;

class CompletionTest {

  @Test
  void theScriptInTheFolderIsThatOfTheCommand() throws IOException {
    Path script =
        Path.of(System.getProperty("bcq.root", "none"), "bin", "completion", "bcq-convert");
    assertEquals(
        AutoComplete.bash("bcq-convert", new CommandLine(new ConvertCommand())),
        Files.readString(script),
        "the options of bcq-convert have changed: run bin/completion/generate");
  }
}
