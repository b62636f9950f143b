package dev.bcq.converter.checkpoint.marian;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.Embeddings;
import dev.bcq.converter.checkpoint.SigmoidGelu;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.ZeroStart;
import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The transformer of a Marian model, and its arrays under their canonical names.
 *
 * <p>Source: {@code src/models/transformer.h} of marian-dev.
 */
final class MarianTransformer {
  private static final String ACTIVATION = "transformer-ffn-activation";

  /** Options of what can be computed in one way alone: the first value is Marian's default. */
  private static final Map<String, String[]> ONLY =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("type", new String[] {"transformer"}),
              Map.entry("transformer-decoder-autoreg", new String[] {"self-attention"}),
              Map.entry("transformer-no-projection", new String[] {"false"}),
              Map.entry("transformer-no-bias", new String[] {"false"}),
              Map.entry("transformer-no-affine", new String[] {"false"}),
              Map.entry("transformer-pool", new String[] {"false"}),
              Map.entry("transformer-disable-position-embeddings", new String[] {"false"}),
              Map.entry("transformer-attention-mask", new String[] {"default", ""}),
              Map.entry("transformer-tied-layers", new String[] {""}),
              Map.entry("transformer-ffn-depth", new String[] {"2"}),
              Map.entry("transformer-decoder-ffn-depth", new String[] {"0", "2"}),
              Map.entry("input-types", new String[] {"", "sequence"}),
              Map.entry("lemma-dim-emb", new String[] {"0"}),
              Map.entry("lemma-dependency", new String[] {""}),
              Map.entry("factors-dim-emb", new String[] {"0"}),
              Map.entry("right-left", new String[] {"false"}),
              Map.entry("special-vocab", new String[] {""}),
              Map.entry("ulr", new String[] {"false"})));

  /** Options of training and of other types of models. */
  private static final Set<String> NEUTRAL =
      Set.of(
          "bert-class-symbol",
          "bert-mask-symbol",
          "bert-masking-fraction",
          "bert-sep-symbol",
          "bert-train-type-embeddings",
          "bert-type-vocab-size",
          "dec-cell",
          "dec-cell-base-depth",
          "dec-cell-high-depth",
          "dim-rnn",
          "enc-cell",
          "enc-cell-depth",
          "enc-type",
          "factors-combine",
          "layer-normalization",
          "max-length",
          "original-type",
          "output-omit-bias",
          "skip",
          "transformer-aan-activation",
          "transformer-aan-depth",
          "transformer-aan-nogate",
          "transformer-alibi-shift",
          "transformer-alibi-trainable",
          "transformer-depth-scaling",
          "transformer-dim-aan",
          "transformer-guided-alignment-layer",
          "transformer-rnn-projection",
          "ulr-dim-emb",
          "ulr-trainable-transformation",
          "version",
          "vocabs");

  private static final String TRAINED = "transformer-train-position-embeddings";

  private final MarianSettings settings;
  private final TensorPicker picker;
  private final MarianConventions conventions;

  MarianTransformer(MarianSettings settings, TensorPicker picker, MarianConventions conventions) {
    this.settings = settings;
    this.picker = picker;
    this.conventions = conventions;
  }

  /** Returns the transformer; tensors are put into the picker. */
  TransformerConfig read() {
    ONLY.forEach(settings::only);
    settings.ignore(NEUTRAL);
    Embeddings stored = embeddings();
    int tokens = Math.toIntExact(stored.decoder().shape().get(0));
    int width = Math.toIntExact(stored.decoder().shape().get(1));
    checkSizes(stored, width);
    Embeddings embeddings = ZeroStart.append(stored);
    MarianNorms norms = MarianNorms.of(settings);
    StackConfig encoder = stack("encoder", "enc-depth", width);
    StackConfig decoder = stack("decoder", "dec-depth", width);

    int sourceVocabulary = Math.toIntExact(embeddings.encoder().shape().get(0));
    int targetVocabulary = Math.toIntExact(embeddings.decoder().shape().get(0));
    embeddings.pick(picker, sourceVocabulary, targetVocabulary, width);
    Positions positions = positions(width);
    MarianLayers layers = new MarianLayers(picker, norms, width);
    layers.pick("encoder", encoder);
    layers.pick("decoder", decoder);
    foldActivation("encoder", encoder);
    foldActivation("decoder", decoder);
    embeddings.pickOutput(picker, targetVocabulary, width);
    outputBias(tokens);
    return new TransformerConfig(
        sourceVocabulary,
        targetVocabulary,
        width,
        encoder,
        decoder,
        NormKind.LAYER,
        norms.placement(),
        conventions.epsilon(),
        norms.top(),
        norms.embedding(),
        activation(),
        false,
        true,
        positions,
        // Where positions are trained, embeddings are not scaled.
        settings.flag(TRAINED) ? 1f : (float) Math.sqrt(width),
        embeddings.shared(),
        embeddings.tiedOutput(),
        1f,
        true,
        (float) (1 / Math.sqrt(encoder.headWidth())));
  }

  private Activation activation() {
    return switch (settings.text(ACTIVATION, "swish")) {
      case "relu" -> Activation.RELU;
      case "swish" -> Activation.SILU;
      case "gelu" -> conventions.sigmoidGelu() ? Activation.SILU : Activation.GELU_ERF;
      default -> throw settings.wrong(ACTIVATION, "relu, swish, gelu");
    };
  }

  private void foldActivation(String stack, StackConfig sizes) {
    boolean folds = conventions.sigmoidGelu() && settings.text(ACTIVATION, "swish").equals("gelu");
    for (int i = 0; folds && i < sizes.layers(); i++) {
      SigmoidGelu.fold(picker, stack + ".layers." + i + ".feed_forward", false);
    }
  }

  private StackConfig stack(String stack, String depth, int width) {
    int layers = 0;
    while (picker.find("%s_l%d_ffn_W1".formatted(stack, layers + 1)) != null) {
      layers++;
    }
    if (settings.size(depth, 1) != layers) {
      throw settings.wrong(depth, "%d, as there are %s_lN_ffn_W1".formatted(layers, stack));
    }
    int heads = settings.size("transformer-heads", 8);
    if (width % heads != 0) {
      throw settings.wrong("transformer-heads", "a divisor of the width, " + width);
    }
    int inner = settings.size("transformer-dim-ffn", 2048);
    int own = settings.integer("transformer-decoder-dim-ffn", 0);
    return new StackConfig(
        layers, heads, width / heads, stack.equals("decoder") && own > 0 ? own : inner);
  }

  private Positions positions(int width) {
    if (!settings.flag(TRAINED)) {
      if (width % 2 != 0 || width < 4) {
        throw settings.wrong("dim-emb", "an even width from 4, for sinusoidal positions");
      }
      return new Positions.Sinusoidal(0, false, 0, conventions.halfMinusOne());
    }
    TensorSource table = picker.find("Wpos");
    if (table == null || table.shape().size() != 2 || table.shape().get(1) != width) {
      throw new CheckpointException(
          "Wpos %s; expected [positions, %d], as %s is true"
              .formatted(
                  table == null ? "is missing" : "has the shape " + table.shape(), width, TRAINED));
    }
    int count = Math.toIntExact(table.shape().get(0));
    for (String stack : List.of("encoder", "decoder")) {
      picker.tensor(
          stack + ".positions.weight", table, List.of(count, width), List.of(count, width));
    }
    return new Positions.Learned(count, 0);
  }

  private void checkSizes(Embeddings embeddings, int width) {
    if (settings.size("dim-emb", width) != width) {
      throw settings.wrong("dim-emb", width + ", as wide as the embeddings are");
    }
    List<String> expected =
        List.of(
            embeddings.encoder().shape().get(0).toString(),
            embeddings.decoder().shape().get(0).toString());
    List<String> stored = settings.texts("dim-vocabs");
    if (!stored.isEmpty() && !stored.equals(expected)) {
      throw settings.wrong("dim-vocabs", expected + ", the rows of the embeddings");
    }
  }

  private Embeddings embeddings() {
    TensorSource shared = picker.find("Wemb");
    TensorSource source = picker.find("encoder_Wemb");
    TensorSource target = picker.find("decoder_Wemb");
    TensorSource encoder = Embeddings.table("encoder_Wemb", source == null ? shared : source, null);
    TensorSource decoder =
        Embeddings.table("decoder_Wemb", target == null ? shared : target, encoder);
    TensorSource turned = picker.find("decoder_ff_logit_out_Wt");
    TensorSource plain = picker.find("decoder_ff_logit_out_W");
    if (turned == null && plain != null && plain.shape().size() == 2) {
      turned = plain.transposed();
    }
    boolean tied = settings.flag("tied-embeddings") || settings.flag("tied-embeddings-all");
    settings.flag("tied-embeddings-src");
    if (turned == null && !tied) {
      picker.problem("missing: decoder_ff_logit_out_Wt, as no embedding is tied to the output");
    } else if (turned != null && tied) {
      picker.problem(
          turned.name() + " is there, but an embedding is said to be tied to the output");
    }
    return new Embeddings(
        encoder,
        decoder,
        turned == null ? decoder : Embeddings.table(turned.name(), turned, decoder));
  }

  private void outputBias(int tokens) {
    String name = "decoder_ff_logit_out_b";
    TensorSource bias = picker.find(name);
    if (bias == null && !settings.flag("output-omit-bias")) {
      picker.problem("missing: %s [1, %d]".formatted(name, tokens));
    } else if (bias != null && !bias.shape().equals(List.of(1L, (long) tokens))) {
      picker.problem(
          "wrong shape: %s is %s, expected [1, %d]".formatted(name, bias.shape(), tokens));
    } else {
      List<Integer> shape = List.of(tokens + 1);
      picker.tensor("output.bias", ZeroStart.bias(bias, tokens), shape, shape);
    }
  }
}
