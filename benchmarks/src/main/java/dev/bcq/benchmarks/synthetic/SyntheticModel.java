package dev.bcq.benchmarks.synthetic;

import dev.bcq.console.Version;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqWriter;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.ModelInfo;
import dev.bcq.format.NormKind;
import dev.bcq.format.Positions;
import dev.bcq.format.Provenance;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes a model of a given shape with random weights. It translates token ids into token ids that
 * mean nothing, in the time that a trained model takes. The same shape, precision and seed give the
 * same bytes.
 */
public final class SyntheticModel {
  /** Norms and biases scatter around 1 and 0 by this. */
  private static final float SMALL = 0.05f;

  /**
   * Factors of what sublayers add to the residual stream: little but for the last one. Otherwise
   * the embedding of the last token would outweigh them, and a tied output would repeat that token
   * for ever; or all tokens would lead to the same one, for the outputs of random layers with ReLU
   * grow alike.
   */
  private static final float GAIN = 0.3f;

  private static final float LAST_GAIN = 30f;

  private final TransformerConfig config;
  private final BcqWriter writer;
  private final RandomValues values;
  private final MatrixStorage storage;
  private final List<MatrixEntry> matrices = new ArrayList<>();
  private final List<FloatTensorEntry> tensors = new ArrayList<>();

  private SyntheticModel(
      TransformerConfig config, BcqWriter writer, RandomValues values, Precision precision) {
    this.config = config;
    this.writer = writer;
    this.values = values;
    this.storage = new MatrixStorage(writer, values, precision);
  }

  /**
   * Writes a file, replacing an existing one.
   *
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public static void write(Path file, ModelShape shape, Precision precision, long seed) {
    try (BcqWriter writer = BcqWriter.create(file, true)) {
      SyntheticModel model =
          new SyntheticModel(shape.config(), writer, new RandomValues(seed), precision);
      writer.commit(model.directory(shape, precision, seed));
    }
  }

  private BcqDirectory directory(ModelShape shape, Precision precision, long seed) {
    matrix(
        "embedding.weight", config.targetVocabulary(), config.width(), 1 / config.embeddingScale());
    stack("encoder", config.encoder());
    stack("decoder", config.decoder());
    return new BcqDirectory(
        config,
        new ModelInfo(shape.name() + ", random weights", List.of(), List.of(), "", ""),
        new Provenance(
            "bcq-bench " + Version.NUMBER,
            shape.family(),
            List.of(),
            List.of(
                new Provenance.Option("synthetic", shape.name()),
                new Provenance.Option("bits", precision.label()),
                new Provenance.Option("seed", String.valueOf(seed)))),
        GenerationSettings.builder()
            .startToken(shape.startToken())
            .endTokens(List.of(shape.endToken()))
            .build(),
        Map.of(),
        null,
        matrices,
        tensors,
        List.of());
  }

  private void stack(String stack, StackConfig sizes) {
    if (config.positions() instanceof Positions.Relative relative) {
      tensor(
          stack + ".layers.0.relative_bias.weight",
          List.of(relative.buckets(), sizes.heads()),
          0f,
          1f);
    }
    for (int i = 0; i < sizes.layers(); i++) {
      String prefix = stack + ".layers." + i + ".";
      attention(prefix + "self_attention", sizes);
      if (stack.equals("decoder")) {
        attention(prefix + "cross_attention", sizes);
      }
      norm(prefix + "feed_forward_norm");
      linear(prefix + "feed_forward.up", sizes.feedForwardWidth(), config.width(), 1f);
      boolean last = stack.equals("decoder") && i == sizes.layers() - 1;
      linear(
          prefix + "feed_forward.down",
          config.width(),
          sizes.feedForwardWidth(),
          last ? LAST_GAIN : GAIN);
    }
    if (config.finalNorm()) {
      norm(stack + ".norm");
    }
  }

  private void attention(String name, StackConfig sizes) {
    int inner = sizes.attentionWidth();
    // Where scores are not scaled, as in T5, queries are that much smaller.
    float query = config.attentionScale() == 1f ? (float) (1 / Math.sqrt(sizes.headWidth())) : 1f;
    norm(name + "_norm");
    linear(name + ".query", inner, config.width(), query);
    linear(name + ".key", inner, config.width(), 1f);
    linear(name + ".value", inner, config.width(), 1f);
    linear(name + ".output", config.width(), inner, GAIN);
  }

  private void linear(String name, int rows, int cols, float gain) {
    matrix(name + ".weight", rows, cols, (float) (gain / Math.sqrt(cols)));
    if (config.biases()) {
      tensor(name + ".bias", List.of(rows), 0f, SMALL);
    }
  }

  private void norm(String name) {
    tensor(name + ".weight", List.of(config.width()), 1f, SMALL);
    if (config.norm() == NormKind.LAYER) {
      tensor(name + ".bias", List.of(config.width()), 0f, SMALL);
    }
  }

  private void matrix(String name, int rows, int cols, float deviation) {
    matrices.add(storage.add(name, rows, cols, deviation));
  }

  private void tensor(String name, List<Integer> shape, float mean, float deviation) {
    int count = shape.stream().reduce(1, (a, b) -> a * b);
    Random random = values.random(name);
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(mean + deviation * (float) random.nextGaussian());
    }
    tensors.add(new FloatTensorEntry(name, shape, writer.addBlock(bytes.flip())));
  }
}
