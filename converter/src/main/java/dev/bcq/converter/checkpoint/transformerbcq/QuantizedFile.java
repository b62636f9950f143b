package dev.bcq.converter.checkpoint.transformerbcq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.MappedFile;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.numpy.PickledArrays;
import dev.bcq.converter.checkpoint.pickle.PickleDict;
import dev.bcq.converter.checkpoint.pickle.PickleSequence;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code .bcq.npy} file: a dict of lists, one for each layer of Keras, of quantized kernels and
 * plain biases.
 *
 * <p>Source: {@code save_quantized_weights} of transformer_bcq.
 */
final class QuantizedFile {
  static final String SUFFIX = ".bcq.npy";

  private static final Pattern LAYER =
      Pattern.compile("(encoder|decoder)/layer_(\\d{1,5})/([a-z_]+)/([a-z_]+)");
  private static final List<String> ATTENTION =
      List.of(
          "query.weight",
          "query.bias",
          "key.weight",
          "key.bias",
          "value.weight",
          "value.bias",
          "output.weight",
          "output.bias");
  private static final List<String> FEED_FORWARD =
      List.of("up.weight", "up.bias", "down.weight", "down.bias");
  private static final List<String> NORM = List.of("weight", "bias");

  private final String file;
  private final Map<String, TensorSource> dense = new TreeMap<>();
  private final Map<String, BitPlaneTensor> quantized = new TreeMap<>();

  private QuantizedFile(String file) {
    this.file = file;
  }

  /** Returns whether a file holds a dict with the layers of such a model. */
  static boolean isOne(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = MappedFile.map(path, arena);
      String name = String.valueOf(path.getFileName());
      return bytes.byteSize() > 0
          && bytes.get(ValueLayout.JAVA_BYTE, 0) == (byte) 0x93
          && PickledArrays.isPickled(name, bytes)
          && PickledArrays.single(name, bytes) instanceof PickleDict root
          && root.get("final_layer") != null;
    }
  }

  /**
   * Reads a file.
   *
   * @throws CheckpointException if it is damaged, or has layers that no such model has
   */
  static StoredWeights read(Path path, Arena arena) {
    QuantizedFile weights = new QuantizedFile(String.valueOf(path.getFileName()));
    Object root = PickledArrays.single(weights.file, MappedFile.map(path, arena));
    if (!(root instanceof PickleDict layers)) {
      throw new CheckpointException(
          "%s holds %s; expected a dict of layers".formatted(weights.file, root));
    }
    layers.entries().forEach((key, entries) -> weights.layer(String.valueOf(key), entries));
    return new StoredWeights(weights.dense, weights.quantized, List.of(path));
  }

  private void layer(String key, Object value) {
    List<String> names = names(key);
    if (!(value instanceof PickleSequence entries) || entries.size() != names.size()) {
      throw new CheckpointException(
          "%s: %s is %s; expected a list of %d".formatted(file, shown(key), value, names.size()));
    }
    for (int i = 0; i < names.size(); i++) {
      entry(names.get(i), "%s[%d]".formatted(key, i), entries.get(i));
    }
  }

  /** Returns the canonical names of a layer's entries. */
  private List<String> names(String key) {
    List<String> names =
        switch (key) {
          case "encoder/pos_embedding/embedding" -> List.of("encoder.embedding.weight");
          case "decoder/pos_embedding/embedding" -> List.of("decoder.embedding.weight");
          case "final_layer" -> List.of("output.weight", "output.bias");
          default -> layerNames(LAYER.matcher(key));
        };
    if (names.isEmpty()) {
      throw new CheckpointException(
          "%s has a layer %s, which is none of transformer_bcq".formatted(file, shown(key)));
    }
    return names;
  }

  private static List<String> layerNames(Matcher layer) {
    String block = layer.matches() ? KerasNames.block(layer.group(3)) : null;
    if (block == null) {
      return List.of();
    }
    String name = "%s.layers.%s.%s".formatted(layer.group(1), layer.group(2), block);
    return switch (layer.group(4)) {
      case "mha" -> ATTENTION.stream().map(part -> name + "." + part).toList();
      case "seq" -> FEED_FORWARD.stream().map(part -> name + "." + part).toList();
      case "layernorm", "layer_norm" -> NORM.stream().map(part -> name + "_norm." + part).toList();
      default -> List.of();
    };
  }

  private void entry(String canonical, String where, Object value) {
    TensorSource plain = PickledArrays.tensor(where, value);
    if (plain != null) {
      dense.put(canonical, plain);
    } else if (value instanceof PickleDict parts) {
      quantized.put(canonical, quantized(where, parts));
    } else {
      throw new CheckpointException(
          "%s: %s is %s; expected an array or quantized weights"
              .formatted(file, shown(where), value));
    }
  }

  private BitPlaneTensor quantized(String where, PickleDict parts) {
    TensorSource bits = PickledArrays.tensor(where + " bits", parts.get("bits"));
    TensorSource alphas = PickledArrays.tensor(where + " alphas", parts.get("alphas"));
    if (bits == null || alphas == null) {
      throw new CheckpointException(
          "%s: %s lacks %s".formatted(file, shown(where), bits == null ? "bits" : "alphas"));
    }
    return new BitPlaneTensor(
        where,
        sizes(where, parts, "w_orig_shape"),
        sizes(where, parts, "w_2d_shape"),
        bits,
        alphas);
  }

  private List<Long> sizes(String where, PickleDict parts, String key) {
    List<Long> sizes = new ArrayList<>();
    if (parts.get(key) instanceof PickleSequence list && list.size() <= 3) {
      for (int i = 0; i < list.size(); i++) {
        if (list.get(i) instanceof Long size && size > 0 && size <= Integer.MAX_VALUE) {
          sizes.add(size);
        }
      }
      if (sizes.size() == list.size() && !sizes.isEmpty()) {
        return sizes;
      }
    }
    throw new CheckpointException(
        "%s: %s of %s is no list of 1 to 3 sizes".formatted(file, key, shown(where)));
  }

  /** Returns a name of the file for a message: it must not speak to the user's terminal. */
  private static String shown(String name) {
    String plain = name.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 60 ? plain.substring(0, 60) + ".." : plain;
  }
}
