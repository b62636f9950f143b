package dev.bcq.converter.checkpoint.ctranslate2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose parts contradict each other. */
class HostileModelBinTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  private static ModelBinWriter writer(int version) {
    ModelBinWriter writer = new ModelBinWriter();
    writer.version = version;
    writer.floats("a/weight", new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    writer.scalar("b/flag", 1);
    if (version >= 3) {
      writer.aliases.put("c/weight", "a/weight");
    }
    return writer;
  }

  private ModelBin read(byte[] bytes, Arena arena) throws IOException {
    return ModelBin.read(Files.write(folder.resolve("model.bin"), bytes), arena);
  }

  private void assertRefused(byte[] bytes, String part) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      CheckpointException e = assertThrows(CheckpointException.class, () -> read(bytes, arena));
      assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).startsWith("model.bin "), e.getMessage());
    }
  }

  private static int find(byte[] bytes, String name) {
    for (int i = 0; i + name.length() < bytes.length; i++) {
      if (new String(bytes, i, name.length(), ISO_8859_1).equals(name)) {
        return i;
      }
    }
    throw new AssertionError(name);
  }

  private static byte[] patched(byte[] bytes, int at, int value) {
    byte[] copy = bytes.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return copy;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void rightFilesOfAllVersionsAreRead(int version) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ModelBin model = read(writer(version).bytes(), arena);
      assertEquals(version, model.version());
      assertEquals(version == 1 ? "" : "TransformerSpec", model.specification());
      float[] values = Objects.requireNonNull(model.variables().get("a/weight")).readAll();
      assertEquals(21f, values[0] + values[1] + values[2] + values[3] + values[4] + values[5]);
      assertTrue(ModelBin.begins(folder.resolve("model.bin")));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void truncationAtAnyByteIsSeen(int version) throws IOException {
    byte[] whole = writer(version).bytes();
    for (int i = 0; i < whole.length; i++) {
      assertRefused(Arrays.copyOf(whole, i), "model.bin is ");
    }
    assertRefused(Arrays.copyOf(whole, whole.length + 1), "1 bytes follow the last variable");
  }

  @Test
  void versionsToComeAreRefused() throws IOException {
    for (int version : new int[] {0, 7, -1, 0x80}) {
      assertRefused(patched(writer(6).bytes(), 0, version), "supported: 1 to 6");
    }
  }

  @Test
  void lyingSizesAreRefused() throws IOException {
    byte[] right = writer(6).bytes();
    int rank = find(right, "a/weight") + 9;
    for (int size : new int[] {0, 1, 3, -1, Integer.MAX_VALUE}) {
      assertRefused(patched(right, rank + 1, size), "a/weight has 24 bytes for the shape");
    }
    byte[] both = patched(patched(right, rank + 1, -1), rank + 5, -1);
    assertRefused(both, "a/weight has 24 bytes for the shape");
    for (int bytes : new int[] {0, 23, 25, -1, Integer.MAX_VALUE}) {
      assertRefused(patched(right, rank + 10, bytes), "a/weight has ");
    }
    byte[] manyDimensions = right.clone();
    manyDimensions[rank] = (byte) 200;
    assertRefused(manyDimensions, "a/weight has 200 dimensions");
    byte[] type = right.clone();
    type[rank + 9] = 6;
    assertRefused(type, "values of the type 6");
    byte[] old = writer(3).bytes();
    old[find(old, "a/weight") + 9 + 9] = 3;
    assertRefused(old, "values of 3 bytes");
  }

  @Test
  void lyingCountsAreRefused() throws IOException {
    byte[] right = writer(6).bytes();
    int count = find(right, "TransformerSpec") + 16 + 4;
    for (int variables : new int[] {3, 1 << 30, -1}) {
      assertRefused(patched(right, count, variables), "model.bin is ");
    }
    int aliases = find(right, "c/weight") - 2 - 4;
    assertRefused(patched(right, aliases, 2), "is truncated");
    assertRefused(patched(right, aliases, -1), "is truncated");
    assertRefused(patched(right, aliases, 0), "bytes follow the last variable");
  }

  @Test
  void namesSpeakToNobodysTerminal() throws IOException {
    ModelBinWriter writer = writer(6);
    writer.scalar("\u001b[31mred", 1);
    assertRefused(writer.bytes(), "no name of printable characters");
    byte[] open = writer(6).bytes();
    open[find(open, "a/weight") + 8] = 'x';
    assertRefused(open, "with a NUL at its end");
  }

  @Test
  void namesAreThereOnce() throws IOException {
    byte[] twice = writer(6).bytes();
    twice[find(twice, "b/flag") - 2] = 9;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(twice, 0, find(twice, "b/flag"));
    out.writeBytes("a/weight".getBytes(US_ASCII));
    int rest = find(twice, "b/flag") + 6;
    out.write(twice, rest, twice.length - rest);
    assertRefused(out.toByteArray(), "two variables have the name a/weight");
    ModelBinWriter alias = writer(6);
    alias.aliases.put("b/flag", "a/weight");
    assertRefused(alias.bytes(), "b/flag is there twice");
  }

  @Test
  void aliasesStandForVariablesAlone() throws IOException {
    ModelBinWriter chain = writer(6);
    chain.aliases.put("d/weight", "c/weight");
    assertRefused(chain.bytes(), "d/weight stands for c/weight, which is no variable");
    ModelBinWriter cycle = writer(6);
    cycle.aliases.put("e", "f");
    cycle.aliases.put("f", "e");
    assertRefused(cycle.bytes(), "which is no variable");
  }

  @Test
  void whateverAFileSaysLittleIsAllocated() throws IOException {
    byte[] right = writer(6).bytes();
    long seed = 20261127;
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      byte[] changed = right.clone();
      for (int j = random.nextInt(3); j >= 0; j--) {
        int at = random.nextInt(changed.length - 4);
        int value = random.nextBoolean() ? random.nextInt() : -random.nextInt(4);
        changed = patched(changed, at, value);
      }
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try (Arena arena = Arena.ofConfined()) {
        read(changed, arena).variables().values().forEach(variable -> variable.readAll());
      } catch (CheckpointException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith("model.bin "), "seed " + seed);
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 1 << 20, "seed " + seed + ", input " + i + ": " + allocated);
    }
  }
}
