package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files of the format of the same name. They are mapped, tensors are read in place. */
public final class Safetensors {
  static final String SINGLE = "model.safetensors";

  private static final long MAX_HEADER = 100L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Safetensors() {}

  /**
   * Maps a file and returns its tensors by name, sorted.
   *
   * @param arena as long as it is open, tensors can be read
   * @throws CheckpointException if the file is damaged
   */
  public static Map<String, TensorSource> read(Path file, Arena arena) {
    String name = String.valueOf(file.getFileName());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      if (length < 8) {
        throw new CheckpointException(name + " is truncated: it has " + length + " bytes");
      }
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena);
      long header = bytes.get(LONG, 0);
      if (header < 2 || header > Math.min(MAX_HEADER, length - 8)) {
        throw new CheckpointException(
            "%s is not a safetensors file: its header has %s bytes, the file %d"
                .formatted(name, Long.toUnsignedString(header), length));
      }
      String text =
          new String(
              bytes.asSlice(8, header).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
      return tensors(name, JSON.readTree(text), bytes.asSlice(8 + header));
    } catch (JacksonException e) {
      throw new CheckpointException(
          name + " is damaged: its header is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Map<String, TensorSource> tensors(
      String file, JsonNode header, MemorySegment data) {
    if (!header.isObject()) {
      throw new CheckpointException(file + " is damaged: its header is not a JSON object");
    }
    Map<String, TensorSource> tensors = new TreeMap<>();
    long described = 0;
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        TensorSource tensor = tensor(file, entry.getKey(), entry.getValue(), data);
        described += tensor.byteSize();
        tensors.put(entry.getKey(), tensor);
      }
    }
    // Tensors fill the data without gaps, or the file was not written by safetensors.
    if (described != data.byteSize()) {
      throw new CheckpointException(
          "%s is damaged: its tensors have %d bytes together, the file has %d for them"
              .formatted(file, described, data.byteSize()));
    }
    return tensors;
  }

  private static TensorSource tensor(String file, String name, JsonNode entry, MemorySegment data) {
    String where = file + ": tensor " + name;
    TensorSource.Type type = type(where, entry.path("dtype").asText());
    List<Long> shape = new ArrayList<>();
    long bytes = type.size();
    for (JsonNode dimension : entry.path("shape")) {
      long size = whole(dimension);
      if (size < 0 || (size > 0 && bytes > Long.MAX_VALUE / size)) {
        throw new CheckpointException(where + " has the shape " + entry.path("shape"));
      }
      shape.add(size);
      bytes *= size;
    }
    JsonNode offsets = entry.path("data_offsets");
    long from = whole(offsets.path(0));
    long to = whole(offsets.path(1));
    if (from < 0 || to < from || to - from != bytes) {
      throw new CheckpointException(
          "%s is damaged: bytes %d to %d, expected %d bytes for shape %s of %s"
              .formatted(where, from, to, bytes, shape, type));
    }
    if (to > data.byteSize()) {
      throw new CheckpointException(
          "%s is truncated: tensor %s ends at byte %d of the data, which has %d bytes"
              .formatted(file, name, to, data.byteSize()));
    }
    return new TensorSource(name, type, shape, data.asSlice(from, bytes));
  }

  /** Returns a whole number, or -1 if the node is none or too large. */
  private static long whole(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : -1;
  }

  private static TensorSource.Type type(String where, String name) {
    for (TensorSource.Type type : TensorSource.Type.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new CheckpointException(
        "%s has the number type '%s'; supported: %s"
            .formatted(where, name, Arrays.toString(TensorSource.Type.values())));
  }
}
