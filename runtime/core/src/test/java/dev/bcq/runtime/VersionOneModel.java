package dev.bcq.runtime;

import dev.bcq.format.Activation;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqWriter;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.GoldenSample;
import dev.bcq.format.ModelInfo;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.Provenance;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TokenizerEntry;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.Translation.TargetText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes a small translating model that has everything a file of version 1 can hold. A file of its
 * making is kept for ever; see the README beside {@code version-1.bcq}.
 */
public final class VersionOneModel {
  /** What its samples translate. */
  static final List<String> SOURCES =
      List.of(">>de<< Hello  World", "the B\u00e4r <name> in here", "one more");

  private static final int WIDTH = 40;
  private static final int INNER = 72;
  private static final int LAYERS = 1;
  private static final long SEED = 42;

  private final BcqWriter writer;
  private final VersionOneMatrices matrices;
  private final List<FloatTensorEntry> tensors = new ArrayList<>();

  private VersionOneModel(BcqWriter writer) {
    this.writer = writer;
    this.matrices = new VersionOneMatrices(writer, SEED);
  }

  /**
   * Writes the model.
   *
   * @param args the file, which must not exist
   */
  public static void main(String[] args) {
    write(Path.of(args[0]));
  }

  static BcqFile write(Path file) {
    try (BcqWriter writer = BcqWriter.create(file, false)) {
      VersionOneModel model = new VersionOneModel(writer);
      model.addWeights();
      TokenizerEntry tokenizer = writer.addTokenizer(VersionOneTokenizer.model());
      List<GoldenSample> samples = samples(writer.draft(model.directory(tokenizer, List.of())));
      writer.commit(model.directory(tokenizer, samples));
    }
    return BcqFile.open(file);
  }

  private static List<GoldenSample> samples(BcqFile draft) {
    List<GoldenSample> samples = new ArrayList<>();
    try (Translator translator = Translator.of(draft, GoldenSamples.OPTIONS)) {
      for (String source : SOURCES) {
        int[] ids = translator.sourceIds(source, TranslationOptions.DEFAULT);
        TargetText found = GoldenSamples.translate(translator, ids);
        List<Integer> sourceIds = Arrays.stream(ids).boxed().toList();
        samples.add(
            new GoldenSample(source, sourceIds, found.ids(), found.score(), List.of(1, 0), -2.5f));
      }
    }
    return samples;
  }

  private BcqDirectory directory(TokenizerEntry tokenizer, List<GoldenSample> samples) {
    int vocabulary = VersionOneTokenizer.VOCABULARY.size();
    int pad = vocabulary - 1;
    StackConfig stack = new StackConfig(LAYERS, 2, 24, INNER);
    TransformerConfig config =
        new TransformerConfig(
            vocabulary,
            vocabulary,
            WIDTH,
            stack,
            stack,
            NormKind.LAYER,
            NormPlacement.POST,
            1e-5f,
            false,
            true,
            Activation.SILU,
            true,
            true,
            new Positions.Sinusoidal(64, false, 0, true),
            2f,
            true,
            true,
            0.75f,
            true,
            0.25f);
    return new BcqDirectory(
        config,
        new ModelInfo("version 1", List.of("en"), List.of("de", "fr"), "Apache-2.0", "random"),
        new Provenance(
            "bcq 0.1.0",
            "marian",
            List.of(new Provenance.SourceFile("none", "0".repeat(64))),
            List.of(new Provenance.Option("bits", "2"))),
        GenerationSettings.builder()
            .startToken(pad)
            .endTokens(List.of(0))
            .blockedTokens(List.of(pad))
            .lengthPenalty(0.5f)
            .noRepeatNgram(2)
            .repetitionPenalty(1.25f)
            .build(),
        Map.of("short", GenerationSettings.builder().prefix("the ").maxTokens(3).build()),
        tokenizer,
        matrices.entries(),
        tensors,
        samples);
  }

  private void addWeights() {
    matrices.addEmbedding("embedding.weight", VersionOneTokenizer.VOCABULARY.size(), WIDTH);
    for (String stack : List.of("encoder", "decoder")) {
      norm(stack + ".embedding_norm");
      for (int i = 0; i < LAYERS; i++) {
        String layer = stack + ".layers." + i + ".";
        attention(layer + "self_attention");
        if (stack.equals("decoder")) {
          attention(layer + "cross_attention");
        }
        linear(layer + "feed_forward.gate", INNER, WIDTH);
        linear(layer + "feed_forward.up", INNER, WIDTH);
        linear(layer + "feed_forward.down", WIDTH, INNER);
        norm(layer + "feed_forward_norm");
      }
    }
    tensor("output.bias", VersionOneTokenizer.VOCABULARY.size(), 0);
    // The model does without these two: dense sums have a tolerance, and the version that wrote
    // the released file could not multiply by column scales.
    matrices.addFloats("extra.floats.weight", 3, 5);
    matrices.addColumnScales("extra.column_scales.weight", 18, 33, 3);
  }

  private void attention(String name) {
    int inner = 48;
    linear(name + ".query", inner, WIDTH);
    linear(name + ".key", inner, WIDTH);
    linear(name + ".value", inner, WIDTH);
    linear(name + ".output", WIDTH, inner);
    norm(name + "_norm");
  }

  private void linear(String name, int rows, int cols) {
    matrices.add(name + ".weight", rows, cols);
    tensor(name + ".bias", rows, 0);
  }

  private void norm(String name) {
    tensor(name + ".weight", WIDTH, 1);
    tensor(name + ".bias", WIDTH, 0);
  }

  private void tensor(String name, int count, float center) {
    ByteBuffer values = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      values.putFloat(center + 0.2f * matrices.gaussian());
    }
    tensors.add(new FloatTensorEntry(name, List.of(count), writer.addBlock(values.flip())));
  }
}
