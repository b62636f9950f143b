package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.Activation;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.ops.Sinusoids;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Lays a checkpoint of any kind out as CTranslate2 would. */
final class CanonicalModelBin {

  /** How weights are stored. */
  enum Weights {
    FLOAT32,
    FLOAT16,
    BFLOAT16,
    INT8,
    INT8_FLOAT16,
    INT16
  }

  /** Rows of tables where positions have no limit. */
  static final int POSITIONS = 64;

  private static final Map<Activation, Integer> ACTIVATIONS =
      Map.of(
          Activation.RELU, 0, Activation.GELU_TANH, 1, Activation.SILU, 2, Activation.GELU_ERF, 3);

  private final Checkpoint checkpoint;
  private final TransformerConfig config;
  private final Weights weights;
  final ModelBinWriter writer = new ModelBinWriter();

  CanonicalModelBin(Checkpoint checkpoint, Weights weights) {
    this.checkpoint = checkpoint;
    this.config = checkpoint.config();
    this.weights = weights;
    write();
  }

  private void write() {
    stack("encoder", config.encoder(), "encoder/embeddings_0/weight");
    stack("decoder", config.decoder(), "decoder/embeddings/weight");
    if (config.tiedOutput()) {
      writer.aliases.put("decoder/projection/weight", "decoder/embeddings/weight");
    } else {
      matrix("decoder/projection/weight", "output.weight");
    }
    if (config.outputBias()) {
      vector("decoder/projection/bias", "output.bias");
    }
    if (config.outputScale() != 1f) {
      writer.number("decoder/scale_outputs", config.outputScale());
    }
    writer.scalar("decoder/alignment_layer", -1);
    writer.scalar("decoder/alibi", 0);
  }

  private void stack(String stack, StackConfig sizes, String embedding) {
    writer.scalar(stack + "/num_heads", sizes.heads());
    writer.scalar(stack + "/pre_norm", config.normPlacement() == NormPlacement.PRE ? 1 : 0);
    writer.scalar(
        stack + "/activation", Objects.requireNonNull(ACTIVATIONS.get(config.activation())));
    if (config.embeddingScale() == 1f) {
      writer.scalar(stack + "/scale_embeddings", 0);
    } else {
      writer.scalar(stack + "/scale_embeddings", 1);
    }
    if (stack.equals("decoder") && config.sharedEmbedding()) {
      matrix(embedding, "embedding.weight");
      writer.aliases.put("encoder/embeddings_0/weight", embedding);
    } else if (!config.sharedEmbedding()) {
      matrix(embedding, stack + ".embedding.weight");
    }
    positions(stack);
    for (int i = 0; i < sizes.layers(); i++) {
      layer(stack, i);
    }
    if (config.embeddingNorm()) {
      norm(stack + "/layernorm_embedding", stack + ".embedding_norm");
    }
    if (config.finalNorm()) {
      norm(stack + "/layer_norm", stack + ".norm");
    }
  }

  private void positions(String stack) {
    String name = stack + "/position_encodings/encodings";
    if (config.positions() instanceof Positions.Sinusoidal formula) {
      int count = formula.count() == 0 ? POSITIONS : formula.count();
      writer.floats(name, Sinusoids.table(formula, config.width(), count), count, config.width());
    } else if (config.positions() instanceof Positions.Learned learned) {
      TensorSource table = tensor(stack + ".positions.weight");
      TensorSource rows = table.rows(name, learned.offset(), learned.count());
      writer.floats(name, rows.readAll(), learned.count(), config.width());
    }
  }

  private void layer(String stack, int number) {
    String canonical = stack + ".layers." + number + ".";
    String scope = stack + "/layer_" + number + "/";
    String self = canonical + "self_attention.";
    linear(scope + "self_attention/linear_0", self + "query", self + "key", self + "value");
    linear(scope + "self_attention/linear_1", self + "output");
    norm(scope + "self_attention/layer_norm", canonical + "self_attention_norm");
    writer.number(scope + "self_attention/queries_scale", config.attentionScale());
    if (stack.equals("decoder")) {
      String cross = canonical + "cross_attention.";
      linear(scope + "attention/linear_0", cross + "query");
      linear(scope + "attention/linear_1", cross + "key", cross + "value");
      linear(scope + "attention/linear_2", cross + "output");
      norm(scope + "attention/layer_norm", canonical + "cross_attention_norm");
      writer.number(scope + "attention/queries_scale", config.attentionScale());
    }
    if (config.gated()) {
      linear(scope + "ffn/linear_0", canonical + "feed_forward.gate");
      linear(scope + "ffn/linear_0_noact", canonical + "feed_forward.up");
    } else {
      linear(scope + "ffn/linear_0", canonical + "feed_forward.up");
    }
    linear(scope + "ffn/linear_1", canonical + "feed_forward.down");
    norm(scope + "ffn/layer_norm", canonical + "feed_forward_norm");
    if (config.positions() instanceof Positions.Relative relative) {
      int from = relative.perLayer() ? number : 0;
      String bias = "/self_attention/relative_attention_bias";
      String name = stack + "/layer_" + number + bias;
      if (number > 0 && !relative.perLayer()) {
        writer.aliases.put(name, stack + "/layer_0" + bias);
      } else {
        vector(name, stack + ".layers." + from + ".relative_bias.weight");
      }
      writer.number(
          stack + "/layer_" + number + "/self_attention/relative_attention_max_distance",
          relative.maximumDistance());
    }
  }

  private void norm(String name, String canonical) {
    vector(name + "/gamma", canonical + ".weight");
    if (checkpoint.tensors().containsKey(canonical + ".bias")) {
      vector(name + "/beta", canonical + ".bias");
    }
  }

  private TensorSource tensor(String canonical) {
    return Objects.requireNonNull(checkpoint.tensors().get(canonical), canonical).source();
  }

  private void vector(String name, String canonical) {
    TensorSource source = tensor(canonical);
    List<Integer> shape =
        Objects.requireNonNull(checkpoint.tensors().get(canonical), canonical).shape();
    floats(name, source.readAll(), shape.stream().mapToLong(Integer::longValue).toArray());
  }

  private void floats(String name, float[] values, long... shape) {
    switch (weights) {
      case FLOAT16, INT8_FLOAT16 -> writer.halves(name, values, false, shape);
      case BFLOAT16 -> writer.halves(name, values, true, shape);
      default -> writer.floats(name, values, shape);
    }
  }

  private void linear(String name, String... canonical) {
    TensorSource[] parts =
        Arrays.stream(canonical)
            .map(part -> checkpoint.matrices().get(part + ".weight"))
            .map(Objects::requireNonNull)
            .toArray(TensorSource[]::new);
    matrix(name + "/weight", parts);
    if (config.biases()) {
      TensorSource[] biases =
          Arrays.stream(canonical).map(part -> tensor(part + ".bias")).toArray(TensorSource[]::new);
      float[] values = ModelBinWriter.values(biases);
      floats(name + "/bias", values, values.length);
    }
  }

  private void matrix(String name, String canonical) {
    matrix(name, Objects.requireNonNull(checkpoint.matrices().get(canonical), canonical));
  }

  private void matrix(String name, TensorSource... parts) {
    float[] values = ModelBinWriter.values(parts);
    long cols = parts[0].shape().get(1);
    long rows = values.length / cols;
    switch (weights) {
      case INT8 -> writer.int8(name, values, false, rows, cols);
      case INT8_FLOAT16 -> writer.int8(name, values, true, rows, cols);
      case INT16 -> writer.int16(name, values, true, rows, cols);
      default -> floats(name, values, rows, cols);
    }
  }
}
