package dev.bcq.benchmarks.synthetic;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A transformer that others have trained, without its weights.
 *
 * @param name what people type
 * @param family architecture, as checkpoints name it
 * @param config sizes and variants
 * @param startToken first input of the decoder
 * @param endToken token that ends a target
 */
public record ModelShape(
    String name, String family, TransformerConfig config, int startToken, int endToken) {
  /** The shapes that people can name. */
  public static final List<ModelShape> ALL =
      List.of(t5Small(), vaswani("transformer-base", 512), vaswani("transformer-big", 1024));

  private static final int HEAD_WIDTH = 64;
  private static final int LAYERS = 6;

  /**
   * Returns the shape with a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ModelShape named(String name) {
    return ALL.stream()
        .filter(shape -> shape.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + name + "'; expected one of: " + names()));
  }

  /** Returns the names, for messages. */
  public static String names() {
    return ALL.stream().map(ModelShape::name).collect(Collectors.joining(", "));
  }

  /** T5 v1.0 small (Raffel et al. 2020, section 3.7 and the published configuration). */
  private static ModelShape t5Small() {
    StackConfig stack = new StackConfig(LAYERS, 8, HEAD_WIDTH, 2048);
    return new ModelShape(
        "t5-small", "t5", t5(32128, 512, stack, new Positions.Relative(32, 128, false)), 0, 1);
  }

  static TransformerConfig t5(
      int vocabulary, int width, StackConfig stack, Positions.Relative positions) {
    return new TransformerConfig(
        vocabulary,
        vocabulary,
        width,
        stack,
        stack,
        NormKind.RMS,
        NormPlacement.PRE,
        1e-6f,
        true,
        false,
        Activation.RELU,
        false,
        false,
        positions,
        1f,
        true,
        true,
        (float) (1 / Math.sqrt(width)),
        false,
        1f);
  }

  /** Vaswani et al. 2017, table 3, with the shared vocabulary of 37,000 of section 5.1. */
  private static ModelShape vaswani(String name, int width) {
    StackConfig stack = new StackConfig(LAYERS, width / HEAD_WIDTH, HEAD_WIDTH, 4 * width);
    return new ModelShape(name, "transformer", vaswani(37000, width, stack), 2, 2);
  }

  static TransformerConfig vaswani(int vocabulary, int width, StackConfig stack) {
    return new TransformerConfig(
        vocabulary,
        vocabulary,
        width,
        stack,
        stack,
        NormKind.LAYER,
        NormPlacement.POST,
        1e-5f,
        false,
        false,
        Activation.RELU,
        false,
        true,
        new Positions.Sinusoidal(0, false, 0, true),
        (float) Math.sqrt(width),
        true,
        true,
        1f,
        false,
        (float) (1 / Math.sqrt(stack.headWidth())));
  }
}
