package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.Embeddings;
import dev.bcq.converter.checkpoint.ModelTensors;
import dev.bcq.converter.checkpoint.TensorNames;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.fairseq.FairseqNames;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import java.util.List;
import java.util.Set;

/**
 * What BART, mBART, M2M100, Marian and Pegasus have in common: LayerNorms, biases everywhere, the
 * names of tensors. Subclasses say what differs.
 */
abstract class BartArchitecture implements Family {
  private static final String OUTPUT_BIAS = "final_logits_bias";
  private static final float NORM_EPSILON = 1e-5f;

  private static final Set<String> NEUTRAL = Set.of("extra_pos_embeddings", "add_bias_logits");

  private final Layout layout;
  private final Defaults defaults;

  BartArchitecture(Layout layout, Defaults defaults) {
    this.layout = layout;
    this.defaults = defaults;
  }

  /**
   * What all models of a family have; no key of config.json changes it.
   *
   * @param placement where sublayers are normalized; a stack of pre-norm layers ends in a norm
   * @param embeddingNorm whether embedded tokens are normalized
   * @param computedPositions whether position tables follow a formula
   * @param outputBias whether logits may have a bias
   */
  record Layout(
      NormPlacement placement,
      boolean embeddingNorm,
      boolean computedPositions,
      boolean outputBias) {

    boolean finalNorm() {
      return placement == NormPlacement.PRE;
    }
  }

  /** What keys of config.json stand for when they are absent. */
  record Defaults(int vocabulary, String activation, boolean scaledEmbedding) {}

  /**
   * The embeddings of both sides.
   *
   * @param one both sides have the same
   */
  record Vocabularies(int source, int target, boolean one) {}

  Vocabularies vocabularies(ConfigReader config) {
    int tokens = config.size("vocab_size", defaults.vocabulary());
    return new Vocabularies(tokens, tokens, true);
  }

  void writeVocabularies(TransformerConfig transformer, ObjectNode config) {
    config.put("vocab_size", transformer.sourceVocabulary());
  }

  abstract Positions positions(ConfigReader config, TensorPicker picker, int width);

  @Override
  public TransformerConfig read(ConfigReader config, TensorPicker picker) {
    config.ignore(NEUTRAL);
    checkLayout(config);
    int width = config.size("hidden_size", config.size("d_model", 1024));
    StackConfig encoder = stack(config, picker, "encoder", width);
    StackConfig decoder = stack(config, picker, "decoder", width);
    checkHeads(config, encoder, decoder);
    Vocabularies vocabularies = vocabularies(config);
    boolean tied = config.flag("tie_word_embeddings", true);
    Positions positions = positions(config, picker, width);

    Embeddings embeddings =
        Embeddings.find(
            picker, new Embeddings.Ties(vocabularies.one(), tied, !tied && vocabularies.one()));
    if (embeddings != null) {
      embeddings.pick(picker, vocabularies.source(), vocabularies.target(), width);
    }
    stackTensors(picker, "encoder", encoder, positions, width);
    stackTensors(picker, "decoder", decoder, positions, width);
    if (embeddings != null) {
      embeddings.pickOutput(picker, vocabularies.target(), width);
    }
    // Old files hold the version of fairseq's code.
    picker.find("encoder.version");
    picker.find("decoder.version");
    boolean outputBias = layout.outputBias() && outputBias(picker, vocabularies.target());
    return new TransformerConfig(
        vocabularies.source(),
        vocabularies.target(),
        width,
        encoder,
        decoder,
        NormKind.LAYER,
        layout.placement(),
        NORM_EPSILON,
        layout.finalNorm(),
        layout.embeddingNorm(),
        Activations.of(
            config,
            config.text("activation_function", defaults.activation()),
            "activation_function"),
        false,
        true,
        positions,
        config.flag("scale_embedding", defaults.scaledEmbedding()) ? (float) Math.sqrt(width) : 1f,
        embeddings != null && embeddings.shared(),
        embeddings != null && embeddings.tiedOutput(),
        1f,
        outputBias,
        (float) (1 / Math.sqrt(encoder.headWidth())));
  }

  private static void checkHeads(ConfigReader config, StackConfig encoder, StackConfig decoder) {
    if (decoder.heads() != encoder.heads()) {
      throw new CheckpointException(
          "%s: decoder_attention_heads is %d; expected %d, as in the encoder: both have one scale"
              .formatted(config.file(), decoder.heads(), encoder.heads()));
    }
  }

