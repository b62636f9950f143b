package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.Embeddings;
import dev.bcq.converter.checkpoint.SigmoidGelu;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.ZeroStart;
import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The transformer of a {@code TransformerSpec}, and its variables under their canonical names.
 *
 * <p>Source: {@code src/layers/transformer.cc} and {@code attention.cc} of CTranslate2.
 */
final class CTranslate2Transformer {
  /** Specifications of encoders and decoders, and the heads of those that do not say. */
  static final Map<String, Integer> HEADS =
      Map.of("", 8, "TransformerBase", 8, "TransformerBig", 16, "TransformerSpec", 8);

  /** From here on, each stack has its own flags; before, the model had them. */
  private static final int FLAGS_OF_STACKS = 5;

  /** {@code x sigmoid(1.702 x)}, which matrices take the factors of. */
  private static final int SIGMOID_GELU = 4;

  private static final Map<Integer, Activation> ACTIVATIONS =
      Map.of(
          0,
          Activation.RELU,
          1,
          Activation.GELU_TANH,
          2,
          Activation.SILU,
          3,
          Activation.GELU_ERF,
          SIGMOID_GELU,
          Activation.SILU);

  /** Variables that change nothing of what is found. */
  private static final List<String> NEUTRAL =
      List.of(
          "alignment_layer",
          "alignment_heads",
          "embeddings_merge",
          "scale_alibi",
          "alibi_use_positive_positions");

  /** Flags of what cannot be expressed. */
  private static final List<String> REFUSED =
      List.of("alibi", "multi_query_attention", "sliding_window");

  private final ModelBin model;
  private final TensorPicker picker;
  private final Scalars scalars;
  private final CTranslate2Settings settings;
  private final List<String> warnings;
  private final Map<String, TensorSource> variables;

  CTranslate2Transformer(
      ModelBin model,
      Map<String, TensorSource> variables,
      TensorPicker picker,
      CTranslate2Settings settings,
      List<String> warnings) {
    this.model = model;
    this.variables = variables;
    this.picker = picker;
    this.scalars = new Scalars(picker);
    this.settings = settings;
    this.warnings = warnings;
  }

  /** Returns whether decoders begin with an embedding of zeros. */
  boolean startsFromZero() {
    return scalars.flag("decoder/start_from_zero_embedding", false);
  }

  /** Returns the transformer; tensors are put into the picker. */
  TransformerConfig read() {
    Embeddings stored = embeddings();
    int tokens = Math.toIntExact(stored.decoder().shape().get(0));
    Embeddings embeddings = startsFromZero() ? ZeroStart.append(stored) : stored;
    int width = Math.toIntExact(stored.decoder().shape().get(1));
    CTranslate2Layers layers = new CTranslate2Layers(picker, variables.keySet(), width);
    StackConfig encoder = stack(layers, "encoder");
    StackConfig decoder = stack(layers, "decoder");
    checkFlags();

    int sourceVocabulary = Math.toIntExact(embeddings.encoder().shape().get(0));
    int targetVocabulary = Math.toIntExact(embeddings.decoder().shape().get(0));
    embeddings.pick(picker, sourceVocabulary, targetVocabulary, width);
    Positions positions = new CTranslate2Positions(picker, width, warnings).read(encoder, decoder);
    boolean embeddingNorm = either("/layernorm_embedding/gamma");
    boolean finalNorm = either("/layer_norm/gamma");
    float scale = layers.attentionScale("encoder/layer_0/self_attention", encoder);
    pick(layers, "encoder", encoder, scale, embeddingNorm, finalNorm);
    pick(layers, "decoder", decoder, scale, embeddingNorm, finalNorm);
    embeddings.pickOutput(picker, targetVocabulary, width);
    boolean outputBias = outputBias(tokens);
    Float outputScale = scalars.number("decoder/scale_outputs");
    picker.find("decoder/projection/keep_in_float32");
    return new TransformerConfig(
        sourceVocabulary,
        targetVocabulary,
        width,
        encoder,
        decoder,
        layers.norm(),
        alike("pre_norm", 1) != 0 ? NormPlacement.PRE : NormPlacement.POST,
        settings.epsilon(layers.norm() == NormKind.LAYER ? 1e-5f : 1e-6f),
        finalNorm,
        embeddingNorm,
        activation(),
        layers.gated(),
        layers.biases(),
        positions,
        embeddingScale(width),
        embeddings.shared(),
        embeddings.tiedOutput(),
        outputScale == null ? 1f : outputScale,
        outputBias,
        scale);
  }

  private void pick(
      CTranslate2Layers layers,
      String stack,
      StackConfig sizes,
      float scale,
      boolean embeddingNorm,
      boolean finalNorm) {
    if (embeddingNorm) {
      layers.norm(stack + ".embedding_norm", stack + "/layernorm_embedding");
    }
    for (int i = 0; i < sizes.layers(); i++) {
      layers.pick(stack, i, sizes, scale);
      if (alike("activation", 0) == SIGMOID_GELU) {
        SigmoidGelu.fold(picker, stack + ".layers." + i + ".feed_forward", layers.gated());
      }
    }
    if (finalNorm) {
      layers.norm(stack + ".norm", stack + "/layer_norm");
    }
  }

