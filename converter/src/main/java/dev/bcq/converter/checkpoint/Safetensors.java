package dev.bcq.converter.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tensors of {@code model.safetensors}, or of the files that {@code
 * model.safetensors.index.json} names. Files are mapped, tensors are read in place; whatever a
 * header or an index says, reading it allocates at most 256 KiB and 128 times its length.
 */
final class Safetensors {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final long MAX_HEADER = 100L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final Map<String, TensorSource> tensors = new TreeMap<>();
  private final List<Path> files = new ArrayList<>();

  private Safetensors(Arena arena) {
    this.arena = arena;
  }

  /** Returns whether a folder has weights in this form. */
  static boolean present(Path folder) {
    return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(INDEX));
  }

  /**
   * Maps the weights of a folder.
   *
   * @param arena as long as it is open, tensors can be read
   * @throws CheckpointException if a file is missing or damaged
   */
  static Safetensors read(Path folder, Arena arena) {
    Safetensors result = new Safetensors(arena);
    if (Files.exists(folder.resolve(SINGLE))) {
      result.addFile(folder.resolve(SINGLE));
    } else {
      result.addIndexed(folder);
    }
    return result;
  }

  /** Returns the tensors by name, sorted. */
  Map<String, TensorSource> tensors() {
    return tensors;
  }

  /** Returns the files that were read. */
  List<Path> files() {
    return files;
  }

  private void addIndexed(Path folder) {
    Path index = folder.resolve(INDEX);
    files.add(index);
    JsonNode map = JsonFile.read(index).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw new CheckpointException(INDEX + " has no weight_map");
    }
    Map<String, List<String>> names = new LinkedHashMap<>();
    map.properties()
        .forEach(
            entry ->
                names
                    .computeIfAbsent(entry.getValue().asText(), key -> new ArrayList<>())
                    .add(entry.getKey()));
    for (Map.Entry<String, List<String>> shard : names.entrySet()) {
      Path file = shard(folder, shard.getKey());
      addFile(file);
      for (String name : shard.getValue()) {
        if (!tensors.containsKey(name)) {
          throw new CheckpointException(
              "%s says that %s holds %s, but it does not".formatted(INDEX, shard.getKey(), name));
        }
      }
    }
  }

  private static Path shard(Path folder, String name) {
    boolean elsewhere = name.contains("/") || name.contains("\\") || name.startsWith("..");
    if (name.isEmpty() || elsewhere || name.indexOf('\0') >= 0) {
      throw new CheckpointException(
          INDEX + " names the file '" + name + "'; expected a file of the same folder");
    }
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(name + ", which " + INDEX + " names, is missing");
    }
    return file;
  }

  private void addFile(Path file) {
    files.add(file);
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
      addTensors(name, JSON.readTree(text), bytes.asSlice(8 + header));
    } catch (JacksonException e) {
      throw new CheckpointException(
          name + " is damaged: its header is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void addTensors(String file, JsonNode header, MemorySegment data) {
    if (!header.isObject()) {
      throw new CheckpointException(file + " is damaged: its header is not a JSON object");
    }
    long described = 0;
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        TensorSource tensor = tensor(file, entry.getKey(), entry.getValue(), data);
        described += tensor.byteSize();
        if (tensors.put(entry.getKey(), tensor) != null) {
          throw new CheckpointException("tensor " + entry.getKey() + " is stored twice");
        }
      }
    }
    // Tensors fill the data without gaps, or the file was not written by safetensors.
    if (described != data.byteSize()) {
      throw new CheckpointException(
          "%s is damaged: its tensors have %d bytes together, the file has %d for them"
              .formatted(file, described, data.byteSize()));
    }
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
        where + " has the number type '" + name + "'; supported: F32, F16, BF16, F64");
  }
}
