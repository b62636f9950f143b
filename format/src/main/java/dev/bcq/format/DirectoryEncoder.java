package dev.bcq.format;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.bcq.format.generated.Block;
import dev.bcq.format.generated.Config;
import dev.bcq.format.generated.Directory;
import dev.bcq.format.generated.Generation;
import dev.bcq.format.generated.Info;
import dev.bcq.format.generated.Matrix;
import dev.bcq.format.generated.Option;
import dev.bcq.format.generated.Origin;
import dev.bcq.format.generated.RowBlock;
import dev.bcq.format.generated.Sample;
import dev.bcq.format.generated.SourceFile;
import dev.bcq.format.generated.Stack;
import dev.bcq.format.generated.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Writes a directory as a FlatBuffer. The same directory gives the same bytes. */
final class DirectoryEncoder {
  private final FlatBufferBuilder builder = new FlatBufferBuilder(1 << 16);

  private DirectoryEncoder() {
    // Otherwise an optional field that is set to zero would read as not set.
    builder.forceDefaults(true);
  }

  /** Returns the bytes of a directory, from position to limit. */
  static ByteBuffer encode(BcqDirectory directory) {
    return new DirectoryEncoder().directory(directory);
  }

  private ByteBuffer directory(BcqDirectory directory) {
    int config = config(directory.config());
    int info = info(directory.info());
    int origin = origin(directory.provenance());
    int generation = generation(null, directory.generation());
    int tasks =
        Directory.createTasksVector(
            builder,
            directory.tasks().entrySet().stream()
                .mapToInt(task -> generation(task.getKey(), task.getValue()))
                .toArray());
    int tokenizer =
        directory.tokenizer() == null
            ? 0
            : new TokenizerEncoder(builder).encode(directory.tokenizer());
    int matrices = Directory.createMatricesVector(builder, all(directory.matrices(), this::matrix));
    int tensors = Directory.createTensorsVector(builder, all(directory.tensors(), this::tensor));
    int samples = Directory.createSamplesVector(builder, all(directory.samples(), this::sample));
    Directory.startDirectory(builder);
    Directory.addConfig(builder, config);
    Directory.addInfo(builder, info);
    Directory.addOrigin(builder, origin);
    Directory.addGeneration(builder, generation);
    Directory.addTasks(builder, tasks);
    if (tokenizer != 0) {
      Directory.addTokenizer(builder, tokenizer);
    }
    Directory.addMatrices(builder, matrices);
    Directory.addTensors(builder, tensors);
    Directory.addSamples(builder, samples);
    Directory.finishDirectoryBuffer(builder, Directory.endDirectory(builder));
    return builder.dataBuffer();
  }

  private static <T> int[] all(List<T> list, ToIntFunction<T> write) {
    return list.stream().mapToInt(write).toArray();
  }

  private int config(TransformerConfig config) {
    int encoder = stack(config.encoder());
    int decoder = stack(config.decoder());
    Config.startConfig(builder);
    Config.addSourceVocabulary(builder, config.sourceVocabulary());
    Config.addTargetVocabulary(builder, config.targetVocabulary());
    Config.addWidth(builder, config.width());
    Config.addEncoder(builder, encoder);
    Config.addDecoder(builder, decoder);
    Config.addNorm(builder, Codes.of(config.norm()));
    Config.addNormPlacement(builder, Codes.of(config.normPlacement()));
    Config.addNormEpsilon(builder, config.normEpsilon());
    Config.addFinalNorm(builder, config.finalNorm());
    Config.addEmbeddingNorm(builder, config.embeddingNorm());
    Config.addActivation(builder, Codes.of(config.activation()));
    Config.addGated(builder, config.gated());
    Config.addBiases(builder, config.biases());
    positions(config.positions());
    Config.addEmbeddingScale(builder, config.embeddingScale());
    Config.addSharedEmbedding(builder, config.sharedEmbedding());
    Config.addTiedOutput(builder, config.tiedOutput());
    Config.addOutputScale(builder, config.outputScale());
    Config.addOutputBias(builder, config.outputBias());
    Config.addAttentionScale(builder, config.attentionScale());
    return Config.endConfig(builder);
  }

