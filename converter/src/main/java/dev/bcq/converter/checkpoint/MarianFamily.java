package dev.bcq.converter.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.ops.Sinusoids;
import java.util.List;
import java.util.Set;

/** Marian models (OPUS-MT) as Hugging Face stores them. */
final class MarianFamily implements Family {
  private static final String OUTPUT_BIAS = "final_logits_bias";

  private static final Set<String> NEUTRAL =
      Set.of(
          "normalize_before",
          "add_final_layer_norm",
          "normalize_embedding",
          "static_position_embeddings",
          "extra_pos_embeddings",
          "add_bias_logits");

  @Override
  public TransformerConfig read(ConfigReader config, TensorPicker picker) {
    config.ignore(NEUTRAL);
    int width = config.size("hidden_size", config.size("d_model", 1024));
    StackConfig encoder = stack(config, picker, "encoder", width);
    StackConfig decoder = stack(config, picker, "decoder", width);
    int sourceVocabulary = config.size("vocab_size", 58101);
    boolean oneVocabulary = config.flag("share_encoder_decoder_embeddings", true);
    int decoderVocabulary = config.size("decoder_vocab_size", sourceVocabulary);
    int targetVocabulary = oneVocabulary ? sourceVocabulary : decoderVocabulary;
    boolean tied = config.flag("tie_word_embeddings", true);
    Positions positions = positions(config, picker, width);

    Embeddings embeddings =
        Embeddings.find(picker, new Embeddings.Ties(oneVocabulary, tied, !tied && oneVocabulary));
    if (embeddings != null) {
      embeddings.pick(picker, sourceVocabulary, targetVocabulary, width);
    }
    if (positions instanceof Positions.Learned learned) {
      positions(picker, "encoder", learned, width);
      positions(picker, "decoder", learned, width);
    }
    layers(picker, "encoder", encoder, width);
    layers(picker, "decoder", decoder, width);
    if (embeddings != null) {
      embeddings.pickOutput(picker, targetVocabulary, width);
    }
    boolean outputBias = outputBias(picker, targetVocabulary);
    return new TransformerConfig(
        sourceVocabulary,
        targetVocabulary,
        width,
        encoder,
        decoder,
        NormKind.LAYER,
        NormPlacement.POST,
        1e-5f,
        false,
        false,
        Activations.of(config, config.text("activation_function", "gelu"), "activation_function"),
        false,
        true,
        positions,
        config.flag("scale_embedding", false) ? (float) Math.sqrt(width) : 1f,
        embeddings != null && embeddings.shared(),
        embeddings != null && embeddings.tiedOutput(),
        1f,
        outputBias,
        (float) (1 / Math.sqrt(encoder.headWidth())));
  }

  @Override
  public String architecture() {
    return "MarianMTModel";
  }

  @Override
  public String tokenizerFile() {
    return "spm.model";
  }

  @Override
  public void write(TransformerConfig transformer, ObjectNode config, ModelTensors tensors) {
    int width = transformer.width();
    config.put("d_model", width);
    config.put("vocab_size", transformer.sourceVocabulary());
    config.put("decoder_vocab_size", transformer.targetVocabulary());
    config.put("share_encoder_decoder_embeddings", transformer.sharedEmbedding());
    config.put("tie_word_embeddings", transformer.tiedOutput());
    config.put("scale_embedding", transformer.embeddingScale() != 1f);
    config.put("activation_function", Activations.name(transformer.activation()));
    config.put("max_position_embeddings", transformer.positions().limit());
    TensorNames model = tensors.under("model.");
    if (transformer.sharedEmbedding()) {
      model.matrix("embedding.weight", "shared.weight", transformer.sourceVocabulary(), width);
    }
    writeStack(
        "encoder",
        transformer.encoder(),
        transformer.sourceVocabulary(),
        transformer,
        config,
        model);
    writeStack(
        "decoder",
        transformer.decoder(),
        transformer.targetVocabulary(),
        transformer,
        config,
        model);
    if (!transformer.tiedOutput()) {
      tensors.matrix("output.weight", "lm_head.weight", transformer.targetVocabulary(), width);
    }
    if (transformer.outputBias()) {
      tensors.tensor("output.bias", OUTPUT_BIAS, 1, transformer.targetVocabulary());
    } else {
      tensors.zeros(OUTPUT_BIAS, 1, transformer.targetVocabulary());
    }
  }

