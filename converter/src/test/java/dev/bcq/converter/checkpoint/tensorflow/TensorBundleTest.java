package dev.bcq.converter.checkpoint.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorBundleTest {

  @TempDir Path folder;

  private static BundleWriter twenty() {
    BundleWriter writer = new BundleWriter();
    for (int i = 0; i < 20; i++) {
      writer.floats("layers/" + i + "/kernel", new float[] {i, i + 1, i + 2, -i}, 2, 2);
    }
    return writer;
  }

  private Map<String, TensorSource> read(Path index, Arena arena) {
    return TensorBundle.read(index, arena).tensors(name -> true);
  }

  private void assertRefused(Path index, String message) {
    try (Arena arena = Arena.ofConfined()) {
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> read(index, arena), message);
      assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }
  }

  @Test
  void variablesHaveTheirNamesShapesAndValues() {
    Path index = twenty().write(folder, "model");
    try (Arena arena = Arena.ofConfined()) {
      Map<String, TensorSource> tensors = read(index, arena);
      assertEquals(20, tensors.size());
      TensorSource seventh = Objects.requireNonNull(tensors.get("layers/7/kernel"));
      assertEquals(List.of(2L, 2L), seventh.shape());
      assertArrayEquals(new float[] {7, 8, 9, -7}, seventh.readAll());
    }
  }

  @Test
  void whatIsNotWantedIsNotLookedAt() {
    Path index = twenty().text("graph").write(folder, "model");
    try (Arena arena = Arena.ofConfined()) {
      TensorBundle bundle = TensorBundle.read(index, arena);
      assertTrue(bundle.names().contains("graph"));
      assertEquals(1, bundle.tensors("layers/3/kernel"::equals).size());
    }
    assertRefused(index, "graph of model.index has the type 7 of TensorFlow");
  }

  @Test
  void wrongTablesAreRefused() throws IOException {
    BundleWriter compressed = twenty();
    compressed.compression = 1;
    assertRefused(compressed.write(folder, "compressed"), "has compressed blocks (1)");
    BundleWriter other = twenty();
    other.magic = 7;
    assertRefused(other.write(folder, "other"), "does not end in the magic number");
    for (long wild : new long[] {1, -1, 1 << 20, Long.MAX_VALUE, Long.MIN_VALUE}) {
      BundleWriter writer = twenty();
      writer.wildness = wild;
      assertRefused(writer.write(folder, "wild"), "is damaged");
    }
    Path index = twenty().write(folder, "changed");
    byte[] bytes = Files.readAllBytes(index);
    for (int i = 0; i < bytes.length - 48; i += 7) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x20;
      Files.write(index, changed);
      // Padding behind the last block is all that no checksum protects.
      assertRefused(index, "changed");
    }
  }

  @Test
  void dataHasToBeThereAndWhole() throws IOException {
    Path index = twenty().write(folder, "model");
    Path data = folder.resolve("model.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    byte[] changed = bytes.clone();
    changed[100] ^= 1;
    Files.write(data, changed);
    assertRefused(index, "the checksum of layers/6/kernel is wrong");
    Files.write(data, Arrays.copyOf(bytes, 100));
    assertRefused(index, "model.index is damaged");
    Files.delete(data);
    assertRefused(index, "model.data-00000-of-00001 cannot be read, which model.index needs");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 3, 1L << 40, Long.MAX_VALUE})
  void lyingShapesAreRefused(long size) {
    BundleWriter writer = twenty();
    writer.entry("z", 1, new long[] {size, size}, 0, 16, 0, new byte[16]);
    assertRefused(writer.write(folder, "model"), "model.index is damaged: z has the shape");
  }

  @Test
  void variablesThatShareBytesAreRefused() {
    BundleWriter writer = new BundleWriter().floats("a", new float[4], 4);
    writer.entry("b", 1, new long[] {4}, 8, 16, 0, new byte[0]);
    assertRefused(writer.write(folder, "model"), "model.index is damaged: b has the shape [4]");
  }
}