  private boolean either(String name) {
    return variables.containsKey("encoder" + name) || variables.containsKey("decoder" + name);
  }

  private StackConfig stack(CTranslate2Layers layers, String stack) {
    int count = 0;
    while (variables.containsKey(stack + "/layer_" + count + "/ffn/linear_0/weight")) {
      count++;
    }
    if (count == 0) {
      throw new CheckpointException(
          "%s/layer_0/ffn/linear_0/weight is missing; expected a stack of layers".formatted(stack));
    }
    Integer known = HEADS.get(model.specification());
    int heads = scalars.integer(flag(stack, "num_heads"), known == null ? 8 : known);
    if (heads < 1) {
      throw Scalars.wrong(flag(stack, "num_heads"), heads, "1 or more");
    }
    return layers.sizes(stack, count, heads);
  }

  /** Returns the name of a flag of a stack, which was the model's in early revisions. */
  private String flag(String stack, String name) {
    return model.revision() < FLAGS_OF_STACKS && !variables.containsKey(stack + "/" + name)
        ? name
        : stack + "/" + name;
  }

  /** Returns a flag that both stacks have to share. */
  private int alike(String name, int absent) {
    int encoder = scalars.integer(flag("encoder", name), absent);
    int decoder = scalars.integer(flag("decoder", name), absent);
    if (encoder != decoder) {
      throw Scalars.wrong(flag("decoder", name), decoder, encoder + ", as in the encoder");
    }
    return encoder;
  }

  private Activation activation() {
    int code = alike("activation", 0);
    Activation activation = ACTIVATIONS.get(code);
    if (activation == null) {
      throw Scalars.wrong(
          flag("encoder", "activation"), code, "0 (relu), 1, 3, 4 (gelu) or 2 (swish)");
    }
    return activation;
  }

  private void checkFlags() {
    for (String stack : List.of("encoder", "decoder")) {
      NEUTRAL.forEach(name -> scalars.number(flag(stack, name)));
      for (String name : REFUSED) {
        if (scalars.flag(stack + "/" + name, false)) {
          throw Scalars.wrong(stack + "/" + name, "on", "off: this cannot be expressed");
        }
      }
    }
    if (variables.containsKey("encoder/layer_0/self_attention/relative_position_keys")) {
      throw new CheckpointException(
          "encoder/layer_0/self_attention/relative_position_keys: relative positions as vectors"
              + " cannot be expressed; supported: tables, sinusoids, relative_attention_bias");
    }
  }

  private float embeddingScale(int width) {
    float encoder = embeddingScale("encoder", width);
    float decoder = embeddingScale("decoder", width);
    if (encoder != decoder) {
      throw Scalars.wrong("decoder/scale_embeddings", decoder, encoder + ", as in the encoder");
    }
    return encoder;
  }

  private float embeddingScale(String stack, int width) {
    String name = stack + "/scale_embeddings";
    String old = stack + "/embeddings/multiply_by_sqrt_depth";
    TensorSource stored = picker.find(name) == null ? picker.find(old) : picker.find(name);
    Float number = scalars.number(picker.find(name) == null ? old : name);
    float value = number == null ? 1f : number;
    boolean isFlag = stored == null || !stored.type().isFloat();
    return isFlag ? (value == 0 ? 1f : (float) Math.sqrt(width)) : value;
  }

  private boolean outputBias(int tokens) {
    TensorSource bias = picker.find("decoder/projection/bias");
    if (bias != null && !bias.shape().equals(List.of((long) tokens))) {
      picker.problem(
          "wrong shape: %s is %s, expected [%d]".formatted(bias.name(), bias.shape(), tokens));
    } else if (startsFromZero()) {
      List<Integer> shape = List.of(tokens + 1);
      picker.tensor("output.bias", ZeroStart.bias(bias, tokens), shape, shape);
    } else if (bias != null) {
      picker.tensor("output.bias", bias, List.of(tokens), List.of(tokens));
    }
    return bias != null || startsFromZero();
  }

  private Embeddings embeddings() {
    TensorSource first = picker.find("encoder/embeddings_0/weight");
    TensorSource encoder =
        table(first == null ? "encoder/embeddings/weight" : "encoder/embeddings_0/weight", null);
    TensorSource decoder = table("decoder/embeddings/weight", encoder);
    TensorSource output = picker.find("decoder/projection/weight");
    return new Embeddings(
        encoder, decoder, output == null ? decoder : table("decoder/projection/weight", decoder));
  }

  private TensorSource table(String name, @Nullable TensorSource other) {
    return Embeddings.table(name, picker.find(name), other);
  }
}
