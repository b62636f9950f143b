package dev.bcq.converter.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.console.CommandException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTextTest {

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static void assertRefused(String message, Path source, @Nullable Path target) {
    CommandException refused =
        assertThrows(CommandException.class, () -> CalibrationText.read(source, target), message);
    assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
  }

  @Test
  void readsSourcesPairsAndPairsOfFiles() throws IOException {
    Path sources = file("s.txt", "one\ntwo\n");
    assertEquals(List.of("one", "two"), CalibrationText.read(sources, null).sources());
    assertNull(CalibrationText.read(sources, null).targets());
    CalibrationText pairs = CalibrationText.read(file("p.tsv", "one\teins\ntwo\tzwei\n"), null);
    assertEquals(List.of("one", "two"), pairs.sources());
    assertEquals(List.of("eins", "zwei"), pairs.targets());
    assertEquals("p.tsv", pairs.name());
    CalibrationText apart = CalibrationText.read(sources, file("t.txt", "eins\nzwei\n"));
    assertEquals(List.of("eins", "zwei"), apart.targets());
  }

  @Test
  void readsCompressedFiles() throws IOException {
    Path file = folder.resolve("p.tsv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("one\teins\n".getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(List.of("eins"), CalibrationText.read(file, null).targets());
  }

  @Test
  void refusesWhatIsNoTextOrHasHalfOfTheTargets() throws IOException {
    Path sources = file("s.txt", "one\ntwo\n");
    Path pairs = file("p.tsv", "one\teins\ntwo\tzwei\n");
    assertRefused("empty.txt is empty", file("empty.txt", ""), null);
    Path binary = Files.write(folder.resolve("b"), new byte[] {'a', '\n', (byte) 0xff, 0});
    assertRefused("b line 2 is no text in UTF-8", binary, null);
    assertRefused("line 2 has no target", file("h.tsv", "one\teins\ntwo\n"), null);
    assertRefused("line 2 has a target", file("h.txt", "one\ntwo\tzwei\n"), null);
    assertRefused("leave out --calibrate-target", pairs, sources);
    assertRefused("has 2 lines, ", sources, file("t.txt", "eins\n"));
  }
}
