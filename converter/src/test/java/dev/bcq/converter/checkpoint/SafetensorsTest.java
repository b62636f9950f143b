package dev.bcq.converter.checkpoint;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files; the tests of conversions read whole ones. */
class SafetensorsTest {

  @TempDir Path folder;

  private void assertRefused(String part) {
    try (Arena arena = Arena.ofConfined()) {
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> Safetensors.read(folder, arena));
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

  @Test
  void theIndexNamesFilesThatCanBe() throws IOException {
    for (String name : new String[] {"a\\u0000b", "../a", "/a", "", "a\\\\b"}) {
      Files.writeString(
          folder.resolve(Safetensors.INDEX), "{\"weight_map\":{\"a\":\"" + name + "\"}}");
      assertRefused("expected a file of the same folder");
    }
  }
}