  private static void writeStack(
      String stack,
      StackConfig sizes,
      int vocabulary,
      TransformerConfig transformer,
      ObjectNode config,
      TensorNames names) {
    int width = transformer.width();
    config.put(stack + "_layers", sizes.layers());
    config.put(stack + "_attention_heads", sizes.heads());
    config.put(stack + "_ffn_dim", sizes.feedForwardWidth());
    if (!transformer.sharedEmbedding()) {
      names.matrix(stack + ".embedding.weight", stack + ".embed_tokens.weight", vocabulary, width);
    }
    if (transformer.positions() instanceof Positions.Learned learned) {
      positions(names, stack, learned, width);
    }
    layers(names, stack, sizes, width);
  }

  private static void positions(
      TensorNames names, String stack, Positions.Learned learned, int width) {
    names.tensor(
        stack + ".positions.weight", stack + ".embed_positions.weight", learned.count(), width);
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

  private static Positions positions(ConfigReader config, TensorPicker picker, int width) {
    int count = config.size("max_position_embeddings", 1024);
    Positions.Sinusoidal formula = new Positions.Sinusoidal(count, false, 0, false);
    boolean same = true;
    for (String stack : List.of("encoder", "decoder")) {
      TensorSource stored = picker.find(stack + ".embed_positions.weight");
      if (stored != null) {
        same &= stored.count() == (long) count * width && close(stored, formula, width, count);
      }
    }
    return same ? formula : new Positions.Learned(count, 0);
  }

  private static boolean close(
      TensorSource stored, Positions.Sinusoidal formula, int width, int count) {
    float[] found = stored.readAll();
    float[] expected = Sinusoids.table(formula, width, count);
    float tolerance = stored.type().size() == 2 ? 1e-3f : 1e-5f;
    for (int i = 0; i < found.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= tolerance)) {
        return false;
      }
    }
    return true;
  }

  private static void layers(TensorNames names, String stack, StackConfig sizes, int width) {
    for (int i = 0; i < sizes.layers(); i++) {
      String to = stack + ".layers." + i + ".";
      attention(names, to + "self_attention", to + "self_attn", width);
      norm(names, to + "self_attention_norm", to + "self_attn_layer_norm", width);
      if (stack.equals("decoder")) {
        attention(names, to + "cross_attention", to + "encoder_attn", width);
        norm(names, to + "cross_attention_norm", to + "encoder_attn_layer_norm", width);
      }
      int inner = sizes.feedForwardWidth();
      linear(names, to + "feed_forward.up", to + "fc1", inner, width);
      linear(names, to + "feed_forward.down", to + "fc2", width, inner);
      norm(names, to + "feed_forward_norm", to + "final_layer_norm", width);
    }
  }

  private static void attention(TensorNames names, String to, String from, int width) {
    linear(names, to + ".query", from + ".q_proj", width, width);
    linear(names, to + ".key", from + ".k_proj", width, width);
    linear(names, to + ".value", from + ".v_proj", width, width);
    linear(names, to + ".output", from + ".out_proj", width, width);
  }

  private static void linear(TensorNames names, String to, String from, int rows, int cols) {
    names.matrix(to + ".weight", from + ".weight", rows, cols);
    names.tensor(to + ".bias", from + ".bias", rows);
  }

  private static void norm(TensorNames names, String to, String from, int width) {
    names.tensor(to + ".weight", from + ".weight", width);
    names.tensor(to + ".bias", from + ".bias", width);
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
