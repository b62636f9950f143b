package dev.bcq.benchmarks;

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
    Path script = Path.of(System.getProperty("bcq.root", "none"), "bin", "completion", "bcq-bench");
    assertEquals(
        AutoComplete.bash("bcq-bench", new CommandLine(new BenchCommand())),
        Files.readString(script),
        "the options of bcq-bench have changed: run bin/completion/generate");
  }
}
