package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of other processes are a test of the converter. */
class TemporaryFileTest {

  @TempDir Path folder;

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatAKilledProcessLeftGoesWhenTheTargetIsWrittenAgain() throws IOException {
    Files.createFile(folder.resolve(".m.bcq.0123456789abcdef.tmp"));
    Files.createFile(folder.resolve(".m.bcq.f.tmp"));
    TestFiles.write(folder.resolve("m.bcq"));
    assertEquals(List.of("m.bcq"), files());
  }

  @Test
  void filesOfOtherTargetsAndOtherNamesStay() throws IOException {
    List<String> others =
        List.of(
            ".m.bcq..tmp",
            ".m.bcq.0123456789abcdef0.tmp",
            ".m.bcq.b.bcq.12.tmp",
            ".m.bcq.xyz.tmp",
            ".mxbcq.12.tmp",
            ".n.bcq.12.tmp",
            "m.bcq.12.tmp");
    for (String name : others) {
      Files.createFile(folder.resolve(name));
    }
    TemporaryFile.deleteAbandoned(folder.resolve("m.bcq"));
    assertEquals(others, files());
  }

  @Test
  void filesThatThisProcessIsWritingStay() throws IOException {
    Path target = folder.resolve("m.bcq");
    try (TemporaryFile file = TemporaryFile.beside(target)) {
      TemporaryFile.deleteAbandoned(target);
      assertEquals(1, files().size());
      file.moveTo(target);
      TemporaryFile.deleteAbandoned(target);
    }
    assertEquals(List.of("m.bcq"), files());
  }
}
