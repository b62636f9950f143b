package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointReadersTest {
  private final Arena arena = Arena.ofConfined();

  @TempDir Path folder;

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void unknownInputsGetWhatWasLookedFor() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    CheckpointException thrown =
        assertThrows(
            CheckpointException.class,
            () -> CheckpointReaders.read(null, CheckpointInput.of(empty), arena));
    for (CheckpointReader reader : CheckpointReaders.all()) {
      String line = reader.name() + ": " + reader.looksFor();
      assertTrue(String.valueOf(thrown.getMessage()).contains(line), thrown.getMessage());
    }
    Path text = Files.writeString(folder.resolve("text.txt"), "hello");
    thrown =
        assertThrows(
            CheckpointException.class,
            () -> CheckpointReaders.read(null, CheckpointInput.of(text), arena));
    assertTrue(
        String.valueOf(thrown.getMessage()).contains("(text.txt is not a file of torch.save"),
        thrown.getMessage());
  }

  @Test
  void aNamedSourceTellsWhyItDoesNotReadAnInput() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    CheckpointException thrown =
        assertThrows(
            CheckpointException.class,
            () ->
                CheckpointReaders.read(
                    CheckpointReaders.named("fairseq"), CheckpointInput.of(empty), arena));
    assertTrue(
        String.valueOf(thrown.getMessage()).contains("has none of checkpoint_best.pt"),
        thrown.getMessage());
  }
}