  private void positions(Positions positions) {
    Config.addPositions(builder, Codes.of(positions));
    if (positions instanceof Positions.Learned learned) {
      Config.addPositionCount(builder, learned.count());
      Config.addPositionFirst(builder, learned.offset());
    } else if (positions instanceof Positions.Sinusoidal sinusoidal) {
      Config.addPositionCount(builder, sinusoidal.count());
      Config.addPositionFirst(builder, sinusoidal.first());
      Config.addPositionInterleaved(builder, sinusoidal.interleaved());
      Config.addPositionHalfMinusOne(builder, sinusoidal.halfMinusOne());
    } else if (positions instanceof Positions.Relative relative) {
      Config.addRelativeBuckets(builder, relative.buckets());
      Config.addRelativeMaximumDistance(builder, relative.maximumDistance());
      Config.addRelativePerLayer(builder, relative.perLayer());
    }
  }

  private int stack(StackConfig stack) {
    return Stack.createStack(
        builder, stack.layers(), stack.heads(), stack.headWidth(), stack.feedForwardWidth());
  }

  private int info(ModelInfo info) {
    int name = builder.createString(info.name());
    int sources =
        Info.createSourceLanguagesVector(
            builder, all(info.sourceLanguages(), builder::createString));
    int targets =
        Info.createTargetLanguagesVector(
            builder, all(info.targetLanguages(), builder::createString));
    int license = builder.createString(info.license());
    int attribution = builder.createString(info.attribution());
    return Info.createInfo(builder, name, sources, targets, license, attribution);
  }

  private int origin(Provenance provenance) {
    int converter = builder.createString(provenance.converter());
    int family = builder.createString(provenance.family());
    int[] sources =
        all(
            provenance.sources(),
            source ->
                SourceFile.createSourceFile(
                    builder,
                    builder.createString(source.name()),
                    builder.createString(source.sha256())));
    int[] options =
        all(
            provenance.options(),
            option ->
                Option.createOption(
                    builder,
                    builder.createString(option.name()),
                    builder.createString(option.value())));
    int sourceVector = Origin.createSourcesVector(builder, sources);
    int optionVector = Origin.createOptionsVector(builder, options);
    return Origin.createOrigin(builder, converter, family, sourceVector, optionVector);
  }

  private int generation(@Nullable String task, GenerationSettings settings) {
    int taskName = task == null ? 0 : builder.createString(task);
    int prefix = settings.prefix() == null ? 0 : builder.createString(settings.prefix());
    int ends = integers(settings.endTokens());
    int forcedLast = integers(settings.forcedLastTokens());
    int blocked = integers(settings.blockedTokens());
    int suppressed = integers(settings.suppressedTokens());
    int beginSuppressed = integers(settings.beginSuppressedTokens());
    Generation.startGeneration(builder);
    offset(taskName, Generation::addTask);
    offset(prefix, Generation::addPrefix);
    optional(settings.beams(), Generation::addBeams);
    optional(settings.nBest(), Generation::addNBest);
    if (settings.lengthPenalty() != null) {
      Generation.addLengthPenalty(builder, settings.lengthPenalty());
    }
    if (settings.earlyStopping() != null) {
      Generation.addEarlyStopping(builder, Codes.of(settings.earlyStopping()));
    }
    if (settings.repetitionPenalty() != null) {
      Generation.addRepetitionPenalty(builder, settings.repetitionPenalty());
    }
    optional(settings.noRepeatNgram(), Generation::addNoRepeatNgram);
    optional(settings.minTokens(), Generation::addMinTokens);
    optional(settings.maxTokens(), Generation::addMaxTokens);
    optional(settings.minLength(), Generation::addMinLength);
    optional(settings.maxLength(), Generation::addMaxLength);
    if (settings.maxTokensPerSource() != null) {
      Generation.addMaxTokensPerSource(builder, settings.maxTokensPerSource());
    }
    optional(settings.startToken(), Generation::addStartToken);
    offset(ends, Generation::addEndTokens);
    optional(settings.forcedFirstToken(), Generation::addForcedFirstToken);
    offset(forcedLast, Generation::addForcedLastTokens);
    offset(blocked, Generation::addBlockedTokens);
    offset(suppressed, Generation::addSuppressedTokens);
    offset(beginSuppressed, Generation::addBeginSuppressedTokens);
    return Generation.endGeneration(builder);
  }

