package dev.bcq.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * BLEU (Papineni et al. 2002) as sacreBLEU computes it: tokenizer 13a, exponential smoothing, one
 * reference.
 */
public final class Bleu {
  /** What sacreBLEU calls this metric. */
  public static final String SIGNATURE = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp";

  private static final int ORDER = 4;

  private final long[] counts = new long[ORDER];
  private final long[] totals = new long[ORDER];
  private final boolean lowercase;
  private long systemLength;
  private long referenceLength;

  private Bleu(boolean lowercase) {
    this.lowercase = lowercase;
  }

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

  /** Returns the score of a corpus. */
  public static Score corpus(List<String> hypotheses, List<String> references) {
    return corpus(hypotheses, references, false);
  }

  /**
   * Returns the score of a corpus.
   *
   * @param lowercase whether case counts for nothing
   * @throws IllegalArgumentException if the numbers of lines differ
   */
  public static Score corpus(List<String> hypotheses, List<String> references, boolean lowercase) {
    checkLengths(hypotheses, references);
    Bleu bleu = new Bleu(lowercase);
    for (int i = 0; i < hypotheses.size(); i++) {
      bleu.add(hypotheses.get(i), references.get(i));
    }
    return bleu.score(ORDER);
  }

  /**
   * Returns the score of one sentence; precisions count up to the longest n-gram it has (effective
   * order).
   */
  public static Score sentence(String hypothesis, String reference) {
    Bleu bleu = new Bleu(false);
    bleu.add(hypothesis, reference);
    int order = 0;
    while (order < ORDER && bleu.totals[order] > 0) {
      order++;
    }
    return bleu.score(order);
  }

  private static void checkLengths(List<String> hypotheses, List<String> references) {
    if (hypotheses.size() != references.size()) {
      throw new IllegalArgumentException(
          hypotheses.size() + " hypotheses for " + references.size() + " references");
    }
  }

  private void add(String hypothesis, String reference) {
    List<String> found = tokens(hypothesis);
    List<String> wanted = tokens(reference);
    systemLength += found.size();
    referenceLength += wanted.size();
    for (int n = 1; n <= ORDER; n++) {
      Map<List<String>, Integer> available = ngrams(wanted, n);
      for (Map.Entry<List<String>, Integer> ngram : ngrams(found, n).entrySet()) {
        totals[n - 1] += ngram.getValue();
        counts[n - 1] += Math.min(ngram.getValue(), available.getOrDefault(ngram.getKey(), 0));
      }
    }
  }

  private List<String> tokens(String line) {
    return Tokenizer13a.tokens(lowercase ? line.toLowerCase(Locale.ROOT) : line);
  }

  private static Map<List<String>, Integer> ngrams(List<String> tokens, int n) {
    Map<List<String>, Integer> result = new HashMap<>();
    for (int i = 0; i + n <= tokens.size(); i++) {
      result.merge(tokens.subList(i, i + n), 1, Integer::sum);
    }
    return result;
  }

  private Score score(int order) {
    double[] precisions = new double[ORDER];
    double smoothing = 1;
    double logarithms = 0;
    boolean zero = order == 0 || counts[0] == 0;
    for (int n = 0; n < ORDER && totals[n] > 0; n++) {
      if (counts[n] == 0) {
        smoothing *= 2;
        precisions[n] = 100.0 / (smoothing * totals[n]);
      } else {
        precisions[n] = 100.0 * counts[n] / totals[n];
      }
    }
    for (int n = 0; n < order; n++) {
      zero |= precisions[n] == 0;
      logarithms += Math.log(precisions[n]);
    }
    double penalty =
        systemLength == 0
            ? 0
            : systemLength < referenceLength
                ? Math.exp(1 - (double) referenceLength / systemLength)
                : 1;
    double bleu = zero ? 0 : penalty * Math.exp(logarithms / order);
    return new Score(
        bleu,
        List.of(precisions[0], precisions[1], precisions[2], precisions[3]),
        List.of(counts[0], counts[1], counts[2], counts[3]),
        List.of(totals[0], totals[1], totals[2], totals[3]),
        penalty,
        systemLength,
        referenceLength);
  }
}
