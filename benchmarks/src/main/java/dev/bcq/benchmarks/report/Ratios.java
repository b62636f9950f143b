package dev.bcq.benchmarks.report;

import dev.bcq.benchmarks.measure.Combination;
import dev.bcq.benchmarks.measure.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result against that of a float32 model of the same shape, run in the same way in the same run.
 *
 * @param result the result
 * @param baseline that of the float32 model
 */
public record Ratios(Result result, Result baseline) {

  /** Returns the ratios of all results that have a baseline. */
  public static List<Ratios> of(List<Result> results) {
    List<Ratios> all = new ArrayList<>();
    for (Result result : results) {
      for (Result baseline : results) {
        if (baseline.combination().model().isFloat32()
            && !result.combination().model().isFloat32()
            && alike(result.combination(), baseline.combination())) {
          all.add(new Ratios(result, baseline));
          break;
        }
      }
    }
    return all;
  }

  private static boolean alike(Combination one, Combination other) {
    return one.kernels().equals(other.kernels())
        && one.arithmetic() == other.arithmetic()
        && one.threads() == other.threads()
        && one.beam() == other.beam()
        && one.model()
            .file()
            .directory()
            .config()
            .equals(other.model().file().directory().config());
  }

  /** Returns how many times smaller the file is. */
  public double file() {
    return (double) baseline.fileBytes() / result.fileBytes();
  }

  /** Returns how many times less memory model, activations and cache need. */
  public double memory() {
    return (double) baseline.workingBytes() / result.workingBytes();
  }

  /** Returns how many times less memory a process needs, or null. */
  public @Nullable Double process() {
    return result.memory() == null || baseline.memory() == null
        ? null
        : (double) baseline.memory().peak() / result.memory().peak();
  }

  /** Returns how many times faster the decoder is. */
  public double decoder() {
    return result.decoderTokensPerSecond().median() / baseline.decoderTokensPerSecond().median();
  }

  /** Returns how many times faster the encoder is. */
  public double encoder() {
    return baseline.encoderMilliseconds().median() / result.encoderMilliseconds().median();
  }

  /** Returns how many times faster a sentence is translated. */
  public double endToEnd() {
    return baseline.latencyMilliseconds().median() / result.latencyMilliseconds().median();
  }
}
