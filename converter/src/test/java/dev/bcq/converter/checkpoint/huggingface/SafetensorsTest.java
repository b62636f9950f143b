package dev.bcq.converter.checkpoint.huggingface;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files; the tests of conversions read whole ones. */
class SafetensorsTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  private void assertRefused(String part) {
    try (Arena arena = Arena.ofConfined()) {
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> Weights.read(folder, arena));
      assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }
  }

  private void write(String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + dataBytes);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
    Files.write(folder.resolve(Safetensors.SINGLE), bytes.array());
  }

  @Test
  void sizesBeyond64BitsAreNotCut() throws IOException {
    // 2^64 + 1, whose lower bits are right.
    write("{\"a\":{\"dtype\":\"F32\",\"shape\":[18446744073709551617],\"data_offsets\":[0,4]}}", 4);
    assertRefused("has the shape [18446744073709551617]");
    write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,18446744073709551620]}}", 4);
    assertRefused("is damaged");
  }

  /** As the documentation says, garbage included. */
  @Test
  void manySmallPartsOfAHeaderCostAMultipleOfItsLength() throws IOException {
    for (String part :
        new String[] {"[],", "{},", "0,", "99,", "\"\",", "1.5,", "[[[]]],", "null,"}) {
      String header = "{\"__metadata__\":[" + part.repeat(50_000) + "0]}";
      write(header, 0);
      long allocated = allocated();
      assertTrue(
          allocated <= (256 << 10) + 128L * header.length(),
          () -> part + " costs " + allocated / header.length() + " times its length");
    }
  }

  @Test
  void manySmallTensorsCostAMultipleOfTheHeader() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 10_000; i++) {
      header
          .append(i == 0 ? "" : ",")
          .append("\"%d\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}".formatted(i));
    }
    write(header.append('}').toString(), 0);
    assertTrue(allocated() <= (256 << 10) + 128L * header.length());
  }

  private long allocated() {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try (Arena arena = Arena.ofConfined()) {
      Weights.read(folder, arena);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void theIndexNamesFilesThatCanBe() throws IOException {
    for (String name : new String[] {"a\\u0000b", "../a", "/a", "", "a\\\\b"}) {
      Files.writeString(
          folder.resolve(Safetensors.SINGLE + ".index.json"),
          "{\"weight_map\":{\"a\":\"" + name + "\"}}");
      assertRefused("expected a file of the same folder");
    }
  }
}
