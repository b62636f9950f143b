package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.checkpoint.Embeddings;
import dev.bcq.converter.checkpoint.ModelTensors;
import dev.bcq.converter.checkpoint.TensorNames;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.format.Activation;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What T5, mT5 and UMT5 have in common: RMS norms in front of sublayers, relative positions, no
 * biases. Subclasses say what differs.
 */
abstract class T5Architecture implements Family {
  private static final Set<String> NEUTRAL = Set.of("n_positions", "scalable_attention");

  private final Defaults defaults;
  private final boolean biasPerLayer;

  /**
   * Describes a family.
   *
   * @param biasPerLayer whether each layer has its own relative biases
   */
  T5Architecture(Defaults defaults, boolean biasPerLayer) {
    this.defaults = defaults;
    this.biasPerLayer = biasPerLayer;
  }

  /** What keys of config.json stand for when they are absent. */
  record Defaults(
      int width, int inner, int heads, int layers, int vocabulary, String feedForward) {}

  /**
   * Returns the factor of the decoder's output.
   *
   * @param tied what the configuration says of the output projection
   * @param tiedScale the factor of families that tie it, {@code d_model^-0.5}
   */
  abstract float outputScale(ConfigReader config, boolean tied, float tiedScale);

  /** Writes what {@link #outputScale} reads. */
  abstract void writeOutputScale(TransformerConfig transformer, ObjectNode config);

  /** What stands between the matrices of a feed-forward block. */
  private record FeedForward(Activation activation, boolean gated) {}

  @Override
  public TransformerConfig read(ConfigReader config, TensorPicker picker) {
    config.ignore(NEUTRAL);
    int width = config.size("hidden_size", config.size("d_model", defaults.width()));
    int headWidth = config.size("head_dim", config.size("d_kv", 64));
    int inner = config.size("d_ff", defaults.inner());
    int heads = config.size("num_attention_heads", config.size("num_heads", defaults.heads()));
    int encoderLayers =
        config.size("num_hidden_layers", config.size("num_layers", defaults.layers()));
    int decoderLayers = config.size("num_decoder_layers", encoderLayers);
    Family.layers(config, "num_layers", encoderLayers, picker, "encoder.block.");
    Family.layers(config, "num_decoder_layers", decoderLayers, picker, "decoder.block.");
    int vocabulary = config.size("vocab_size", defaults.vocabulary());
    StackConfig encoder = new StackConfig(encoderLayers, heads, headWidth, inner);
    StackConfig decoder = new StackConfig(decoderLayers, heads, headWidth, inner);
    Positions.Relative positions =
        new Positions.Relative(
            config.size("relative_attention_num_buckets", 32),
            config.size("relative_attention_max_distance", 128),
            biasPerLayer);
    FeedForward feedForward = feedForward(config);
    boolean tied = config.flag("tie_word_embeddings", true);

    Embeddings embeddings = Embeddings.find(picker, new Embeddings.Ties(true, tied, false));
    if (embeddings != null) {
      embeddings.pick(picker, vocabulary, vocabulary, width);
    }
    layers(picker, "encoder", encoder, width, positions, feedForward.gated());
    // Old files repeat the decoder's table in its cross-attention, which has no positions.
    picker.find("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight");
    layers(picker, "decoder", decoder, width, positions, feedForward.gated());
    if (embeddings != null) {
      embeddings.pickOutput(picker, vocabulary, width);
    }
    Float epsilon = config.number("layer_norm_epsilon");
    return new TransformerConfig(
        vocabulary,
        vocabulary,
        width,
        encoder,
        decoder,
        NormKind.RMS,
        NormPlacement.PRE,
        epsilon == null ? 1e-6f : epsilon,
        true,
        false,
        feedForward.activation(),
        feedForward.gated(),
        false,
        positions,
        1f,
        embeddings != null && embeddings.shared(),
        embeddings != null && embeddings.tiedOutput(),
        outputScale(config, tied, (float) (1 / Math.sqrt(width))),
        false,
        1f);
  }

  @Override
  public String tokenizerFile() {
    return "spiece.model";
  }

  @Override
  public @Nullable Integer padToken(TransformerConfig transformer, GenerationSettings generation) {
    return generation.startToken();
  }

