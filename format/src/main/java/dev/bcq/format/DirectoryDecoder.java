package dev.bcq.format;

import static dev.bcq.format.Checks.finite;
import static dev.bcq.format.Checks.present;
import static dev.bcq.format.Checks.range;
import static dev.bcq.format.Checks.require;
import static dev.bcq.format.Checks.size;
import static dev.bcq.format.Checks.text;

import dev.bcq.format.generated.Block;
import dev.bcq.format.generated.Config;
import dev.bcq.format.generated.Directory;
import dev.bcq.format.generated.Generation;
import dev.bcq.format.generated.Info;
import dev.bcq.format.generated.Origin;
import dev.bcq.format.generated.Sample;
import dev.bcq.format.generated.Stack;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads a directory whose structure has been checked, and checks its values. */
final class DirectoryDecoder {
  private static final int MAX_LAYERS = 1024;

  private DirectoryDecoder() {}

  /**
   * Returns the directory.
   *
   * @param bytes little-endian, the directory from position 0; {@link DirectoryStructure} has
   *     accepted it
   */
  static BcqDirectory decode(ByteBuffer bytes) {
    Directory directory = Directory.getRootAsDirectory(bytes);
    TransformerConfig config = config(present(directory.config(), "config"));
    Map<String, GenerationSettings> tasks = new LinkedHashMap<>();
    for (int i = 0; i < directory.tasksLength(); i++) {
      Generation task = directory.tasks(i);
      String name = text(task.taskAsByteBuffer(), "task " + i);
      GenerationSettings former = tasks.put(name, generation(task, config, "task " + i));
      require(former == null, "name of task " + i, "that of another", "one of its own");
    }
    return new BcqDirectory(
        config,
        info(present(directory.info(), "info")),
        provenance(present(directory.origin(), "origin")),
        generation(present(directory.generation(), "generation"), config, "generation"),
        Collections.unmodifiableMap(tasks),
        directory.tokenizer() == null
            ? null
            : TokenizerDecoder.decode(directory.tokenizer(), config),
        list(directory.matricesLength(), i -> TensorDecoder.matrix(directory.matrices(i), i)),
        list(directory.tensorsLength(), i -> TensorDecoder.tensor(directory.tensors(i), i)),
        list(directory.samplesLength(), i -> sample(directory.samples(i), config, i)));
  }

