package dev.bcq.converter.checkpoint;

import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.ops.Sinusoids;
import java.util.List;
import java.util.Set;

/** Reads Marian models (OPUS-MT) as Hugging Face stores them. */
final class MarianReader implements FamilyReader {
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

    Embeddings embeddings = Embeddings.find(picker, tied || !oneVocabulary);
    if (embeddings != null) {
      embeddings.pick(picker, sourceVocabulary, targetVocabulary, width);
    }
    if (positions instanceof Positions.Learned learned) {
      picker.tensor(
          "encoder.positions.weight", "encoder.embed_positions.weight", learned.count(), width);
      picker.tensor(
          "decoder.positions.weight", "decoder.embed_positions.weight", learned.count(), width);
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
    FamilyReader.layers(config, layersKey, layers, picker, name + ".layers.");
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

  private static void layers(TensorPicker picker, String stack, StackConfig sizes, int width) {
    for (int i = 0; i < sizes.layers(); i++) {
      String to = stack + ".layers." + i + ".";
      attention(picker, to + "self_attention", to + "self_attn", width);
      norm(picker, to + "self_attention_norm", to + "self_attn_layer_norm", width);
      if (stack.equals("decoder")) {
        attention(picker, to + "cross_attention", to + "encoder_attn", width);
        norm(picker, to + "cross_attention_norm", to + "encoder_attn_layer_norm", width);
      }
      int inner = sizes.feedForwardWidth();
      linear(picker, to + "feed_forward.up", to + "fc1", inner, width);
      linear(picker, to + "feed_forward.down", to + "fc2", width, inner);
      norm(picker, to + "feed_forward_norm", to + "final_layer_norm", width);
    }
  }

  private static void attention(TensorPicker picker, String to, String from, int width) {
    linear(picker, to + ".query", from + ".q_proj", width, width);
    linear(picker, to + ".key", from + ".k_proj", width, width);
    linear(picker, to + ".value", from + ".v_proj", width, width);
    linear(picker, to + ".output", from + ".out_proj", width, width);
  }

  private static void linear(TensorPicker picker, String to, String from, int rows, int cols) {
    picker.matrix(to + ".weight", from + ".weight", rows, cols);
    picker.tensor(to + ".bias", from + ".bias", rows);
  }

  private static void norm(TensorPicker picker, String to, String from, int width) {
    picker.tensor(to + ".weight", from + ".weight", width);
    picker.tensor(to + ".bias", from + ".bias", width);
  }

  private static boolean outputBias(TensorPicker picker, int vocabulary) {
    TensorSource bias = picker.find("final_logits_bias");
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
