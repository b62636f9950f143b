package dev.bcq.runtime;

import dev.bcq.format.Activation;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqWriter;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.DataBlock;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.ModelInfo;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
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
import org.jspecify.annotations.Nullable;

/** Small models with random bit-planes, complete enough to translate token ids. */
public final class RandomModels {
  /** Tokens of a model. */
  public static final int VOCABULARY = 50;

  private static final int WIDTH = 48;
  private static final int INNER = 80;
  private static final int LAYERS = 2;
  private static final TransformerConfig MARIAN =
      config(
          NormKind.LAYER,
          NormPlacement.POST,
          Activation.SILU,
          false,
          new Positions.Sinusoidal(300, false, 0, false));

  private final BcqWriter writer;
  private final Random random;
  private final TransformerConfig config;
  private final boolean inputScaled;
  private final List<MatrixEntry> matrices = new ArrayList<>();
  private final List<FloatTensorEntry> tensors = new ArrayList<>();

  private RandomModels(BcqWriter writer, long seed, TransformerConfig config, boolean inputScaled) {
    this.writer = writer;
    this.inputScaled = inputScaled;
    this.random = new Random(seed);
    this.config = config;
  }

  /** Writes and opens a model with post-norm and sinusoids, as Marian has them. */
  public static BcqFile marian(Path file, long seed) {
    return write(file, seed, MARIAN, false);
  }

  /** Writes and opens a model with pre-norm, a gate and relative positions, as T5 has them. */
  public static BcqFile t5(Path file, long seed) {
    return write(
        file,
        seed,
        config(
            NormKind.RMS,
            NormPlacement.PRE,
            Activation.GELU_TANH,
            true,
            new Positions.Relative(32, 128, false)),
        false);
  }

  /** Writes and opens a model like Marian's whose scales belong to inputs. */
  public static BcqFile inputScaled(Path file, long seed) {
    return write(file, seed, MARIAN, true);
  }

  private static TransformerConfig config(
      NormKind norm,
      NormPlacement placement,
      Activation activation,
      boolean gated,
      Positions positions) {
    StackConfig stack = new StackConfig(LAYERS, 3, 16, INNER);
    return new TransformerConfig(
        VOCABULARY,
        VOCABULARY,
        WIDTH,
        stack,
        stack,
        norm,
        placement,
        1e-5f,
        placement == NormPlacement.PRE,
        false,
        activation,
        gated,
        norm == NormKind.LAYER,
        positions,
        2f,
        true,
        true,
        0.7f,
        norm == NormKind.LAYER,
        0.25f);
  }

  private static BcqFile write(
      Path file, long seed, TransformerConfig config, boolean inputScaled) {
    try (BcqWriter writer = BcqWriter.create(file, true)) {
      RandomModels model = new RandomModels(writer, seed, config, inputScaled);
      model.addAll();
      writer.commit(
          new BcqDirectory(
              config,
              new ModelInfo("random", List.of(), List.of(), "", ""),
              new Provenance("test", "random", List.of(), List.of()),
              GenerationSettings.builder().startToken(0).endTokens(List.of(1)).build(),
              Map.of(),
              null,
              model.matrices,
              model.tensors,
              List.of()));
    }
    return BcqFile.open(file);
  }

  private void addAll() {
    clusteredEmbedding();
    for (String stack : List.of("encoder", "decoder")) {
      for (int i = 0; i < LAYERS; i++) {
        String prefix = stack + ".layers." + i + ".";
        attention(prefix + "self_attention");
        if (stack.equals("decoder")) {
          attention(prefix + "cross_attention");
        }
        if (config.gated()) {
          linear(prefix + "feed_forward.gate", INNER, WIDTH, 2);
        }
        linear(prefix + "feed_forward.up", INNER, WIDTH, 2);
        linear(prefix + "feed_forward.down", WIDTH, INNER, 3);
        norm(prefix + "feed_forward_norm");
      }
      if (config.positions() instanceof Positions.Relative relative) {
        tensor(
            stack + ".layers.0.relative_bias.weight",
            0,
            relative.buckets(),
            config.encoder().heads());
      }
      if (config.finalNorm()) {
        norm(stack + ".norm");
      }
    }
    if (config.outputBias()) {
      tensor("output.bias", 0, VOCABULARY);
    }
  }

