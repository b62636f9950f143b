package dev.bcq.converter.checkpoint.compressedtransformers;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorNames;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.ops.Sinusoids;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The transformer of Compressed-Transformers, whose sizes its tensors say, but for the heads. */
final class CompressedTransformer {
  private static final String SOURCE = "src_embedding.embeddings_table.weight";
  private static final String TARGET = "trg_embedding.embeddings_table.weight";
  private static final List<String> POSITIONS =
      List.of(
          "src_pos_embedding.positional_encodings_table",
          "trg_pos_embedding.positional_encodings_table");

  /** The default of PyTorch. */
  private static final float EPSILON = 1e-5f;

  /** What networks of signs divide their scores by, times the width of a head. */
  private static final float SCORES_OF_SIGNS = 25;

  /** Float rounding of the tables that training has saved: of sines, and of their angles. */
  private static final float SAME_POSITION = 1e-5f;

  private static final float SAME_ANGLE = 2.5e-7f;

  private final Map<String, TensorSource> stored;
  private final int width;
  private final StackConfig encoder;
  private final StackConfig decoder;

  CompressedTransformer(Map<String, TensorSource> stored, int heads) {
    this.stored = stored;
    this.width = size(SOURCE, 1);
    if (width % heads != 0) {
      throw new CheckpointException(
          "--set heads=%d does not divide the width, which is %d".formatted(heads, width));
    }
    this.encoder = stack("encoder", heads);
    this.decoder = stack("decoder", heads);
  }

  private StackConfig stack(String stack, int heads) {
    String prefix = "%s.%s_layers.".formatted(stack, stack);
    int layers = new TensorPicker(stored).layers(prefix);
    int inner = size(prefix + "0.pointwise_net.linear1.weight", 0);
    return new StackConfig(layers, heads, width / heads, inner);
  }

  private int size(String name, int dimension) {
    TensorSource tensor = stored.get(name);
    if (tensor == null || tensor.shape().size() != 2 || tensor.count() == 0) {
      throw new CheckpointException(
          "%s %s; expected a matrix"
              .formatted(name, tensor == null ? "is missing" : "has the shape " + tensor.shape()));
    }
    return Math.toIntExact(tensor.shape().get(dimension));
  }

  /** Returns the canonical name of each matrix with its name in the checkpoint. */
  Map<String, String> matrices() {
    Map<String, String> names = new LinkedHashMap<>();
    name(
        new TensorNames() {
          @Override
          public void matrix(String canonical, String name, int rows, int cols) {
            names.put(canonical, name);
          }

          @Override
          public void tensor(String canonical, String name, Integer... shape) {
            // Vectors have one form.
          }
        });
    return names;
  }

  /**
   * Returns the transformer; tensors are put into the picker.
   *
   * @param signs whether layers compute with signs
   */
  TransformerConfig read(TensorPicker picker, boolean signs) {
    name(picker);
    for (String table : POSITIONS) {
      checkPositions(table, Objects.requireNonNullElse(picker.find(table), stored.get(SOURCE)));
    }
    return new TransformerConfig(
        size(SOURCE, 0),
        size(TARGET, 0),
        width,
        encoder,
        decoder,
        NormKind.LAYER,
        NormPlacement.PRE,
        EPSILON,
        true,
        false,
        Activation.RELU,
        false,
        true,
        positions(),
        (float) Math.sqrt(width),
        false,
        false,
        1f,
        true,
        signs
            ? 1 / (SCORES_OF_SIGNS * encoder.headWidth())
            : (float) (1 / Math.sqrt(encoder.headWidth())));
  }

  /** Returns the formula of the tables of positions, as many as the shorter one has. */
  Positions.Sinusoidal positions() {
    int rows = Math.min(size(POSITIONS.get(0), 0), size(POSITIONS.get(1), 0));
    return new Positions.Sinusoidal(rows, true, 0, false);
  }

  private void checkPositions(String name, TensorSource table) {
    int rows = Math.toIntExact(table.shape().get(0));
    float[] expected = Sinusoids.table(positions(), width, positions().count());
    float[] row = new float[width];
    for (int i = 0; i < Math.min(rows, positions().count()); i++) {
      table.read((long) i * width, row, 0, width);
      for (int col = 0; col < width; col++) {
        if (!(Math.abs(row[col] - expected[i * width + col]) <= SAME_POSITION + i * SAME_ANGLE)) {
          throw new CheckpointException(
              "%s holds something else than sinusoids, in row %d".formatted(name, i));
        }
      }
    }
  }

  private void name(TensorNames names) {
    names.matrix("encoder.embedding.weight", SOURCE, size(SOURCE, 0), width);
    names.matrix("decoder.embedding.weight", TARGET, size(TARGET, 0), width);
    for (int i = 0; i < encoder.layers(); i++) {
      String layer = "encoder.layers." + i + ".";
      String stored = "encoder.encoder_layers." + i + ".";
      attention(names, layer + "self_attention", stored + "multi_headed_attention");
      norm(names, layer + "self_attention_norm", stored + "sublayers.0.norm");
      feedForward(names, layer, stored, encoder);
      norm(names, layer + "feed_forward_norm", stored + "sublayers.1.norm");
    }
    norm(names, "encoder.norm", "encoder.norm");
    for (int i = 0; i < decoder.layers(); i++) {
      String layer = "decoder.layers." + i + ".";
      String stored = "decoder.decoder_layers." + i + ".";
      attention(names, layer + "self_attention", stored + "trg_multi_headed_attention");
      norm(names, layer + "self_attention_norm", stored + "sublayers.0.norm");
      attention(names, layer + "cross_attention", stored + "src_multi_headed_attention");
      norm(names, layer + "cross_attention_norm", stored + "sublayers.1.norm");
      feedForward(names, layer, stored, decoder);
      norm(names, layer + "feed_forward_norm", stored + "sublayers.2.norm");
    }
    norm(names, "decoder.norm", "decoder.norm");
    names.matrix("output.weight", "decoder_generator.linear.weight", size(TARGET, 0), width);
    names.tensor("output.bias", "decoder_generator.linear.bias", size(TARGET, 0));
  }

  private void attention(TensorNames names, String canonical, String stored) {
    List<String> parts = List.of("query", "key", "value");
    for (int i = 0; i < parts.size(); i++) {
      linear(names, canonical + "." + parts.get(i), stored + ".qkv_nets." + i, width, width);
    }
    linear(names, canonical + ".output", stored + ".out_projection_net", width, width);
  }

  private void feedForward(TensorNames names, String layer, String stored, StackConfig stack) {
    int inner = stack.feedForwardWidth();
    linear(names, layer + "feed_forward.up", stored + "pointwise_net.linear1", inner, width);
    linear(names, layer + "feed_forward.down", stored + "pointwise_net.linear2", width, inner);
  }

  private static void linear(
      TensorNames names, String canonical, String stored, int rows, int cols) {
    names.matrix(canonical + ".weight", stored + ".weight", rows, cols);
    names.tensor(canonical + ".bias", stored + ".bias", rows);
  }

  private void norm(TensorNames names, String canonical, String stored) {
    names.tensor(canonical + ".weight", stored + ".weight", width);
    names.tensor(canonical + ".bias", stored + ".bias", width);
  }
}