  // transformers 3 obeyed these keys, later ones compute what the family says whatever they hold.
  private void checkLayout(ConfigReader config) {
    checkLayout(config, "normalize_before", layout.placement() == NormPlacement.PRE);
    checkLayout(config, "add_final_layer_norm", layout.finalNorm());
    checkLayout(config, "normalize_embedding", layout.embeddingNorm());
    checkLayout(config, "static_position_embeddings", layout.computedPositions());
  }

  private static void checkLayout(ConfigReader config, String key, boolean expected) {
    if (config.flag(key, expected) != expected) {
      throw config.wrong(key, config.node(key), expected + ", as in all models of this model_type");
    }
  }

  @Override
  public void write(TransformerConfig transformer, ObjectNode config, ModelTensors tensors) {
    int width = transformer.width();
    config.put("d_model", width);
    writeVocabularies(transformer, config);
    config.put("tie_word_embeddings", transformer.tiedOutput());
    config.put("scale_embedding", transformer.embeddingScale() != 1f);
    config.put("activation_function", Activations.name(transformer.activation()));
    if (transformer.positions().limit() != Integer.MAX_VALUE) {
      config.put("max_position_embeddings", transformer.positions().limit());
    }
    TensorNames model = tensors.under("model.");
    if (transformer.sharedEmbedding()) {
      model.matrix("embedding.weight", "shared.weight", transformer.sourceVocabulary(), width);
    }
    writeStack("encoder", transformer, config, model);
    writeStack("decoder", transformer, config, model);
    int vocabulary = transformer.targetVocabulary();
    if (!transformer.tiedOutput()) {
      tensors.matrix("output.weight", "lm_head.weight", vocabulary, width);
    }
    if (transformer.outputBias()) {
      tensors.tensor("output.bias", OUTPUT_BIAS, 1, vocabulary);
    } else if (layout.outputBias()) {
      tensors.zeros(OUTPUT_BIAS, 1, vocabulary);
    }
  }

  private void writeStack(
      String stack, TransformerConfig transformer, ObjectNode config, TensorNames names) {
    boolean encoder = stack.equals("encoder");
    StackConfig sizes = encoder ? transformer.encoder() : transformer.decoder();
    int width = transformer.width();
    config.put(stack + "_layers", sizes.layers());
    config.put(stack + "_attention_heads", sizes.heads());
    config.put(stack + "_ffn_dim", sizes.feedForwardWidth());
    if (!transformer.sharedEmbedding()) {
      int vocabulary = encoder ? transformer.sourceVocabulary() : transformer.targetVocabulary();
      names.matrix(stack + ".embedding.weight", stack + ".embed_tokens.weight", vocabulary, width);
    }
    stackTensors(names, stack, sizes, transformer.positions(), width);
  }

  private static StackConfig stack(
      ConfigReader config, TensorPicker picker, String name, int width) {
    String layersKey = name + "_layers";
    int layers = config.size(layersKey, 12);
    int heads = config.size(name + "_attention_heads", 16);
    if (name.equals("encoder")) {
      layers = config.size("num_hidden_layers", layers);
      heads = config.size("num_attention_heads", heads);
    }
    if (width % heads != 0) {
      throw new CheckpointException(
          "%s: %s_attention_heads is %d; expected a divisor of the width %d"
              .formatted(config.file(), name, heads, width));
    }
    Family.layers(config, layersKey, layers, picker, name + ".layers.");
    return new StackConfig(layers, heads, width / heads, config.size(name + "_ffn_dim", 4096));
  }

  private void stackTensors(
      TensorNames names, String stack, StackConfig sizes, Positions positions, int width) {
    if (positions instanceof Positions.Learned learned) {
      names.tensor(
          stack + ".positions.weight",
          stack + ".embed_positions.weight",
          learned.count() + learned.offset(),
          width);
    }
    FairseqNames.stack(names, stack, sizes, width, layout.embeddingNorm(), layout.finalNorm());
  }

  private static boolean outputBias(TensorPicker picker, int vocabulary) {
    TensorSource bias = picker.find(OUTPUT_BIAS);
    if (bias == null) {
      return false;
    }
    for (float value : bias.readAll()) {
      if (value != 0f) {
        picker.tensor("output.bias", bias, List.of(1, vocabulary), List.of(vocabulary));
        return true;
      }
    }
    return false;
  }
}
