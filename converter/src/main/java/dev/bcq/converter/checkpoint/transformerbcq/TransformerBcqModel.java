package dev.bcq.converter.checkpoint.transformerbcq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.quantize.StoredForm;
import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The transformer of transformer_bcq: that of TensorFlow's tutorial on translation, whose heads are
 * each as wide as the model. The shapes of its weights say all sizes.
 */
final class TransformerBcqModel {
  /** Rows of its table of positions. */
  private static final int POSITIONS = 2048;

  /** The default of Keras. */
  private static final float EPSILON = 1e-3f;

  private final StoredWeights weights;
  private final Map<String, TensorSource> oriented = new TreeMap<>();
  private final Map<String, StoredForm> forms = new TreeMap<>();
  private final TensorPicker picker;

  /** Sizes that users may state, under the names of its hyper-parameters. */
  private record Sizes(int layers, int width, int heads, int headWidth, int inner) {}

  TransformerBcqModel(StoredWeights weights) {
    this.weights = weights;
    weights.dense().forEach((name, tensor) -> oriented.put(name, oriented(name, tensor)));
    weights.quantized().forEach(this::orient);
    picker = new TensorPicker(oriented);
  }

  TensorPicker picker() {
    return picker;
  }

  /** Returns the planes of the matrices, by canonical name. */
  Map<String, StoredForm> forms() {
    return forms;
  }

  /** Returns a matrix as [outputs, inputs], a bias as a vector. */
  private static TensorSource oriented(String name, TensorSource tensor) {
    List<Long> shape = tensor.shape();
    if (name.endsWith(".bias") && !shape.isEmpty()) {
      return tensor.reshaped(List.of(tensor.count()));
    }
    if (shape.size() < 2 || name.endsWith(".embedding.weight")) {
      return tensor;
    }
    // The output of an attention has the heads among its inputs, others among their outputs.
    int inputDimensions = name.endsWith("attention.output.weight") ? shape.size() - 1 : 1;
    long inputs = shape.subList(0, inputDimensions).stream().reduce(1L, Math::multiplyExact);
    return tensor.reshaped(List.of(inputs, inputs == 0 ? 0 : tensor.count() / inputs)).transposed();
  }

  private void orient(String name, BitPlaneTensor tensor) {
    boolean byRows = name.endsWith(".embedding.weight") || name.equals("output.weight");
    boolean split = tensor.shape().size() == 3 && !name.endsWith("attention.output.weight");
    int heads = split ? Math.toIntExact(tensor.shape().get(1)) : 1;
    oriented.put(name, byRows ? tensor.byRows() : tensor.byInputs(heads));
    forms.put(name, byRows ? tensor.formByRows() : tensor.formByInputs(heads));
  }

  /**
   * Returns the transformer; tensors are put into the picker.
   *
   * @param settings what the user says of it, each of which has to be so
   */
  TransformerConfig read(Map<String, String> settings) {
    Sizes sizes = sizes();
    check(settings, sizes);
    StackConfig stack =
        new StackConfig(sizes.layers(), sizes.heads(), sizes.headWidth(), sizes.inner());
    int source = rows("encoder.embedding.weight");
    int target = rows("decoder.embedding.weight");
    picker.matrix("encoder.embedding.weight", "encoder.embedding.weight", source, sizes.width());
    picker.matrix("decoder.embedding.weight", "decoder.embedding.weight", target, sizes.width());
    stack("encoder", sizes);
    stack("decoder", sizes);
    picker.matrix("output.weight", "output.weight", target, sizes.width());
    picker.tensor("output.bias", "output.bias", target);
    return new TransformerConfig(
        source,
        target,
        sizes.width(),
        stack,
        stack,
        NormKind.LAYER,
        NormPlacement.POST,
        EPSILON,
        false,
        false,
        Activation.RELU,
        false,
        true,
        new Positions.Sinusoidal(POSITIONS, false, 0, false),
        (float) Math.sqrt(sizes.width()),
        false,
        false,
        1f,
        true,
        (float) (1 / Math.sqrt(sizes.headWidth())));
  }

  private int rows(String name) {
    TensorSource matrix = oriented.get(name);
    return matrix == null || matrix.shape().isEmpty() ? 1 : size(name, matrix.shape().get(0));
  }

  private static int size(String name, long size) {
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw new CheckpointException(name + " has a dimension of " + size);
    }
    return (int) size;
  }

  private Sizes sizes() {
    String query = "encoder.layers.0.self_attention.query.weight";
    List<Long> shape =
        weights.quantized().containsKey(query)
            ? weights.quantized().get(query).shape()
            : weights.dense().containsKey(query) ? weights.dense().get(query).shape() : List.of();
    if (shape.size() != 3) {
      throw new CheckpointException(
          "the queries of the first layer of the encoder %s; expected [width, heads, width of a head]"
              .formatted(shape.isEmpty() ? "are missing" : "have the shape " + shape));
    }
    return new Sizes(
        picker.layers("encoder.layers."),
        size(query, shape.get(0)),
        size(query, shape.get(1)),
        size(query, shape.get(2)),
        rows("encoder.layers.0.feed_forward.up.weight"));
  }

  private void stack(String stack, Sizes sizes) {
    int attention = Math.multiplyExact(sizes.heads(), sizes.headWidth());
    for (int i = 0; i < sizes.layers(); i++) {
      String layer = stack + ".layers." + i + ".";
      for (String block :
          stack.equals("encoder")
              ? List.of("self_attention")
              : List.of("self_attention", "cross_attention")) {
        for (String part : List.of("query", "key", "value")) {
          linear(layer + block + "." + part, attention, sizes.width());
        }
        linear(layer + block + ".output", sizes.width(), attention);
        norm(layer + block + "_norm", sizes.width());
      }
      linear(layer + "feed_forward.up", sizes.inner(), sizes.width());
      linear(layer + "feed_forward.down", sizes.width(), sizes.inner());
      norm(layer + "feed_forward_norm", sizes.width());
    }
  }

  private void linear(String name, int rows, int cols) {
    picker.matrix(name + ".weight", name + ".weight", rows, cols);
    picker.tensor(name + ".bias", name + ".bias", rows);
  }

  private void norm(String name, int width) {
    picker.tensor(name + ".weight", name + ".weight", width);
    picker.tensor(name + ".bias", name + ".bias", width);
  }

  private static void check(Map<String, String> settings, Sizes sizes) {
    Map<String, Integer> found =
        new TreeMap<>(
            Map.of(
                "num_layers", sizes.layers(),
                "d_model", sizes.width(),
                "dff", sizes.inner(),
                "num_heads", sizes.heads()));
    settings.forEach(
        (key, value) -> {
          // Of no account once training is over.
          if (key.equals("dropout_rate")) {
            return;
          }
          if (!found.containsKey(key)) {
            throw new CheckpointException(
                "%s: transformer_bcq has no such hyper-parameter; expected one of dropout_rate, %s"
                    .formatted(key, String.join(", ", found.keySet())));
          }
          if (!value.equals(String.valueOf(found.get(key)))) {
            throw new CheckpointException(
                "%s is said to be %s; the weights have %d".formatted(key, value, found.get(key)));
          }
        });
  }
}