  @Override
  public void write(TransformerConfig transformer, ObjectNode config, ModelTensors tensors) {
    int width = transformer.width();
    int vocabulary = transformer.sourceVocabulary();
    StackConfig encoder = transformer.encoder();
    StackConfig decoder = transformer.decoder();
    config.put("d_model", width);
    config.put("d_kv", encoder.headWidth());
    config.put("d_ff", encoder.feedForwardWidth());
    config.put("num_heads", encoder.heads());
    config.put("num_layers", encoder.layers());
    config.put("num_decoder_layers", decoder.layers());
    config.put("vocab_size", vocabulary);
    config.put("layer_norm_epsilon", transformer.normEpsilon());
    config.put("tie_word_embeddings", transformer.tiedOutput());
    writeOutputScale(transformer, config);
    String activation = Activations.name(transformer.activation());
    config.put("dense_act_fn", activation);
    config.put("is_gated_act", transformer.gated());
    // transformers takes the name "gated-gelu" for the approximation by tanh.
    config.put(
        "feed_forward_proj",
        transformer.gated() ? "gated-" + activation.replace("gelu_new", "gelu") : activation);
    tensors.matrix("embedding.weight", "shared.weight", vocabulary, width);
    if (transformer.positions() instanceof Positions.Relative relative) {
      config.put("relative_attention_num_buckets", relative.buckets());
      config.put("relative_attention_max_distance", relative.maximumDistance());
      layers(tensors, "encoder", encoder, width, relative, transformer.gated());
      layers(tensors, "decoder", decoder, width, relative, transformer.gated());
    }
    if (!transformer.tiedOutput()) {
      tensors.matrix("output.weight", "lm_head.weight", vocabulary, width);
    }
  }

  private FeedForward feedForward(ConfigReader config) {
    String projection = config.text("feed_forward_proj", defaults.feedForward());
    boolean gated = projection.startsWith("gated-");
    String name = gated ? projection.substring("gated-".length()) : projection;
    if (gated && name.equals("gelu")) {
      name = "gelu_new";
    }
    String activation = config.text("dense_act_fn", name);
    return new FeedForward(
        Activations.of(
            config, activation, config.has("dense_act_fn") ? "dense_act_fn" : "feed_forward_proj"),
        config.flag("is_gated_act", gated));
  }

  private static void layers(
      TensorNames names,
      String stack,
      StackConfig sizes,
      int width,
      Positions.Relative positions,
      boolean gated) {
    boolean decoder = stack.equals("decoder");
    for (int i = 0; i < sizes.layers(); i++) {
      String to = stack + ".layers." + i + ".";
      String from = stack + ".block." + i + ".layer.";
      attention(names, to + "self_attention", from + "0.SelfAttention", sizes, width);
      if (i == 0 || positions.perLayer()) {
        names.tensor(
            to + "relative_bias.weight",
            from + "0.SelfAttention.relative_attention_bias.weight",
            positions.buckets(),
            sizes.heads());
      }
      names.tensor(to + "self_attention_norm.weight", from + "0.layer_norm.weight", width);
      if (decoder) {
        attention(names, to + "cross_attention", from + "1.EncDecAttention", sizes, width);
        names.tensor(to + "cross_attention_norm.weight", from + "1.layer_norm.weight", width);
      }
      String last = from + (decoder ? "2" : "1");
      String dense = last + ".DenseReluDense.";
      int inner = sizes.feedForwardWidth();
      if (gated) {
        names.matrix(to + "feed_forward.gate.weight", dense + "wi_0.weight", inner, width);
      }
      names.matrix(
          to + "feed_forward.up.weight",
          dense + (gated ? "wi_1.weight" : "wi.weight"),
          inner,
          width);
      names.matrix(to + "feed_forward.down.weight", dense + "wo.weight", width, inner);
      names.tensor(to + "feed_forward_norm.weight", last + ".layer_norm.weight", width);
    }
    names.tensor(stack + ".norm.weight", stack + ".final_layer_norm.weight", width);
  }

  private static void attention(
      TensorNames names, String to, String from, StackConfig sizes, int width) {
    int inner = sizes.attentionWidth();
    names.matrix(to + ".query.weight", from + ".q.weight", inner, width);
    names.matrix(to + ".key.weight", from + ".k.weight", inner, width);
    names.matrix(to + ".value.weight", from + ".v.weight", inner, width);
    names.matrix(to + ".output.weight", from + ".o.weight", width, inner);
  }
}