  static <T> List<T> list(int length, IntFunction<T> element) {
    if (length == 0) {
      return List.of();
    }
    List<T> list = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      list.add(element.apply(i));
    }
    return Collections.unmodifiableList(list);
  }

  static DataBlock block(@Nullable Block block, String field) {
    Block found = present(block, field);
    return new DataBlock(found.offset(), found.length(), (int) found.crc32());
  }

  private static TransformerConfig config(Config config) {
    int source = size(config.sourceVocabulary(), "config", "source vocabulary");
    int target = size(config.targetVocabulary(), "config", "target vocabulary");
    require(
        !config.sharedEmbedding() || source == target,
        "target vocabulary",
        target,
        source + ", the source vocabulary, as they share one embedding");
    StackConfig encoder = stack(present(config.encoder(), "encoder"), "encoder");
    StackConfig decoder = stack(present(config.decoder(), "decoder"), "decoder");
    return new TransformerConfig(
        source,
        target,
        size(config.width(), "config", "width"),
        encoder,
        decoder,
        Codes.value(Codes.NORMS, config.norm(), "config", "norm"),
        Codes.value(Codes.PLACEMENTS, config.normPlacement(), "config", "norm placement"),
        finite(config.normEpsilon(), "config", "norm epsilon"),
        config.finalNorm(),
        config.embeddingNorm(),
        Codes.value(Codes.ACTIVATIONS, config.activation(), "config", "activation"),
        config.gated(),
        config.biases(),
        positions(config),
        finite(config.embeddingScale(), "config", "embedding scale"),
        config.sharedEmbedding(),
        config.tiedOutput(),
        finite(config.outputScale(), "config", "output scale"),
        config.outputBias(),
        finite(config.attentionScale(), "config", "attention scale"));
  }

  private static StackConfig stack(Stack stack, String name) {
    int heads = size(stack.heads(), name, "heads");
    int headWidth = size(stack.headWidth(), name, "head width");
    size((long) heads * headWidth, name, "attention width");
    return new StackConfig(
        range(stack.layers(), 1, MAX_LAYERS, name, "layers"),
        heads,
        headWidth,
        size(stack.feedForwardWidth(), name, "feed-forward width"));
  }

  private static Positions positions(Config config) {
    return switch (config.positions()) {
      case Codes.NO_POSITIONS -> new Positions.None();
      case Codes.LEARNED ->
          new Positions.Learned(
              size(config.positionCount(), "config", "positions"),
              range(config.positionFirst(), 0, 1024, "config", "position offset"));
      case Codes.SINUSOIDAL ->
          new Positions.Sinusoidal(
              range(config.positionCount(), 0, Checks.MAX_SIZE, "config", "positions"),
              config.positionInterleaved(),
              range(config.positionFirst(), 0, 1024, "config", "first position"),
              config.positionHalfMinusOne());
      case Codes.RELATIVE ->
          new Positions.Relative(
              range(config.relativeBuckets(), 4, 1 << 16, "config", "relative buckets"),
              range(
                  config.relativeMaximumDistance(),
                  (int) config.relativeBuckets(),
                  Checks.MAX_SIZE,
                  "config",
                  "relative maximum distance"),
              config.relativePerLayer());
      default ->
          throw new BcqFormatException(
              "positions is " + config.positions() + "; this version knows 0 to 3");
    };
  }

  private static ModelInfo info(Info info) {
    return new ModelInfo(
        text(info.nameAsByteBuffer(), "name"),
        list(info.sourceLanguagesLength(), info::sourceLanguages),
        list(info.targetLanguagesLength(), info::targetLanguages),
        text(info.licenseAsByteBuffer(), "license"),
        text(info.attributionAsByteBuffer(), "attribution"));
  }

  private static Provenance provenance(Origin origin) {
    return new Provenance(
        text(origin.converterAsByteBuffer(), "converter"),
        text(origin.familyAsByteBuffer(), "family"),
        list(
            origin.sourcesLength(),
            i ->
                new Provenance.SourceFile(
                    text(origin.sources(i).nameAsByteBuffer(), "source file " + i),
                    text(origin.sources(i).sha256AsByteBuffer(), "SHA-256 of file " + i))),
        list(
            origin.optionsLength(),
            i ->
                new Provenance.Option(
                    text(origin.options(i).nameAsByteBuffer(), "option " + i),
                    text(origin.options(i).valueAsByteBuffer(), "value of option " + i))));
  }

  private static GenerationSettings generation(
      Generation found, TransformerConfig config, String name) {
    int tokens = config.targetVocabulary();
    ByteBuffer prefix = found.prefixAsByteBuffer();
    return GenerationSettings.builder()
        .prefix(prefix == null ? null : text(prefix, name))
        .beams(found.hasBeams() ? size(found.beams(), name, "beams") : null)
        .nBest(found.hasNBest() ? size(found.nBest(), name, "n-best") : null)
        .lengthPenalty(
            found.hasLengthPenalty() ? finite(found.lengthPenalty(), name, "length penalty") : null)
        .earlyStopping(
            found.hasEarlyStopping()
                ? Codes.value(Codes.EARLY_STOPPING, found.earlyStopping(), name, "early stopping")
                : null)
        .repetitionPenalty(
            found.hasRepetitionPenalty()
                ? finite(found.repetitionPenalty(), name, "repetition penalty")
                : null)
        .noRepeatNgram(found.hasNoRepeatNgram() ? natural(found.noRepeatNgram(), name) : null)
        .minTokens(found.hasMinTokens() ? natural(found.minTokens(), name) : null)
        .maxTokens(found.hasMaxTokens() ? natural(found.maxTokens(), name) : null)
        .minLength(found.hasMinLength() ? natural(found.minLength(), name) : null)
        .maxLength(found.hasMaxLength() ? natural(found.maxLength(), name) : null)
        .maxTokensPerSource(
            found.hasMaxTokensPerSource() ? perSource(found.maxTokensPerSource(), name) : null)
        .startToken(found.hasStartToken() ? token(found.startToken(), tokens, name) : null)
        .endTokens(tokens(found.endTokensLength(), found::endTokens, tokens, name))
        .forcedFirstToken(
            found.hasForcedFirstToken() ? token(found.forcedFirstToken(), tokens, name) : null)
        .forcedLastTokens(
            tokens(found.forcedLastTokensLength(), found::forcedLastTokens, tokens, name))
        .blockedTokens(tokens(found.blockedTokensLength(), found::blockedTokens, tokens, name))
        .suppressedTokens(
            tokens(found.suppressedTokensLength(), found::suppressedTokens, tokens, name))
        .beginSuppressedTokens(
            tokens(found.beginSuppressedTokensLength(), found::beginSuppressedTokens, tokens, name))
        .build();
  }

  private static int natural(int value, String name) {
    return range(value, 0, Checks.MAX_SIZE, name, "number");
  }

  private static double perSource(double value, String name) {
    if (!(value >= 0 && value <= Checks.MAX_SIZE)) {
      throw new BcqFormatException(
          name + " has " + value + " tokens per source token; expected 0 to " + Checks.MAX_SIZE);
    }
    return value;
  }

  private static int token(int value, int tokens, String name) {
    return range(value, 0, tokens - 1, name, "token");
  }

  private static @Nullable List<Integer> tokens(
      int length, IntUnaryOperator element, int tokens, String name) {
    return length == 0 ? null : ids(length, element, tokens, name);
  }

  private static List<Integer> ids(int length, IntUnaryOperator element, int tokens, String name) {
    return list(length, i -> token(element.applyAsInt(i), tokens, name));
  }

  private static GoldenSample sample(Sample sample, TransformerConfig config, int number) {
    String name = "sample " + number;
    int targets = config.targetVocabulary();
    return new GoldenSample(
        text(sample.sourceAsByteBuffer(), name),
        ids(sample.sourceIdsLength(), sample::sourceIds, config.sourceVocabulary(), name),
        ids(sample.targetIdsLength(), sample::targetIds, targets, name),
        finite(sample.score(), name, "score"),
        ids(sample.referenceIdsLength(), sample::referenceIds, targets, name),
        finite(sample.referenceScore(), name, "reference score"));
  }
}
