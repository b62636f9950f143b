package dev.bcq.converter.checkpoint.numpy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
  private static final byte[] SIX = NpzWriter.bytes(1, 2, 3, 4, 5, 6);

  @TempDir Path folder;

  private static TensorSource tensor(byte[] npy) {
    return NpyArray.tensor("a.npy", "a", MemorySegment.ofArray(npy));
  }

  private static void assertRefused(byte[] npy, String part) {
    CheckpointException e = assertThrows(CheckpointException.class, () -> tensor(npy));
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).startsWith("a.npy "), e.getMessage());
  }

  private static void assertHeaderRefused(String header, String part) {
    assertRefused(NpzWriter.npy(1, header, SIX), part);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void arraysOfAllVersionsAreRead(int version) {
    TensorSource rows = tensor(NpzWriter.npy(version, NpzWriter.header("<f4", false, 2, 3), SIX));
    assertEquals(List.of(2L, 3L), rows.shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, rows.readAll());
    TensorSource columns = tensor(NpzWriter.npy(version, NpzWriter.header("<f4", true, 2, 3), SIX));
    assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, columns.readAll());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, columns.transposed().readAll());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, rows.transposed().readAll());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, rows.transposed().transposed().readAll());
  }

  @Test
  void headersOfOtherWritersAreRead() {
    String old = "{'shape': (6L,), \"descr\": '<f4', 'fortran_order': False}";
    assertEquals(List.of(6L), tensor(NpzWriter.npy(1, old, SIX)).shape());
    byte[] one = NpzWriter.npy(1, NpzWriter.header("<f4", true), NpzWriter.bytes(7));
    assertArrayEquals(new float[] {7}, tensor(one).readAll());
    byte[] none = NpzWriter.npy(1, NpzWriter.header("<f8", false, 0, 1L << 40), new byte[0]);
    assertEquals(0, tensor(none).count());
  }

  @Test
  void typesOfNumPyAreRead() {
    byte[] eight = {1, 0, 0, 0, 0, 0, 0, 0};
    Map<String, Integer> counts =
        Map.of("|i1", 8, "|u1", 8, "|b1", 8, "<i2", 4, "<f2", 4, "<i4", 2, "<i8", 1, "<f8", 1);
    counts.forEach(
        (descr, count) ->
            assertEquals(
                (long) count,
                tensor(NpzWriter.npy(1, NpzWriter.header(descr, false, count), eight)).count()));
    for (String descr : List.of(">f4", "|O", "<U3", "<c8", "<f3", "", "f4")) {
      assertHeaderRefused(NpzWriter.header(descr, false, 6), "has values of the type '" + descr);
    }
  }

  @Test
  void picklesHaveAHeaderToo() {
    byte[] pickle = NpzWriter.npy(1, NpzWriter.header("|O", false), new byte[] {1, 2, 3});
    NpyHeader header = NpyHeader.parse("a.npy", MemorySegment.ofArray(pickle));
    assertEquals("|O", header.descr());
    assertEquals(List.of(), header.shape());
    assertEquals(pickle.length - 3L, header.dataOffset());
  }

  @Test
  void sizesAreThoseOfTheValues() {
    for (long[] shape :
        new long[][] {{5}, {7}, {}, {0}, {1L << 62}, {1L << 40, 1L << 40}, {2, 2, 2}}) {
      assertHeaderRefused(NpzWriter.header("<f4", false, shape), "24 bytes follow its header");
    }
    String many = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1, ".repeat(33) + ")}";
    assertHeaderRefused(many, "at most 32 dimensions");
  }

  @Test
  void headersThatAreNoneAreRefused() {
    Map.ofEntries(
            Map.entry("", "'{'"),
            Map.entry("{}", "the keys descr"),
            Map.entry("{'descr': '<f4', 'fortran_order': False}", "the keys descr"),
            Map.entry("{'descr': '<f4', 'descr': '<f4'}", "each key once"),
            Map.entry("{'other': 1}", "alone"),
            Map.entry("{'descr': [('a', '<f4')]}", "records of several fields"),
            Map.entry("{'descr': '<f4}", "a text in quotes"),
            Map.entry("{'descr': '<f\\x34'}", "a text in quotes"),
            Map.entry("{'fortran_order': 0}", "True or False"),
            Map.entry("{'shape': (-1,)}", "a size"),
            Map.entry("{'shape': (99999999999999999999,)}", "a size"),
            Map.entry("{'shape': 6}", "'('"),
            Map.entry("{'shape': (6", "')'"),
            Map.entry("{'shape': (6,)", "'}'"),
            Map.entry(NpzWriter.header("<f4", false, 6) + "x", "the end of the header"))
        .forEach(NpzTest::assertHeaderRefused);
  }

  @Test
  void lyingLengthsAreRefused() {
    byte[] right = NpzWriter.npy(1, NpzWriter.header("<f4", false, 2, 3), SIX);
    for (int i = 0; i < right.length; i++) {
      assertRefused(Arrays.copyOf(right, i), "a.npy is ");
    }
    assertRefused(Arrays.copyOf(right, right.length + 1), "25 bytes follow its header");
    byte[] version = right.clone();
    version[6] = 4;
    assertRefused(version, "version 4; supported: 1 to 3");
    byte[] longer = right.clone();
    longer[9] = (byte) 0xff;
    assertRefused(longer, "its header has ");
    byte[] second = NpzWriter.npy(2, NpzWriter.header("<f4", false, 2, 3), SIX);
    second[11] = (byte) 0xff;
    assertRefused(second, "its header has ");
    assertRefused("PK\u0003\u0004........".getBytes(ISO_8859_1), "is no .npy array");
  }

  private Map<String, TensorSource> read(byte[] npz, Arena arena) throws IOException {
    return Npz.read(Files.write(folder.resolve("a.npz"), npz), arena);
  }

  private void assertArchiveRefused(byte[] npz, String part) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      CheckpointException e = assertThrows(CheckpointException.class, () -> read(npz, arena));
      assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }
  }

  @Test
  void archivesAreMaps() throws IOException {
    NpzWriter writer =
        new NpzWriter().floats("b", new float[] {1, 2}, 2).floats("a:x", new float[] {3}, 1, 1);
    try (Arena arena = Arena.ofConfined()) {
      assertEquals("[a:x, b]", read(writer.zip(), arena).keySet().toString());
    }
    assertTrue(Npz.has(folder.resolve("a.npz"), "a:x"));
    assertTrue(!Npz.has(folder.resolve("a.npz"), "a"));
    assertArchiveRefused(writer.entry("note.txt", SIX).zip(), "note.txt, which is no .npy array");
    assertArchiveRefused(new NpzWriter().entry("c.npy", SIX).zip(), "a.npz: c.npy is no .npy");
  }

  @Test
  void compressedArraysAreRefusedWhateverTheyWouldGrowTo() throws IOException {
    byte[] bomb =
        new NpzWriter()
            .entry(
                "a.npy",
                NpzWriter.npy(1, NpzWriter.header("|i1", false, 1 << 26), new byte[1 << 26]))
            .zip(ZipEntry.DEFLATED);
    assertTrue(bomb.length < 1 << 18);
    assertArchiveRefused(bomb, "numpy.savez, not savez_compressed");
  }

  @Test
  void truncationAtAnyByteIsSeen() throws IOException {
    byte[] whole = new NpzWriter().floats("a", new float[] {1, 2}, 2).zip();
    for (int i = 0; i < whole.length; i++) {
      assertArchiveRefused(Arrays.copyOf(whole, i), "a.npz");
    }
  }
}
