package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.flatbuffers.FlatBufferBuilder;
import com.sun.management.ThreadMXBean;
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
import dev.bcq.format.generated.Stack;
import dev.bcq.format.generated.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a directory costs whose lists name one small thing over and over. */
class AllocationTest {
  /** As {@code FORMAT.md} says. */
  private static final long MULTIPLE = 64;

  private static final int FILLER = 1 << 16;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A list that may be long. */
  enum Repeated {
    LANGUAGES,
    OPTIONS,
    END_TOKENS,
    MATRICES,
    ROW_BLOCKS,
    TENSORS,
    SAMPLES
  }

  /** Returns a directory that has one list with a number of elements, and a long text. */
  private static ByteBuffer directory(Repeated repeated, int count) {
    FlatBufferBuilder builder = new FlatBufferBuilder(1 << 20);
    builder.forceDefaults(true);
    int empty = builder.createString("");
    int name = builder.createString("a");
    int filler = builder.createString("a".repeat(FILLER));
    int none = Info.createSourceLanguagesVector(builder, new int[0]);
    int languages = vector(builder, repeated == Repeated.LANGUAGES, count, empty);
    int info = Info.createInfo(builder, empty, languages, none, empty, filler);
    int option = Option.createOption(builder, empty, empty);
    int options = vector(builder, repeated == Repeated.OPTIONS, count, option);
    int origin = Origin.createOrigin(builder, empty, empty, none, options);
    int ends =
        Generation.createEndTokensVector(
            builder, new int[repeated == Repeated.END_TOKENS ? count : 0]);
    Generation.startGeneration(builder);
    Generation.addEndTokens(builder, ends);
    int generation = Generation.endGeneration(builder);
    int matrix = matrix(builder, name, repeated == Repeated.ROW_BLOCKS ? count : 0);
    int matrices =
        vector(
            builder,
            repeated == Repeated.MATRICES || repeated == Repeated.ROW_BLOCKS,
            repeated == Repeated.MATRICES ? count : 1,
            matrix);
    int tensors = vector(builder, repeated == Repeated.TENSORS, count, tensor(builder, name));
    int samples = vector(builder, repeated == Repeated.SAMPLES, count, sample(builder, empty));
    int config = config(builder);
    Directory.startDirectory(builder);
    Directory.addConfig(builder, config);
    Directory.addInfo(builder, info);
    Directory.addOrigin(builder, origin);
    Directory.addGeneration(builder, generation);
    Directory.addMatrices(builder, matrices);
    Directory.addTensors(builder, tensors);
    Directory.addSamples(builder, samples);
    Directory.finishDirectoryBuffer(builder, Directory.endDirectory(builder));
    ByteBuffer bytes = ByteBuffer.wrap(builder.sizedByteArray());
    return bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int vector(FlatBufferBuilder builder, boolean filled, int count, int element) {
    int[] elements = new int[filled ? count : 0];
    Arrays.fill(elements, element);
    return Directory.createMatricesVector(builder, elements);
  }

  private static int config(FlatBufferBuilder builder) {
    int stack = Stack.createStack(builder, 1, 1, 1, 1);
    Config.startConfig(builder);
    Config.addSourceVocabulary(builder, 1);
    Config.addTargetVocabulary(builder, 1);
    Config.addWidth(builder, 1);
    Config.addEncoder(builder, stack);
    Config.addDecoder(builder, stack);
    return Config.endConfig(builder);
  }

  private static int matrix(FlatBufferBuilder builder, int name, int rowBlocks) {
    RowBlock.startRowBlock(builder);
    RowBlock.addRows(builder, 16);
    RowBlock.addPlanes(builder, 1);
    RowBlock.addBits(builder, Block.createBlock(builder, 0, 64, 0));
    RowBlock.addScales(builder, Block.createBlock(builder, 64, 32, 0));
    int block = RowBlock.endRowBlock(builder);
    int blocks = vector(builder, true, Math.max(1, rowBlocks), block);
    Matrix.startMatrix(builder);
    Matrix.addName(builder, name);
    Matrix.addRows(builder, 16);
    Matrix.addCols(builder, 1);
    Matrix.addHeads(builder, 1);
    Matrix.addRowBlocks(builder, blocks);
    return Matrix.endMatrix(builder);
  }

  private static int tensor(FlatBufferBuilder builder, int name) {
    int shape = Tensor.createShapeVector(builder, new long[] {1});
    Tensor.startTensor(builder);
    Tensor.addName(builder, name);
    Tensor.addShape(builder, shape);
    Tensor.addValues(builder, Block.createBlock(builder, 0, 4, 0));
    return Tensor.endTensor(builder);
  }

  private static int sample(FlatBufferBuilder builder, int source) {
    Sample.startSample(builder);
    Sample.addSource(builder, source);
    return Sample.endSample(builder);
  }

  /** Returns whether a directory is read, or refused for its values alone. */
  private static boolean isRead(ByteBuffer bytes) {
    try {
      DirectoryStructure.check(bytes);
    } catch (BcqFormatException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("costs more than"), e.getMessage());
      return false;
    }
    try {
      DirectoryDecoder.decode(bytes);
    } catch (BcqFormatException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("rows of all blocks"), e.getMessage());
    }
    return true;
  }

  private static int most(Repeated repeated) {
    int count = 1;
    for (int step = 1 << 15; step > 0; step /= 2) {
      if (isRead(directory(repeated, count + step))) {
        count += step;
      }
    }
    return count;
  }

  @ParameterizedTest
  @EnumSource
  void aListAsLongAsIsAllowedCostsAMultipleOfTheDirectory(Repeated repeated) {
    ByteBuffer bytes = directory(repeated, most(repeated));
    long before = THREADS.getCurrentThreadAllocatedBytes();
    isRead(bytes);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated <= MULTIPLE * bytes.remaining(),
        () -> allocated + " bytes for " + bytes.remaining());
  }
}
