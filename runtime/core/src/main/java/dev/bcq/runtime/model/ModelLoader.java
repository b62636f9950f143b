package dev.bcq.runtime.model;

import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.NormKind;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.MatrixRole;
import dev.bcq.runtime.layers.AttentionWeights;
import dev.bcq.runtime.layers.DecoderLayer;
import dev.bcq.runtime.layers.Embedding;
import dev.bcq.runtime.layers.EncoderLayer;
import dev.bcq.runtime.layers.FeedForward;
import dev.bcq.runtime.layers.Linear;
import dev.bcq.runtime.layers.Normalization;
import dev.bcq.runtime.layers.PositionTable;
import dev.bcq.runtime.layers.Residual;
import dev.bcq.runtime.tensor.Matrix;
import dev.bcq.runtime.tensor.NormWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the transformer that a file describes. Weights stay in the mapped file. */
public final class ModelLoader {
  private final BcqFile file;
  private final TransformerConfig config;
  private final Kernels kernels;
  private final Arithmetic arithmetic;
  private final Map<String, MatrixEntry> matrices = new HashMap<>();
  private final Map<String, FloatTensorEntry> tensors = new HashMap<>();
  private final Map<String, Matrix> loaded = new HashMap<>();

  private ModelLoader(
      BcqFile file, Map<String, Matrix> replaced, Kernels kernels, Arithmetic arithmetic) {
    this.file = file;
    this.config = file.directory().config();
    this.kernels = kernels;
    this.arithmetic = arithmetic;
    file.directory().matrices().forEach(entry -> matrices.put(entry.name(), entry));
    file.directory().tensors().forEach(entry -> tensors.put(entry.name(), entry));
    loaded.putAll(replaced);
  }

  /**
   * Builds the transformer of a file.
   *
   * @throws BcqFormatException if a weight is missing or has another shape than the configuration
   *     says
   */
  public static Transformer load(BcqFile file, Kernels kernels, Arithmetic arithmetic) {
    return load(file, Map.of(), kernels, arithmetic);
  }

  /**
   * Builds the transformer of a file with other matrices in place of some of its own.
   *
   * @param replaced matrices by canonical names, each of the shape of the one in the file
   * @throws BcqFormatException if a weight is missing or has another shape than the configuration
   *     says
   */
  public static Transformer load(
      BcqFile file, Map<String, Matrix> replaced, Kernels kernels, Arithmetic arithmetic) {
    return new ModelLoader(file, replaced, kernels, arithmetic).transformer();
  }

  private Transformer transformer() {
    return new Transformer(config, encoder(), decoder(), kernels);
  }

