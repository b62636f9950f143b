package dev.bcq.benchmarks;

import dev.bcq.benchmarks.measure.Workload;
import dev.bcq.benchmarks.report.Claim;
import dev.bcq.benchmarks.report.Ratios;
import dev.bcq.benchmarks.synthetic.ModelShape;
import dev.bcq.benchmarks.synthetic.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A comparison with float32 that others have made, and what they found. */
enum Preset {
  /**
   * Chung and Kim 2020, "Extremely Low Bit Transformer Quantization for On-Device Neural Machine
   * Translation": Transformer base at 2.6 bits on average.
   */
  CHUNG_KIM("transformer-base", "2.6", 64, 64, null) {
    @Override
    List<Integer> beams() {
      return List.of(1, 4);
    }

    @Override
    List<Claim> claims(Ratios ratios, String beam) {
      return List.of(
          Claim.atLeast("file smaller" + beam, ratios.file(), 11.8),
          Claim.atLeast("memory of model, activations and cache less" + beam, ratios.memory(), 8.3),
          Claim.atLeast("translation faster" + beam, ratios.endToEnd(), 10));
    }
  },

  /** A summary: T5 small, a long source, trigrams that do not occur twice. */
  T5_SUMMARY("t5-small", "3", 400, 120, 3) {
    @Override
    List<Integer> beams() {
      return List.of(4);
    }

    @Override
    List<Claim> claims(Ratios ratios, String beam) {
      return List.of(
          Claim.below("file" + beam, ratios.result().fileBytes() / 1e6, 24),
          Claim.atLeast("end to end faster" + beam, ratios.endToEnd(), 10));
    }
  };

  private final String shape;
  private final String bits;
  private final int sourceTokens;
  private final int targetTokens;
  private final @Nullable Integer noRepeatNgram;

  Preset(
      String shape,
      String bits,
      int sourceTokens,
      int targetTokens,
      @Nullable Integer noRepeatNgram) {
    this.shape = shape;
    this.bits = bits;
    this.sourceTokens = sourceTokens;
    this.targetTokens = targetTokens;
    this.noRepeatNgram = noRepeatNgram;
  }

  ModelShape shape() {
    return ModelShape.named(shape);
  }

  /** Returns the precisions that are compared, float32 first. */
  List<Precision> precisions() {
    return List.of(new Precision.Float32(), Precision.parse(bits));
  }

  abstract List<Integer> beams();

  Workload workload() {
    return new Workload(List.of(), sourceTokens, targetTokens, noRepeatNgram);
  }

  /** Returns what was claimed, beside what was found. */
  List<Claim> claims(List<Ratios> all) {
    List<Claim> claims = new ArrayList<>();
    for (Ratios ratios : all) {
      claims.addAll(claims(ratios, ", beam " + ratios.result().combination().beam()));
    }
    return claims;
  }

  abstract List<Claim> claims(Ratios ratios, String beam);

  /** Returns the word that users type. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
