package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensors of a fairseq checkpoint under the names that its present version gives: those of old
 * versions are renamed and cut, product-quantized matrices are put together, and what holds no
 * weights is left out.
 */
final class FairseqTensors {
  /** Norms of a layer in the order in which old versions number them. */
  private static final List<String> ENCODER_NORMS =
      List.of("self_attn_layer_norm", "final_layer_norm");

  private static final List<String> DECODER_NORMS =
      List.of("self_attn_layer_norm", "encoder_attn_layer_norm", "final_layer_norm");

  private static final Pattern NUMBERED_NORM =
      Pattern.compile("((?:encoder|decoder)\\.layers\\.\\d+\\.)layer_norms\\.(\\d)(\\..*)");

  private static final Pattern FUSED = Pattern.compile("(.*_attn\\.)in_proj_(weight|bias)");

  private static final Pattern WITHOUT_WEIGHTS =
      Pattern.compile("(encoder|decoder)\\.(version|embed_positions\\.(_float_tensor|weights))");

  private FairseqTensors() {}

  /**
   * Returns the tensors, sorted.
   *
   * @param stored the tensors of the file
   * @param width of the embeddings
   */
  static Map<String, TensorSource> of(Map<String, TensorSource> stored, int width) {
    Map<String, TensorSource> tensors = new TreeMap<>();
    for (Map.Entry<String, TensorSource> entry : stored.entrySet()) {
      add(tensors, stored, entry.getKey(), entry.getValue(), width);
    }
    return tensors;
  }

  private static void add(
      Map<String, TensorSource> tensors,
      Map<String, TensorSource> stored,
      String name,
      TensorSource source,
      int width) {
    Matcher fused = FUSED.matcher(name);
    Matcher norm = NUMBERED_NORM.matcher(name);
    if (WITHOUT_WEIGHTS.matcher(name).matches() || isPartOfQuantized(stored, name)) {
      return;
    }
    if (name.endsWith(ProductQuantization.CENTROIDS)) {
      String module = name.substring(0, name.length() - ProductQuantization.CENTROIDS.length());
      tensors.put(module + ".weight", ProductQuantization.matrix(module, stored, width));
    } else if (fused.matches()) {
      cut(tensors, fused.group(1), fused.group(2), source);
    } else if (norm.matches()) {
      List<String> norms = name.startsWith("encoder") ? ENCODER_NORMS : DECODER_NORMS;
      int number = Integer.parseInt(norm.group(2));
      String kind = number < norms.size() ? norms.get(number) : "layer_norms." + number;
      tensors.put(norm.group(1) + kind + norm.group(3), source);
    } else if (name.equals("decoder.embed_out")) {
      tensors.put("decoder.output_projection.weight", source);
    } else {
      tensors.put(name, source);
    }
  }

  private static boolean isPartOfQuantized(Map<String, TensorSource> stored, String name) {
    int dot = name.lastIndexOf('.');
    return (name.endsWith(ProductQuantization.ASSIGNMENTS)
            || name.endsWith(ProductQuantization.COUNTS))
        && stored.containsKey(name.substring(0, dot) + ProductQuantization.CENTROIDS);
  }

  /** Cuts queries, keys and values that are stored below each other. */
  private static void cut(
      Map<String, TensorSource> tensors, String attention, String kind, TensorSource source) {
    List<String> parts = List.of("q_proj", "k_proj", "v_proj");
    long rows = source.shape().isEmpty() ? 0 : source.shape().get(0);
    if (rows == 0 || rows % parts.size() != 0) {
      throw new CheckpointException(
          "%s has the shape %s; expected queries, keys and values below each other"
              .formatted(source.name(), source.shape()));
    }
    for (int i = 0; i < parts.size(); i++) {
      String name = attention + parts.get(i) + "." + kind;
      tensors.put(name, source.rows(name, i * (rows / 3), rows / 3));
    }
  }
}
