package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.pytorch.PyTorchFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tensors of a folder: of one file, or of the files that an index names, in the first of the
 * formats that is there. Files are mapped, tensors are read in place; whatever a file says, reading
 * it allocates at most 256 KiB and 128 times its length.
 */
public final class Weights {
  private final Format format;
  private final Arena arena;
  private final Map<String, TensorSource> tensors = new TreeMap<>();
  private final List<Path> files = new ArrayList<>();

  private Weights(Format format, Arena arena) {
    this.format = format;
    this.arena = arena;
  }

  /** The formats, the preferred one first. */
  private enum Format {
    SAFETENSORS(Safetensors.SINGLE) {
      @Override
      Map<String, TensorSource> read(Path file, Arena arena) {
        return Safetensors.read(file, arena);
      }
    },
    PYTORCH("pytorch_model.bin") {
      @Override
      Map<String, TensorSource> read(Path file, Arena arena) {
        PyTorchFile saved = PyTorchFile.read(file, arena);
        return saved.tensors(saved.root());
      }
    };

    private final String single;
    private final String index;

    Format(String single) {
      this.single = single;
      this.index = single + ".index.json";
    }

    abstract Map<String, TensorSource> read(Path file, Arena arena);

    boolean isIn(Path folder) {
      return Files.exists(folder.resolve(single)) || Files.exists(folder.resolve(index));
    }
  }

  /**
   * Maps the weights of a folder.
   *
   * @param arena as long as it is open, tensors can be read
   * @throws CheckpointException if there are none, or a file is missing or damaged
   */
  public static Weights read(Path folder, Arena arena) {
    for (Format format : Format.values()) {
      if (format.isIn(folder)) {
        Weights weights = new Weights(format, arena);
        weights.add(folder);
        return weights;
      }
    }
    throw new CheckpointException(
        "%s has no weights: expected %s"
            .formatted(
                folder,
                Arrays.stream(Format.values())
                    .map(format -> format.single + ", " + format.index)
                    .collect(Collectors.joining(", "))));
  }

  /** Returns the tensors by name, sorted. */
  public Map<String, TensorSource> tensors() {
    return tensors;
  }

  /** Returns the files that were read. */
  List<Path> files() {
    return files;
  }

  private void add(Path folder) {
    if (Files.exists(folder.resolve(format.single))) {
      addFile(folder.resolve(format.single));
    } else {
      addIndexed(folder);
    }
  }

  private void addFile(Path file) {
    files.add(file);
    for (Map.Entry<String, TensorSource> tensor : format.read(file, arena).entrySet()) {
      if (tensors.put(tensor.getKey(), tensor.getValue()) != null) {
        throw new CheckpointException("tensor " + tensor.getKey() + " is stored twice");
      }
    }
  }

  private void addIndexed(Path folder) {
    Path index = folder.resolve(format.index);
    files.add(index);
    JsonNode map = JsonFile.read(index).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw new CheckpointException(format.index + " has no weight_map");
    }
    Map<String, List<String>> names = new LinkedHashMap<>();
    map.properties()
        .forEach(
            entry ->
                names
                    .computeIfAbsent(entry.getValue().asText(), key -> new ArrayList<>())
                    .add(entry.getKey()));
    for (Map.Entry<String, List<String>> shard : names.entrySet()) {
      addFile(shard(folder, shard.getKey()));
      for (String name : shard.getValue()) {
        if (!tensors.containsKey(name)) {
          throw new CheckpointException(
              "%s says that %s holds %s, but it does not"
                  .formatted(format.index, shard.getKey(), name));
        }
      }
    }
  }

  private Path shard(Path folder, String name) {
    boolean elsewhere = name.contains("/") || name.contains("\\") || name.startsWith("..");
    if (name.isEmpty() || elsewhere || name.indexOf('\0') >= 0) {
      throw new CheckpointException(
          format.index + " names the file '" + name + "'; expected a file of the same folder");
    }
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(name + ", which " + format.index + " names, is missing");
    }
    return file;
  }
}
