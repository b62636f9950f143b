package dev.bcq.converter.checkpoint.pytorch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives and old files whose parts contradict each other. */
class HostilePyTorchFilesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  private Map<String, TensorSource> read(byte[] bytes, Arena arena) throws IOException {
    PyTorchFile file = PyTorchFile.read(Files.write(folder.resolve("a.bin"), bytes), arena);
    return file.tensors(file.root());
  }

  private void assertRefused(byte[] bytes, String part) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      CheckpointException e = assertThrows(CheckpointException.class, () -> read(bytes, arena));
      assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).startsWith("a.bin"), e.getMessage());
    }
  }

  /** Returns where a header of the directory begins, or of the entry itself. */
  private static int header(byte[] zip, String signature, String name) {
    String text = new String(zip, ISO_8859_1);
    int from = text.indexOf(signature);
    while (true) {
      int length = signature.equals("PK\u0001\u0002") ? 46 : 30;
      if (text.startsWith(name, from + length)) {
        return from;
      }
      from = text.indexOf(signature, from + 1);
      assertTrue(from >= 0, name);
    }
  }

  private static byte[] patched(byte[] zip, int at, int value) {
    byte[] copy = zip.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return copy;
  }

  @Test
  void rightFilesAreRead() throws IOException {
    PyTorchWriter writer = new PyTorchWriter();
    ByteBuffer.wrap(writer.values).order(ByteOrder.LITTLE_ENDIAN).putFloat(20, 5f);
    for (byte[] file : new byte[][] {writer.zip(), writer.legacy()}) {
      try (Arena arena = Arena.ofConfined()) {
        float[] values = read(file, arena).values().iterator().next().readAll();
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 5}, values);
      }
    }
  }

  @Test
  void tensorsBeyondTheirStorageAreRefused() throws IOException {
    long[][][] wrong = {
      {{0}, {2, 4}, {4, 1}},
      {{1}, {2, 3}, {3, 1}},
      {{6}, {1}, {1}},
      {{-1}, {2, 3}, {3, 1}},
      {{Long.MAX_VALUE}, {2, 3}, {3, 1}},
      {{Long.MIN_VALUE}, {2, 3}, {3, 1}},
      {{0}, {7}, {1}},
      {{0}, {2, 3}, {4, 1}},
      {{0}, {2, 3}, {Long.MAX_VALUE, 1}},
      {{0}, {3, 3}, {1L << 62, 1}},
      {{0}, {Long.MAX_VALUE, 2}, {1, 1}},
      {{0}, {1L << 32, 1L << 32}, {0, 0}},
      {{0}, {2, 2, 2}, {1, 1, 1}},
      {{0}, {2, -3}, {3, 1}},
      {{0}, {2, 3}, {3, -1}},
      {{0}, {2, 3}, {3}},
      {{0}, {1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1}},
    };
    for (long[][] one : wrong) {
      PyTorchWriter writer = new PyTorchWriter();
      writer.offset = one[0][0];
      writer.shape = one[1];
      writer.strides = one[2];
      assertRefused(writer.zip(), "a.bin: tensor a");
      assertRefused(writer.legacy(), "a.bin: tensor a");
    }
  }

  @Test
  void emptyTensorsMayHaveAnyShape() throws IOException {
    PyTorchWriter writer = new PyTorchWriter();
    writer.count = 0;
    writer.values = new byte[0];
    writer.shape = new long[] {1L << 62, 1L << 62, 0};
    writer.strides = new long[] {1, 1, 1};
    try (Arena arena = Arena.ofConfined()) {
      assertEquals(0, read(writer.zip(), arena).values().iterator().next().readAll().length);
    }
  }

  @Test
  void storagesHaveTheLengthThatIsSaid() throws IOException {
    Map<Long, String> wrong =
        Map.of(
            5L,
            "its storage has 5 values",
            7L,
            "has 24 bytes; expected 28 for 7 values of F32",
            1L << 60,
            "has 24 bytes",
            Long.MAX_VALUE,
            "no storage of numbers",
            -1L,
            "no storage of numbers");
    for (Map.Entry<Long, String> one : wrong.entrySet()) {
      PyTorchWriter writer = new PyTorchWriter();
      writer.count = one.getKey();
      assertRefused(writer.zip(), one.getValue());
      assertRefused(writer.legacy(), "a.bin");
    }
    PyTorchWriter writer = new PyTorchWriter();
    writer.key = "1";
    assertRefused(writer.zip(), "the storage '1' is missing");
    writer.storageClass = "QInt8Storage";
    assertRefused(writer.zip(), "torch.QInt8Storage is refused");
  }

  @Test
  void oldFilesAreConsistent() throws IOException {
    PyTorchWriter writer = new PyTorchWriter();
    assertRefused(writer.legacy(false, 6, "0"), "little-endian");
    assertRefused(writer.legacy(true, 5, "0"), "has 5 values; expected 6");
    assertRefused(writer.legacy(true, -1, "0"), "has -1 values; expected 6");
    assertRefused(writer.legacy(true, 6, "0", "0"), "is truncated");
    assertRefused(writer.legacy(true, 6, "1"), "nothing describes, number 0");
    assertRefused(writer.legacy(true, 6), "32 bytes are left");
    writer.values = new byte[25];
    assertRefused(writer.legacy(), "1 bytes are left");
    writer.count = 0;
    writer.values = new byte[8];
    assertRefused(writer.legacy(true, 0, "0", "0"), "is there twice");
  }

  @Test
  void archivesAreConsistent() throws IOException {
    PyTorchWriter writer = new PyTorchWriter();
    byte[] pickle = writer.pickle(false);
    assertRefused(PyTorchWriter.zip(Map.of("m/other", pickle)), "a ZIP archive without data.pkl");
    assertRefused(PyTorchWriter.zip(Map.of("data.pkl", pickle)), "without data.pkl");
    assertRefused(
        PyTorchWriter.zip(Map.of("a/data.pkl", pickle, "b/data.pkl", pickle)), "more than one");
    assertRefused(
        PyTorchWriter.zip(Map.of("m/data.pkl", pickle, "m/byteorder", "big".getBytes(ISO_8859_1))),
        "another byte order");
  }

  @Test
  void compressedEntriesAreRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("m/data.pkl"));
      zip.write(new byte[50_000_000]);
    }
    assertRefused(bytes.toByteArray(), "m/data.pkl is compressed");
  }

  @Test
  void entriesWithOneNameAreRefused() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("m/data.pkl", new PyTorchWriter().pickle(false));
    entries.put("m/data/0", new byte[24]);
    entries.put("m/data/1", new byte[24]);
    String zip = new String(PyTorchWriter.zip(entries), ISO_8859_1);
    assertRefused(
        zip.replace("m/data/1", "m/data/0").getBytes(ISO_8859_1),
        "two entries have the name m/data/0");
  }

  @Test
  void entriesThatShareBytesAreRefused() throws IOException {
    byte[] zip = new PyTorchWriter().zip();
    int other = header(zip, "PK\u0003\u0004", "m/data.pkl");
    int directory = header(zip, "PK\u0001\u0002", "m/data/0");
    assertRefused(patched(zip, directory + 42, other), "two entries share bytes");
  }

  @Test
  void entriesBeyondTheFileAreRefused() throws IOException {
    byte[] zip = new PyTorchWriter().zip();
    int directory = header(zip, "PK\u0001\u0002", "m/data/0");
    for (int offset : new int[] {zip.length, zip.length - 5, Integer.MAX_VALUE, -2, -1}) {
      assertRefused(patched(zip, directory + 42, offset), "a.bin is ");
    }
    for (int size : new int[] {zip.length, Integer.MAX_VALUE, -2, -1}) {
      byte[] larger = patched(patched(zip, directory + 20, size), directory + 24, size);
      assertRefused(larger, "a.bin is ");
      assertRefused(patched(zip, directory + 24, size), "a.bin is ");
    }
  }

  @Test
  void truncationAtAnyByteIsSeen() throws IOException {
    PyTorchWriter writer = new PyTorchWriter();
    for (byte[] whole : new byte[][] {writer.zip(), writer.legacy()}) {
      for (int i = 0; i < whole.length; i++) {
        assertRefused(Arrays.copyOf(whole, i), "a.bin");
      }
    }
  }

  @Test
  void damagedFilesAreReadOrRefusedAndNeverDoHarm() throws IOException {
    PyTorchWriter writer = new PyTorchWriter();
    for (byte[] file : new byte[][] {writer.zip(), writer.legacy()}) {
      for (long seed = 0; seed < 400; seed++) {
        Random random = new Random(seed);
        byte[] damaged = file.clone();
        for (int i = 0; i < 3; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        String what = "seed " + seed;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try (Arena arena = Arena.ofConfined()) {
          read(damaged, arena).values().forEach(TensorSource::readAll);
        } catch (CheckpointException e) {
          assertTrue(String.valueOf(e.getMessage()).contains("a.bin"), what + e.getMessage());
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < (1 << 20), () -> what + " allocated " + allocated);
      }
    }
  }
}
