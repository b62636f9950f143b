package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.Embeddings;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The transformer of a fairseq checkpoint, and its tensors under their canonical names. */
final class FairseqTransformer {
  /** Settings that change what the model computes in a way that cannot be expressed. */
  private static final List<String> REFUSED =
      List.of(
          "adaptive_input",
          "adaptive_softmax_cutoff",
          "no_cross_attention",
          "cross_self_attention",
          "encoder_layers_to_keep",
          "decoder_layers_to_keep",
          "char_inputs",
          "base_layers",
          "no_decoder_final_norm",
          "scale_fc",
          "scale_attn",
          "scale_heads",
          "scale_resids",
          "alibi",
          "encoder_xformers_att_config",
          "decoder_xformers_att_config");

  private static final Map<String, Activation> ACTIVATIONS =
      new TreeMap<>(
          Map.of(
              "relu", Activation.RELU,
              "gelu", Activation.GELU_ERF,
              "gelu_fast", Activation.GELU_TANH,
              "gelu_accurate", Activation.GELU_TANH,
              "swish", Activation.SILU));

  private static final float EPSILON = 1e-5f;

  private final FairseqSettings settings;
  private final TensorPicker picker;
  private final Arena arena;
  private final List<String> warnings;
  private final boolean endsInNorms;
  private final int width;

  /**
   * Prepares to read.
   *
   * @param endsInNorms whether stacks of this version end in norms if they begin layers with them
   */
  FairseqTransformer(
      FairseqSettings settings,
      TensorPicker picker,
      boolean endsInNorms,
      Arena arena,
      List<String> warnings) {
    this.settings = settings;
    this.picker = picker;
    this.arena = arena;
    this.warnings = warnings;
    this.endsInNorms = endsInNorms;
    this.width = settings.size("encoder_embed_dim");
  }

  /** Returns the transformer; tensors are put into the picker. */
  TransformerConfig read() {
    StackConfig encoder = stack("encoder");
    StackConfig decoder = stack("decoder");
    settings.checkMissing();
    REFUSED.forEach(settings::refuse);
    for (String key : List.of("decoder_embed_dim", "decoder_input_dim", "decoder_output_dim")) {
      if (settings.size(key, width) != width) {
        throw settings.wrong(key, "the width of the encoder, " + width);
      }
    }
    boolean normFirst = alike("%s_normalize_before");
    boolean embeddingNorm = settings.flag("layernorm_embedding");
    TensorSource sourceMatrix = quantNoise("encoder");
    if (sourceMatrix != null && embeddingNorm) {
      throw new CheckpointException(
          "encoder.quant_noise.weight follows a normalization (layernorm_embedding), which cannot"
              + " be expressed");
    }
    FairseqPositions positions =
        new FairseqPositions(settings, width, sourceMatrix != null, warnings);

    Embeddings embeddings = embeddings(sourceMatrix);
    int sourceVocabulary = Math.toIntExact(embeddings.encoder().shape().get(0));
    int targetVocabulary = Math.toIntExact(embeddings.decoder().shape().get(0));
    embeddings.pick(picker, sourceVocabulary, targetVocabulary, width);
    positions.pick(picker, sourceMatrix, arena);
    boolean finalNorm = normFirst && finalNorm();
    layers("encoder", encoder, 1f, embeddingNorm, finalNorm);
    float attentionScale = attentionScale(encoder);
    layers("decoder", decoder, attentionScale(decoder) / attentionScale, embeddingNorm, finalNorm);
    embeddings.pickOutput(picker, targetVocabulary, width);
    return new TransformerConfig(
        sourceVocabulary,
        targetVocabulary,
        width,
        encoder,
        decoder,
        NormKind.LAYER,
        normFirst ? NormPlacement.PRE : NormPlacement.POST,
        EPSILON,
        finalNorm,
        embeddingNorm,
        activation(),
        false,
        true,
        positions.positions(),
        settings.flag("no_scale_embedding") ? 1f : (float) Math.sqrt(width),
        embeddings.shared(),
        embeddings.tiedOutput(),
        1f,
        false,
        attentionScale);
  }

  private static float attentionScale(StackConfig stack) {
    return (float) (1 / Math.sqrt(stack.headWidth()));
  }

  private StackConfig stack(String stack) {
    int layers = settings.size(stack + "_layers");
    int heads = settings.size(stack + "_attention_heads");
    int inner = settings.size(stack + "_ffn_embed_dim");
    settings.size(stack + "_embed_dim");
    if (width % heads != 0) {
      throw settings.wrong(stack + "_attention_heads", "a divisor of the width, " + width);
    }
    int counted = picker.layers(stack + ".layers.");
    boolean told = settings.integer(stack + "_layers", -1) >= 0;
    if (told && counted != layers) {
      throw settings.wrong(
          stack + "_layers", "%d, as there are %s.layers.N".formatted(counted, stack));
    }
    return new StackConfig(layers, heads, width / heads, inner);
  }

