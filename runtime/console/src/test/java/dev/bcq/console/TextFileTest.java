package dev.bcq.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir Path folder;

  private static byte[] compressed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void linesOfCompressedFilesAreRead() throws IOException {
    Path file = Files.write(folder.resolve("text.gz"), compressed("Äh\n\nja"));
    assertEquals(List.of("Äh", "", "ja"), TextFile.lines(file));
  }

  @Test
  void aFileThatIsCutOffIsToldAsSuch() throws IOException {
    byte[] whole = compressed("some text\n");
    for (int length : new int[] {0, 5, whole.length - 9}) {
      Path file = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(whole, length));
      CommandException failure =
          assertThrows(CommandException.class, () -> TextFile.lines(file), "length " + length);
      assertEquals(
          file + " cannot be read: its compressed data ends too early", failure.getMessage());
    }
  }
}