  private Encoder encoder() {
    StackConfig stack = config.encoder();
    List<EncoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < stack.layers(); i++) {
      String prefix = "encoder.layers." + i + ".";
      layers.add(
          new EncoderLayer(
              residual(prefix + "self_attention_norm"),
              attention(prefix + "self_attention", stack, MatrixRole.SENTENCE, MatrixRole.SENTENCE),
              residual(prefix + "feed_forward_norm"),
              feedForward(prefix + "feed_forward", stack, MatrixRole.SENTENCE)));
    }
    return new Encoder(
        embedding("encoder", config.sourceVocabulary()),
        List.copyOf(layers),
        config.finalNorm() ? norm("encoder.norm") : null,
        biasTables("encoder", stack));
  }

  private Decoder decoder() {
    StackConfig stack = config.decoder();
    List<DecoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < stack.layers(); i++) {
      String prefix = "decoder.layers." + i + ".";
      layers.add(
          new DecoderLayer(
              i,
              residual(prefix + "self_attention_norm"),
              attention(prefix + "self_attention", stack, MatrixRole.STEP, MatrixRole.STEP),
              residual(prefix + "cross_attention_norm"),
              attention(prefix + "cross_attention", stack, MatrixRole.STEP, MatrixRole.SENTENCE),
              residual(prefix + "feed_forward_norm"),
              feedForward(prefix + "feed_forward", stack, MatrixRole.STEP)));
    }
    return new Decoder(
        embedding("decoder", config.targetVocabulary()),
        List.copyOf(layers),
        config.finalNorm() ? norm("decoder.norm") : null,
        output(),
        biasTables("decoder", stack));
  }

  private Linear output() {
    int rows = config.targetVocabulary();
    float[] bias = config.outputBias() ? vector("output.bias", rows) : null;
    return linear(config.outputProjection(), bias, rows, config.width(), MatrixRole.STEP);
  }

  private Embedding embedding(String stack, int vocabulary) {
    Linear tokens =
        linear(config.embeddingOf(stack), null, vocabulary, config.width(), MatrixRole.STEP);
    return new Embedding(
        tokens,
        config.embeddingScale(),
        positions(stack),
        config.embeddingNorm() ? norm(stack + ".embedding_norm") : null,
        config.width());
  }

  private @Nullable PositionTable positions(String stack) {
    if (config.positions() instanceof Positions.Sinusoidal sinusoidal) {
      return PositionTable.of(sinusoidal, config.width());
    }
    if (config.positions() instanceof Positions.Learned learned) {
      int rows = learned.count() + learned.offset();
      float[] table = vector(stack + ".positions.weight", rows, config.width());
      return PositionTable.of(learned, config.width(), table);
    }
    return null;
  }

  private List<float[]> biasTables(String stack, StackConfig sizes) {
    List<float[]> tables = new ArrayList<>();
    if (config.positions() instanceof Positions.Relative relative) {
      int count = relative.perLayer() ? sizes.layers() : 1;
      for (int i = 0; i < count; i++) {
        String name = stack + ".layers." + i + ".relative_bias.weight";
        tables.add(vector(name, relative.buckets(), sizes.heads()));
      }
    }
    return tables;
  }

  private Residual residual(String name) {
    return new Residual(config.normPlacement(), norm(name));
  }

  private Normalization norm(String name) {
    float[] weight = vector(name + ".weight", config.width());
    float[] bias = config.norm() == NormKind.RMS ? null : vector(name + ".bias", config.width());
    return new Normalization(
        config.norm(), new NormWeights(weight, bias), config.normEpsilon(), kernels);
  }

  /**
   * Returns the weights of an attention.
   *
   * @param role of queries and outputs
   * @param memory of keys and values
   */
  private AttentionWeights attention(
      String name, StackConfig stack, MatrixRole role, MatrixRole memory) {
    int inner = stack.attentionWidth();
    return new AttentionWeights(
        linear(name + ".query", inner, config.width(), role),
        linear(name + ".key", inner, config.width(), memory),
        linear(name + ".value", inner, config.width(), memory),
        linear(name + ".output", config.width(), inner, role),
        config.attentionScale());
  }

  private FeedForward feedForward(String name, StackConfig stack, MatrixRole role) {
    int inner = stack.feedForwardWidth();
    return new FeedForward(
        config.gated() ? linear(name + ".gate", inner, config.width(), role) : null,
        linear(name + ".up", inner, config.width(), role),
        linear(name + ".down", config.width(), inner, role),
        config.activation());
  }

  private Linear linear(String name, int rows, int cols, MatrixRole role) {
    float[] bias = config.biases() ? vector(name + ".bias", rows) : null;
    return linear(name + ".weight", bias, rows, cols, role);
  }

  private Linear linear(String name, float @Nullable [] bias, int rows, int cols, MatrixRole role) {
    return new Linear(matrix(name, rows, cols), bias, role, kernels, arithmetic);
  }

  private Matrix matrix(String name, int rows, int cols) {
    MatrixEntry entry = matrices.get(name);
    if (entry == null) {
      throw new BcqFormatException("matrix " + name + " is missing; the configuration needs it");
    }
    if (entry.rows() != rows || entry.cols() != cols) {
      throw new BcqFormatException(
          String.format(
              Locale.ROOT,
              "matrix %s has shape [%d, %d]; the configuration needs [%d, %d]",
              name,
              entry.rows(),
              entry.cols(),
              rows,
              cols));
    }
    return loaded.computeIfAbsent(name, key -> MatrixLoader.load(file, entry));
  }

  private float[] vector(String name, int... shape) {
    FloatTensorEntry entry = tensors.get(name);
    if (entry == null) {
      throw new BcqFormatException("tensor " + name + " is missing; the configuration needs it");
    }
    List<Integer> wanted = new ArrayList<>();
    for (int size : shape) {
      wanted.add(size);
    }
    if (!entry.shape().equals(wanted)) {
      throw new BcqFormatException(
          String.format(
              Locale.ROOT,
              "tensor %s has shape %s; the configuration needs %s",
              name,
              entry.shape(),
              wanted));
    }
    return MatrixLoader.floats(file.block(entry.values()));
  }
}
