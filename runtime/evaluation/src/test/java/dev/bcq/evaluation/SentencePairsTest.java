package dev.bcq.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bcq.console.CommandException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentencePairsTest {
  private static final String TEXT = "Yes.\tJa.\nYes.\tDoch.\nNo.\tNein.\tNee.\nMaybe.\tÄh.\n";

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("pairs.tsv"), text);
  }

  @Test
  void theFirstOfEachDistinctSourceCounts() throws IOException {
    SentencePairs pairs = SentencePairs.read(file(TEXT));
    assertEquals(List.of("Yes.", "No.", "Maybe."), pairs.sources());
    assertEquals(List.of("Ja.", "Nein.\tNee.", "Äh."), pairs.references());
  }

  @Test
  void theFirstPairsAreOfDistinctSources() throws IOException {
    assertEquals(List.of("Yes.", "No."), SentencePairs.read(file(TEXT)).first(2).sources());
    assertEquals(3, SentencePairs.read(file(TEXT)).first(9).size());
  }

  @Test
  void aCompressedFileHoldsTheSame() throws IOException {
    Path compressed = folder.resolve("pairs.tsv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      out.write(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(SentencePairs.read(file(TEXT)), SentencePairs.read(compressed));
  }

  @Test
  void whatIsWrongWithAFileIsTold() throws IOException {
    Path file = file("Yes.\tJa.\nNo.\n");
    fails(file, file + " line 2 has no tab; expected SOURCE<TAB>REFERENCE");
    fails(file(""), file + " has no pairs; expected lines SOURCE<TAB>REFERENCE");
    fails(folder.resolve("none"), folder.resolve("none") + " does not exist");
  }

  private static void fails(Path file, String message) {
    CommandException failure = assertThrows(CommandException.class, () -> SentencePairs.read(file));
    assertEquals(message, failure.getMessage());
  }

  @Test
  void eachSourceHasAReference() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SentencePairs(List.of("Yes.", "No."), List.of("Ja.")));
  }
}
