package dev.bcq.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * BLEU (Papineni et al. 2002) as sacreBLEU computes it: n-grams of 1 to 4 tokens, exponential
 * smoothing, one reference.
 *
 * @param tokenizer what tokens are
 * @param lowercase whether case counts for nothing
 */
public record Bleu(BleuTokenizer tokenizer, boolean lowercase) implements TextMetric {
  /** What sacreBLEU computes without options: tokenizer 13a, mixed case. */
  public static final Bleu DEFAULT = new Bleu(BleuTokenizer.MTEVAL_13A, false);

  private static final int ORDER = 4;

  // Where a sentence's counters are.
  private static final int SYSTEM_LENGTH = 0;
  private static final int REFERENCE_LENGTH = 1;
  private static final int COUNTS = 2;
  private static final int TOTALS = COUNTS + ORDER;

  /**
   * A score and what it was computed from.
   *
   * @param bleu 0 to 100
   * @param precisions smoothed precisions of 1- to 4-grams, percent
   * @param counts n-grams of the hypotheses that the references have too
   * @param totals n-grams of the hypotheses
   * @param brevityPenalty 0 to 1
   * @param systemLength tokens of the hypotheses
   * @param referenceLength tokens of the references
   */
  public record Score(
      double bleu,
      List<Double> precisions,
      List<Long> counts,
      List<Long> totals,
      double brevityPenalty,
      long systemLength,
      long referenceLength) {}

  @Override
  public String name() {
    return "BLEU";
  }

  @Override
  public String signature() {
    return "nrefs:1|case:%s|eff:no|tok:%s|smooth:exp|version:%s"
        .formatted(lowercase ? "lc" : "mixed", tokenizer, SACREBLEU_VERSION);
  }

  @Override
  public int counters() {
    return TOTALS + ORDER;
  }

  @Override
  public double[] count(String hypothesis, String reference) {
    List<String> found = tokens(hypothesis);
    List<String> wanted = tokens(reference);
    double[] counters = new double[counters()];
    counters[SYSTEM_LENGTH] = found.size();
    counters[REFERENCE_LENGTH] = wanted.size();
    for (int n = 0; n < ORDER; n++) {
      Ngrams ngrams = Ngrams.ofTokens(found, wanted, n + 1);
      counters[COUNTS + n] = ngrams.common();
      counters[TOTALS + n] = ngrams.hypothesis();
    }
    return counters;
  }

  private List<String> tokens(String line) {
    String text = lowercase ? line.toLowerCase(Locale.ROOT) : line;
    return tokenizer.tokens(PythonText.withoutTrailingSpace(text));
  }

  @Override
  public double score(double[] sums) {
    return bleu(sums, precisions(sums), ORDER);
  }

  /** Precisions count up to the longest n-gram that the sentence has (effective order). */
  @Override
  public double sentenceScore(double[] counters) {
    int order = 0;
    while (order < ORDER && counters[TOTALS + order] > 0) {
      order++;
    }
    return bleu(counters, precisions(counters), order);
  }

  /** Returns the score of statistics that BLEU has counted, and what it was computed from. */
  public static Score details(CorpusStatistics statistics) {
    double[] sums = statistics.sums();
    return new Score(
        bleu(sums, precisions(sums), ORDER),
        Arrays.stream(precisions(sums)).boxed().toList(),
        counters(sums, COUNTS),
        counters(sums, TOTALS),
        brevityPenalty(sums),
        (long) sums[SYSTEM_LENGTH],
        (long) sums[REFERENCE_LENGTH]);
  }

  private static List<Long> counters(double[] sums, int from) {
    return Arrays.stream(sums, from, from + ORDER).mapToObj(count -> (long) count).toList();
  }

  private static double bleu(double[] sums, double[] precisions, int order) {
    double logarithms = 0;
    for (int n = 0; n < order; n++) {
      if (precisions[n] == 0) {
        return 0;
      }
      logarithms += Math.log(precisions[n]);
    }
    return order == 0 ? 0 : brevityPenalty(sums) * Math.exp(logarithms / order);
  }

  private static double brevityPenalty(double[] sums) {
    if (sums[SYSTEM_LENGTH] >= sums[REFERENCE_LENGTH]) {
      return 1;
    }
    return sums[SYSTEM_LENGTH] == 0
        ? 0
        : Math.exp(1 - sums[REFERENCE_LENGTH] / sums[SYSTEM_LENGTH]);
  }

  private static double[] precisions(double[] sums) {
    double[] precisions = new double[ORDER];
    if (sums[COUNTS] == 0) {
      return precisions;
    }
    double smoothing = 1;
    for (int n = 0; n < ORDER && sums[TOTALS + n] > 0; n++) {
      if (sums[COUNTS + n] == 0) {
        smoothing *= 2;
        precisions[n] = 100 / (smoothing * sums[TOTALS + n]);
      } else {
        precisions[n] = 100 * sums[COUNTS + n] / sums[TOTALS + n];
      }
    }
    return precisions;
  }
}