  /** Returns a flag of both stacks. */
  private boolean alike(String key) {
    boolean encoder = settings.flag(key.formatted("encoder"));
    if (encoder != settings.flag(key.formatted("decoder"))) {
      throw settings.wrong(key.formatted("decoder"), "that of the encoder, " + encoder);
    }
    return encoder;
  }

  private Activation activation() {
    String name = settings.text("activation_fn");
    Activation activation = name == null ? Activation.RELU : ACTIVATIONS.get(name);
    if (activation == null) {
      throw settings.wrong("activation_fn", String.join(", ", ACTIVATIONS.keySet()));
    }
    return activation;
  }

  /** Returns whether both stacks end in a norm, which those of old versions do not. */
  private boolean finalNorm() {
    boolean encoder = picker.find("encoder.layer_norm.weight") != null;
    boolean decoder = picker.find("decoder.layer_norm.weight") != null;
    if (endsInNorms) {
      return true;
    }
    if (encoder != decoder) {
      picker.problem(
          "missing: %s.layer_norm.weight [%d], as the other stack has one"
              .formatted(encoder ? "decoder" : "encoder", width));
    }
    return encoder;
  }

  /** Returns the matrix that training with noise of product quantization leaves, or null. */
  private @Nullable TensorSource quantNoise(String stack) {
    TensorSource found = picker.find(stack + ".quant_noise.weight");
    if (found != null && !found.shape().equals(List.of((long) width, (long) width))) {
      throw new CheckpointException(
          "%s has the shape %s; expected [%d, %d]"
              .formatted(found.name(), found.shape(), width, width));
    }
    return found;
  }

  /**
   * Finds the embeddings. The matrices that follow them are multiplied into them: {@code (e + p)
   * W^T = e W^T + p W^T}. The output projection keeps the embedding as it is.
   */
  private Embeddings embeddings(@Nullable TensorSource sourceMatrix) {
    TensorSource encoder = embedding("encoder");
    TensorSource decoder = embedding("decoder");
    TensorSource output = picker.find("decoder.output_projection.weight");
    boolean tied =
        settings.flag("share_decoder_input_output_embed") || settings.flag("share_all_embeddings");
    if (output == null && !tied) {
      picker.problem("missing: decoder.output_projection.weight, as no embedding is shared");
    }
    if (!decoder.shape().get(1).equals((long) width)
        || !encoder.shape().get(1).equals((long) width)) {
      throw new CheckpointException(
          "the embeddings have the shapes %s and %s; encoder_embed_dim is %d"
              .formatted(encoder.shape(), decoder.shape(), width));
    }
    TensorSource targetMatrix = quantNoise("decoder");
    return new Embeddings(
        sourceMatrix == null
            ? encoder
            : MatrixProducts.timesTransposed(encoder, sourceMatrix, arena),
        targetMatrix == null
            ? decoder
            : MatrixProducts.timesTransposed(decoder, targetMatrix, arena),
        output == null ? decoder : output);
  }

  private TensorSource embedding(String stack) {
    String name = stack + ".embed_tokens.weight";
    TensorSource found = picker.find(name);
    if (found == null || found.shape().size() != 2) {
      throw new CheckpointException(
          "%s %s; expected [vocabulary, %d]"
              .formatted(
                  name, found == null ? "is missing" : "has the shape " + found.shape(), width));
    }
    return found;
  }

  /**
   * Picks the layers of a stack.
   *
   * @param queryFactor what queries are multiplied by, as the model has one scale of attention
   */
  private void layers(
      String stack,
      StackConfig sizes,
      float queryFactor,
      boolean embeddingNorm,
      boolean finalNorm) {
    FairseqNames.stack(picker, stack, sizes, width, embeddingNorm, finalNorm);
    for (int i = 0; i < sizes.layers() && queryFactor != 1f; i++) {
      String layer = stack + ".layers." + i + ".";
      scaleQueries(layer + "self_attention", queryFactor);
      if (stack.equals("decoder")) {
        scaleQueries(layer + "cross_attention", queryFactor);
      }
    }
  }

  private void scaleQueries(String attention, float factor) {
    picker.scale(attention + ".query.weight", factor);
    picker.scale(attention + ".query.bias", factor);
  }
}
