package dev.bcq.converter.checkpoint.transformerbcq;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names that the model of transformer_bcq gives its layers, and the canonical ones. */
final class KerasNames {
  private static final Map<String, String> BLOCKS =
      Map.of(
          "self_attention", "self_attention",
          "causal_self_attention", "self_attention",
          "cross_attention", "cross_attention",
          "ffn", "feed_forward");

  private static final Map<String, String> OTHERS =
      Map.of(
          "encoder/pos_embedding/embedding/embeddings", "encoder.embedding.weight",
          "decoder/pos_embedding/embedding/embeddings", "decoder.embedding.weight",
          "final_layer/kernel", "output.weight",
          "final_layer/bias", "output.bias");

  private static final Map<String, String> KINDS =
      Map.of("kernel", "weight", "bias", "bias", "gamma", "weight", "beta", "bias");

  /** Layers of a Keras Sequential that have weights, in order. */
  private static final List<String> FEED_FORWARD = List.of("up", "down");

  private static final Pattern VARIABLE =
      Pattern.compile("(encoder)/enc_layers/(\\d{1,5})/(.+)|(decoder)/dec_layers/(\\d{1,5})/(.+)");
  private static final Pattern ATTENTION =
      Pattern.compile("([a-z_]+)/mha/_(query|key|value|output)_dense/(kernel|bias)");
  private static final Pattern SEQUENCE =
      Pattern.compile("ffn/seq/layer_with_weights-([01])/(kernel|bias)");
  private static final Pattern NORM =
      Pattern.compile("([a-z_]+)/(?:layernorm|layer_norm)/(gamma|beta)");

  private KerasNames() {}

  /** Returns the canonical name of a part of a layer, or null if there is none. */
  static @Nullable String block(String keras) {
    return BLOCKS.get(keras);
  }

  /**
   * Returns the canonical name of a variable in a checkpoint of TensorFlow, or null if it is none
   * of the model: a part of the optimizer's state, for instance.
   */
  static @Nullable String ofVariable(String path) {
    Matcher layer = VARIABLE.matcher(path);
    if (!layer.matches()) {
      return OTHERS.get(path);
    }
    int group = layer.group(1) == null ? 4 : 1;
    String rest = ofLayer(layer.group(group + 2));
    return rest == null
        ? null
        : "%s.layers.%s.%s".formatted(layer.group(group), layer.group(group + 1), rest);
  }

  private static @Nullable String ofLayer(String path) {
    Matcher attention = ATTENTION.matcher(path);
    if (attention.matches() && BLOCKS.containsKey(attention.group(1))) {
      String block = BLOCKS.get(attention.group(1));
      return block + "." + attention.group(2) + "." + KINDS.get(attention.group(3));
    }
    Matcher sequence = SEQUENCE.matcher(path);
    if (sequence.matches()) {
      String part = FEED_FORWARD.get(Integer.parseInt(sequence.group(1)));
      return "feed_forward." + part + "." + KINDS.get(sequence.group(2));
    }
    Matcher norm = NORM.matcher(path);
    return norm.matches() && BLOCKS.containsKey(norm.group(1))
        ? BLOCKS.get(norm.group(1)) + "_norm." + KINDS.get(norm.group(2))
        : null;
  }
}
