package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.NormKind;
import dev.bcq.format.StackConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The layers of a stack: fused projections are cut, biases that some lack are zeros. */
final class CTranslate2Layers {
  private static final Pattern BIAS = Pattern.compile("(en|de)coder/layer_\\d+/.*/bias");

  private final TensorPicker picker;
  private final Scalars scalars;
  private final int width;
  private final NormKind norm;
  private final boolean biases;
  private final boolean gated;

  /**
   * Prepares.
   *
   * @param names of all variables
   */
  CTranslate2Layers(TensorPicker picker, Set<String> names, int width) {
    this.picker = picker;
    this.scalars = new Scalars(picker);
    this.width = width;
    boolean centred = names.contains("encoder/layer_0/self_attention/layer_norm/beta");
    this.norm = centred ? NormKind.LAYER : NormKind.RMS;
    this.biases = names.stream().anyMatch(name -> BIAS.matcher(name).matches());
    this.gated = names.contains("encoder/layer_0/ffn/linear_0_noact/weight");
  }

  NormKind norm() {
    return norm;
  }

  boolean biases() {
    return biases;
  }

  boolean gated() {
    return gated;
  }

  /** Returns the sizes of a stack, as the first layer has them. */
  StackConfig sizes(String stack, int layers, int heads) {
    String first = stack + "/layer_0/";
    int inner = rows(first + "self_attention/linear_0/weight", 3);
    int head = scalars.integer(first + "self_attention/head_dim", 0);
    if (head == 0 && inner % heads == 0) {
      head = inner / heads;
    }
    if (head * heads != inner) {
      throw new CheckpointException(
          "%s has %d heads in %d columns; expected a divisor".formatted(stack, heads, inner));
    }
    return new StackConfig(layers, heads, head, rows(first + "ffn/linear_0/weight", 1));
  }

  private int rows(String name, int parts) {
    TensorSource found = picker.find(name);
    boolean fits =
        found != null
            && found.shape().size() == 2
            && found.shape().get(0) > 0
            && found.shape().get(0) % parts == 0
            && found.shape().get(0) <= Integer.MAX_VALUE;
    if (found == null || !fits) {
      throw new CheckpointException(
          "%s %s; expected [%s, %d]"
              .formatted(
                  name,
                  found == null ? "is missing" : "has the shape " + found.shape(),
                  parts == 1 ? "rows" : "3 x rows",
                  width));
    }
    return Math.toIntExact(found.shape().get(0) / parts);
  }

  /**
   * Picks a layer.
   *
   * @param stack {@code encoder} or {@code decoder}
   * @param scale of attention in the whole model; queries make up for another of their own
   */
  void pick(String stack, int layer, StackConfig sizes, float scale) {
    String canonical = stack + ".layers." + layer + ".";
    String scope = stack + "/layer_" + layer + "/";
    attention(canonical + "self_attention", scope + "self_attention", sizes, true, scale);
    if (stack.equals("decoder")) {
      attention(canonical + "cross_attention", scope + "attention", sizes, false, scale);
    }
    int inner = sizes.feedForwardWidth();
    if (gated) {
      linear(canonical + "feed_forward.gate", scope + "ffn/linear_0", inner, width);
    }
    String up = scope + "ffn/linear_0" + (gated ? "_noact" : "");
    linear(canonical + "feed_forward.up", up, inner, width);
    linear(canonical + "feed_forward.down", scope + "ffn/linear_1", width, inner);
    norm(canonical + "feed_forward_norm", scope + "ffn/layer_norm");
  }

  /** Picks a normalization. */
  void norm(String canonical, String name) {
    picker.tensor(canonical + ".weight", name + "/gamma", width);
    if (norm == NormKind.LAYER) {
      picker.tensor(canonical + ".bias", name + "/beta", width);
    }
  }

  /** Returns by what an attention multiplies the products of queries and keys. */
  float attentionScale(String attention, StackConfig sizes) {
    Float stored = scalars.number(attention + "/queries_scale");
    return stored == null ? (float) (1 / Math.sqrt(sizes.headWidth())) : stored;
  }

  private void attention(
      String canonical, String name, StackConfig sizes, boolean self, float scale) {
    for (String flag : List.of("/multi_query", "/num_heads_kv")) {
      int found = scalars.integer(name + flag, 0);
      if (found != 0 && !(flag.endsWith("kv") && found == sizes.heads())) {
        throw Scalars.wrong(name + flag, found, "as many keys and values as heads");
      }
    }
    int head = scalars.integer(name + "/head_dim", sizes.headWidth());
    if (head != sizes.headWidth()) {
      throw Scalars.wrong(name + "/head_dim", head, sizes.headWidth() + ", as in the first layer");
    }
    List<String> parts =
        self
            ? List.of(canonical + ".query", canonical + ".key", canonical + ".value")
            : List.of(canonical + ".key", canonical + ".value");
    if (!self) {
      linear(canonical + ".query", name + "/linear_0", sizes.attentionWidth(), width);
    }
    fused(parts, name + (self ? "/linear_0" : "/linear_1"), sizes.attentionWidth());
    String output = name + (self ? "/linear_1" : "/linear_2");
    linear(canonical + ".output", output, width, sizes.attentionWidth());
    norm(canonical + "_norm", name + "/layer_norm");
    float factor = attentionScale(name, sizes) / scale;
    if (factor != 1f) {
      picker.scale(canonical + ".query.weight", factor);
      picker.scale(canonical + ".query.bias", factor);
    }
  }

  /** Picks matrices that are stored below each other. */
  private void fused(List<String> canonical, String name, int rows) {
    ignoreFlag(name);
    TensorSource weight = picker.find(name + "/weight");
    List<Long> shape = List.of((long) rows * canonical.size(), (long) width);
    if (weight == null || !weight.shape().equals(shape)) {
      problem(name + "/weight", weight, shape);
      return;
    }
    TensorSource bias = bias(name, rows * canonical.size());
    for (int i = 0; i < canonical.size(); i++) {
      String part = canonical.get(i);
      picker.matrix(
          part + ".weight", weight.rows(weight.name(), (long) i * rows, rows), rows, width);
      if (bias != null && biases) {
        List<Integer> biasShape = List.of(rows);
        picker.tensor(
            part + ".bias", bias.rows(bias.name(), (long) i * rows, rows), biasShape, biasShape);
      }
    }
  }

  private void linear(String canonical, String name, int rows, int cols) {
    ignoreFlag(name);
    picker.matrix(canonical + ".weight", name + "/weight", rows, cols);
    TensorSource bias = bias(name, rows);
    if (bias != null && biases) {
      picker.tensor(canonical + ".bias", bias, List.of(rows), List.of(rows));
    }
  }

  /** Says in what type CTranslate2 computes; the weights are what they are. */
  private void ignoreFlag(String name) {
    picker.find(name + "/keep_in_float32");
  }

  private @Nullable TensorSource bias(String name, int rows) {
    TensorSource bias = picker.find(name + "/bias");
    List<Long> shape = List.of((long) rows);
    if (bias == null) {
      return TensorSource.computed(
          name + "/bias",
          shape,
          (from, into, offset, count) -> Arrays.fill(into, offset, offset + count, 0f));
    }
    if (!bias.shape().equals(shape)) {
      problem(name + "/bias", bias, shape);
      return null;
    }
    return bias;
  }

  private void problem(String name, @Nullable TensorSource found, List<Long> expected) {
    picker.problem(
        found == null
            ? "missing: " + name + " " + expected
            : "wrong shape: %s is %s, expected %s".formatted(name, found.shape(), expected));
  }
}