  interface AddField {
    void add(FlatBufferBuilder builder, int value);
  }

  private void optional(@Nullable Integer value, AddField field) {
    if (value != null) {
      field.add(builder, value);
    }
  }

  private void offset(int value, AddField field) {
    if (value != 0) {
      field.add(builder, value);
    }
  }

  private int integers(@Nullable List<Integer> list) {
    return list == null ? 0 : vector(list);
  }

  private int vector(List<Integer> list) {
    return vector(builder, list);
  }

  static int vector(FlatBufferBuilder builder, List<Integer> list) {
    return Sample.createSourceIdsVector(
        builder, list.stream().mapToInt(Integer::intValue).toArray());
  }

  private int block(DataBlock block) {
    return block(builder, block);
  }

  static int block(FlatBufferBuilder builder, DataBlock block) {
    return Block.createBlock(
        builder, block.offset(), block.length(), Integer.toUnsignedLong(block.crc32()));
  }

  private int matrix(MatrixEntry entry) {
    int name = builder.createString(entry.name());
    int rowBlocks =
        entry.storage() instanceof MatrixEntry.BitPlanes planes
            ? Matrix.createRowBlocksVector(builder, all(planes.blocks(), this::rowBlock))
            : 0;
    Matrix.startMatrix(builder);
    Matrix.addName(builder, name);
    Matrix.addRows(builder, entry.rows());
    Matrix.addCols(builder, entry.cols());
    Matrix.addStorage(builder, Codes.of(entry.storage()));
    if (entry.storage() instanceof MatrixEntry.BitPlanes planes) {
      Matrix.addGroupSize(builder, planes.groupSize());
      Matrix.addHasOffset(builder, planes.offset());
      Matrix.addScaleType(builder, Codes.of(planes.scaleType()));
      Matrix.addScaleAxis(builder, Codes.of(planes.scaleAxis()));
      Matrix.addHeads(builder, planes.heads());
      Matrix.addRowBlocks(builder, rowBlocks);
      if (planes.permutation() != null) {
        Matrix.addPermutation(builder, block(planes.permutation()));
      }
    } else if (entry.storage() instanceof MatrixEntry.Float32 dense) {
      Matrix.addValues(builder, block(dense.values()));
    } else if (entry.storage() instanceof MatrixEntry.Int8 int8) {
      Matrix.addValues(builder, block(int8.values()));
      Matrix.addScales(builder, block(int8.scales()));
    }
    Matrix.addRelativeError(builder, entry.relativeError());
    Matrix.addRecovered(builder, entry.recovered());
    return Matrix.endMatrix(builder);
  }

  private int rowBlock(MatrixEntry.RowBlock rows) {
    RowBlock.startRowBlock(builder);
    RowBlock.addRows(builder, rows.rows());
    RowBlock.addPlanes(builder, rows.planes());
    RowBlock.addBits(builder, block(rows.bits()));
    RowBlock.addScales(builder, block(rows.scales()));
    return RowBlock.endRowBlock(builder);
  }

  private int tensor(FloatTensorEntry entry) {
    int name = builder.createString(entry.name());
    int shape = vector(entry.shape());
    Tensor.startTensor(builder);
    Tensor.addName(builder, name);
    Tensor.addShape(builder, shape);
    Tensor.addValues(builder, block(entry.values()));
    return Tensor.endTensor(builder);
  }

  private int sample(GoldenSample sample) {
    return Sample.createSample(
        builder,
        builder.createString(sample.source()),
        vector(sample.sourceIds()),
        vector(sample.targetIds()),
        sample.score(),
        vector(sample.referenceIds()),
        sample.referenceScore());
  }
}