  private void attention(String name) {
    for (String part : List.of(".query", ".key", ".value", ".output")) {
      // Keys and values of a sentence are decoded to int8 levels; what steps multiply is not.
      linear(name + part, WIDTH, WIDTH, part.equals(".query") ? 2 : 3);
    }
    norm(name + "_norm");
  }

  private void linear(String name, int rows, int cols, int planes) {
    MatrixEntry.BitPlanes storage =
        inputScaled
            ? inputScaled(name, rows, cols, planes)
            : planes(List.of(block(rows, cols, planes)), null);
    matrices.add(new MatrixEntry(name + ".weight", rows, cols, storage, 0, false));
    if (config.biases()) {
      tensor(name + ".bias", 0, rows);
    }
  }

  /** Rows in reverse order, the stored first 32 with three planes, the others with one. */
  private void clusteredEmbedding() {
    List<MatrixEntry.RowBlock> blocks =
        List.of(block(32, WIDTH, 3), block(VOCABULARY - 32, WIDTH, 1));
    ByteBuffer order = ByteBuffer.allocate(4 * VOCABULARY).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < VOCABULARY; i++) {
      order.putInt(VOCABULARY - 1 - i);
    }
    order.flip();
    matrices.add(
        new MatrixEntry(
            "embedding.weight",
            VOCABULARY,
            WIDTH,
            planes(blocks, writer.addBlock(order)),
            0,
            false));
  }

  private static MatrixEntry.BitPlanes planes(
      List<MatrixEntry.RowBlock> blocks, @Nullable DataBlock permutation) {
    return new MatrixEntry.BitPlanes(
        0,
        false,
        MatrixEntry.ScaleType.FLOAT32,
        MatrixEntry.ScaleAxis.OUTPUT,
        1,
        blocks,
        permutation);
  }

  private MatrixEntry.RowBlock block(int rows, int cols, int planes) {
    return block(rows, cols, planes, (int) BitPlaneLayout.scaleCount(rows, cols, planes, 0, false));
  }

  private MatrixEntry.RowBlock block(int rows, int cols, int planes, int count) {
    byte[] bits = new byte[(int) BitPlaneLayout.bitsLength(rows, cols, planes)];
    random.nextBytes(bits);
    ByteBuffer scales = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      scales.putFloat(0.02f + 0.15f * random.nextFloat());
    }
    scales.flip();
    return new MatrixEntry.RowBlock(
        rows, planes, writer.addBlock(ByteBuffer.wrap(bits)), writer.addBlock(scales));
  }

  /** Queries in heads that begin with a tile, keys in heads that share tiles, others in one. */
  private MatrixEntry.BitPlanes inputScaled(String name, int rows, int cols, int planes) {
    int heads = name.endsWith(".query") ? 3 : name.endsWith(".key") ? 6 : 1;
    int padded = BitPlaneLayout.chunks(cols) * BitPlaneLayout.CHUNK_COLS;
    return new MatrixEntry.BitPlanes(
        0,
        false,
        MatrixEntry.ScaleType.FLOAT32,
        MatrixEntry.ScaleAxis.INPUT,
        heads,
        List.of(block(rows, cols, planes, heads * planes * padded)),
        null);
  }

  private void norm(String name) {
    tensor(name + ".weight", 1, WIDTH);
    if (config.norm() == NormKind.LAYER) {
      tensor(name + ".bias", 0, WIDTH);
    }
  }

  private void tensor(String name, float center, Integer... shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    ByteBuffer values = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      values.putFloat(center + 0.2f * (float) random.nextGaussian());
    }
    values.flip();
    tensors.add(new FloatTensorEntry(name, List.of(shape), writer.addBlock(values)));
  }
}
