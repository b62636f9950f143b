package dev.bcq.benchmarks;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.model.DecoderSession;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One step of the cached decoder: what it costs early and late in a sentence. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 3,
    jvmArgs = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 3)
@SuppressWarnings("NullAway.Init")
public class DecoderStepBenchmark {
  private static final int STEPS = 8;
  private static final int SOURCE_TOKENS = 24;

  /** Model file. */
  @Param("models/en-de.bcq")
  public String model;

  /** Provider. */
  @Param({"scalar", "vector", "c-ffm", "c-jni"})
  public String kernels;

  /** Arithmetic. */
  @Param({"FAST", "EXACT", "POPCOUNT"})
  public Arithmetic arithmetic;

  /** Columns of a step. */
  @Param({"1", "4"})
  public int beams;

  /** Position behind the measured steps. */
  @Param({"16", "256"})
  public int position;

  private Transformer transformer;
  private EncodedSource source;
  private DecoderSession decoder;
  private DecoderState state;
  private List<DecoderState> states;
  private int[] tokens;
  private int[] parents;
  private Random random;

  /** Opens the model and encodes a source. */
  @Setup
  public void open() {
    transformer =
        ModelLoader.load(
            BcqFile.open(Path.of(model)),
            KernelRegistry.load().choose(kernels).create(),
            arithmetic);
    int[] ids = new int[SOURCE_TOKENS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (i * 7919 + 13) % transformer.config().sourceVocabulary();
    }
    source = transformer.encode(ids);
    decoder = transformer.decoder(beams);
    tokens = new int[beams];
    parents = new int[beams];
  }

  /** Decodes up to the measured steps. */
  @Setup(Level.Invocation)
  public void begin() {
    random = new Random(1);
    state = transformer.begin(source, beams, position);
    states = List.of(state);
    for (int i = 0; i < position - STEPS; i++) {
      step(i);
    }
  }

  /** Returns the logits of the last of eight steps. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public float[] steps() {
    float[] logits = {};
    for (int i = position - STEPS; i < position; i++) {
      logits = step(i);
    }
    return logits;
  }

  // As in a search, some hypotheses have several successors and others none: pasts soon meet.
  private float[] step(int number) {
    for (int beam = 0; beam < beams; beam++) {
      tokens[beam] = (number * 31 + beam * 17) % transformer.config().targetVocabulary();
      parents[beam] = number == 0 ? 0 : random.nextInt(beams);
    }
    state.next(tokens, parents, beams);
    return decoder.step(states).values();
  }
}
