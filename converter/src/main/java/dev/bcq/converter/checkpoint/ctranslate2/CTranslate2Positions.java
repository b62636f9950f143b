package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.SinusoidTables;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The positions of a model: tables, which become a formula where they hold sinusoids; the sinusoids
 * that CTranslate2 computes where there is no table; or relative biases as those of T5.
 */
final class CTranslate2Positions {
  private static final List<String> STACKS = List.of("encoder", "decoder");
  private static final String ENCODINGS = "/position_encodings/encodings";
  private static final String BIAS = "/self_attention/relative_attention_bias";
  private static final String DISTANCE = "/self_attention/relative_attention_max_distance";

  /** {@code SinusoidalPositionEncoder}: positions begin with 1, as those of OpenNMT-tf. */
  private static final Positions BUILT_IN = new Positions.Sinusoidal(0, false, 1, true);

  private final TensorPicker picker;
  private final Scalars scalars;
  private final int width;
  private final List<String> warnings;

  CTranslate2Positions(TensorPicker picker, int width, List<String> warnings) {
    this.picker = picker;
    this.scalars = new Scalars(picker);
    this.width = width;
    this.warnings = warnings;
  }

  /** Returns the positions; tables and biases are picked. */
  Positions read(StackConfig encoder, StackConfig decoder) {
    TensorSource source = picker.find("encoder" + ENCODINGS);
    TensorSource target = picker.find("decoder" + ENCODINGS);
    boolean relative = bias("encoder", 0) != null || bias("decoder", 0) != null;
    if (relative && source == null && target == null) {
      return relative(encoder, decoder);
    }
    if (relative || (source == null) != (target == null)) {
      throw new CheckpointException(
          "encoder and decoder know positions in different ways, which cannot be expressed;"
              + " expected %s in both or in none, and no %s beside it"
                  .formatted(ENCODINGS.substring(1), BIAS.substring(1)));
    }
    if (source == null || target == null) {
      checkEven();
      return BUILT_IN;
    }
    return tables(source, target);
  }

  private void checkEven() {
    if (width % 2 != 0 || width < 4) {
      throw new CheckpointException(
          "the width is %d; sinusoidal positions need an even width from 4".formatted(width));
    }
  }

  private Positions tables(TensorSource source, TensorSource target) {
    for (TensorSource table : List.of(source, target)) {
      List<Long> shape = table.shape();
      if (shape.size() != 2
          || shape.get(0) < 1
          || shape.get(0) > Integer.MAX_VALUE
          || shape.get(1) != width) {
        throw new CheckpointException(
            "%s has the shape %s; expected [positions, %d]".formatted(table.name(), shape, width));
      }
    }
    int limit = Math.toIntExact(Math.min(source.shape().get(0), target.shape().get(0)));
    if (!source.shape().equals(target.shape())) {
      warnings.add(
          "the encoder has %d positions and the decoder %d: both became %d"
              .formatted(source.shape().get(0), target.shape().get(0), limit));
    }
    TensorSource first = source.rows(source.name(), 0, limit);
    TensorSource second = target.rows(target.name(), 0, limit);
    Positions.Sinusoidal formula = SinusoidTables.formula(first);
    if (formula != null && SinusoidTables.matches(second, formula)) {
      return formula;
    }
    List<Integer> shape = List.of(limit, width);
    picker.tensor("encoder.positions.weight", first, shape, shape);
    picker.tensor("decoder.positions.weight", second, shape, shape);
    return new Positions.Learned(limit, 0);
  }

  private @Nullable TensorSource bias(String stack, int layer) {
    return picker.find(stack + "/layer_" + layer + BIAS);
  }

  private Positions relative(StackConfig encoder, StackConfig decoder) {
    TensorSource first = bias("encoder", 0);
    Float distance = scalars.number("encoder/layer_0" + DISTANCE);
    if (first == null || first.shape().size() != 2 || distance == null) {
      throw new CheckpointException(
          "encoder/layer_0%s %s; expected [buckets, heads], and %s beside it"
              .formatted(
                  BIAS,
                  first == null ? "is missing" : "has the shape " + first.shape(),
                  DISTANCE.substring(DISTANCE.lastIndexOf('/') + 1)));
    }
    int buckets = Math.toIntExact(first.shape().get(0));
    boolean perEncoderLayer = perLayer("encoder", encoder);
    boolean perDecoderLayer = perLayer("decoder", decoder);
    boolean perLayer = perEncoderLayer || perDecoderLayer;
    for (String stack : STACKS) {
      StackConfig sizes = stack.equals("encoder") ? encoder : decoder;
      for (int i = 0; i < (perLayer ? sizes.layers() : 1); i++) {
        String name = stack + "/layer_" + i;
        float found = Objects.requireNonNullElse(scalars.number(name + DISTANCE), distance);
        if (found != distance) {
          throw Scalars.wrong(name + DISTANCE, found, distance + ", as in the first layer");
        }
        picker.tensor(
            stack + ".layers." + i + ".relative_bias.weight", name + BIAS, buckets, sizes.heads());
      }
    }
    return new Positions.Relative(buckets, Math.round(distance), perLayer);
  }

  /** Returns whether a layer of a stack has other biases than the first. */
  private boolean perLayer(String stack, StackConfig sizes) {
    boolean differs = false;
    TensorSource first = bias(stack, 0);
    for (int i = 1; i < sizes.layers() && first != null; i++) {
      scalars.number(stack + "/layer_" + i + DISTANCE);
      TensorSource other = bias(stack, i);
      differs |= other != null && !other.sameAs(first);
    }
    return differs;
  }
}
