package dev.bcq.converter.checkpoint.fairseq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FairseqVocabularyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'a 1\\nb' | line 2: expected a symbol, a space and its count
          'a 1\\na 2' | line 2: 'a' is in line 1 too; expected each symbol once
          '<unk> 1' | line 1: '<unk>' is a special symbol
          """)
  void vocabulariesAreChecked(String content, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("dict.txt"), content.replace("\\n", "\n"));
    CheckpointException thrown =
        assertThrows(CheckpointException.class, () -> FairseqVocabulary.read(file));
    assertTrue(String.valueOf(thrown.getMessage()).contains(message), thrown.getMessage());
  }

  @Test
  void symbolsMayHaveSpacesAndOverwrite() throws IOException {
    Path file =
        Files.writeString(folder.resolve("dict.txt"), "a b 1\r\n<pad> 3 #fairseq:overwrite\nc 0\n");
    assertEquals(
        List.of("<s>", "<pad>", "</s>", "<unk>", "a b", "<pad>", "c"),
        FairseqVocabulary.read(file));
  }
}
