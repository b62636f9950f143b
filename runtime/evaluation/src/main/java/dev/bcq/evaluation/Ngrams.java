package dev.bcq.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * N-grams that a hypothesis and a reference have.
 *
 * @param hypothesis how many the hypothesis has
 * @param reference how many the reference has
 * @param common how many both have, each as often as in the one with fewer of it
 */
record Ngrams(long hypothesis, long reference, long common) {

  /** Counts the runs of {@code n} tokens. */
  static Ngrams ofTokens(List<String> hypothesis, List<String> reference, int n) {
    return compare(counts(hypothesis, n), counts(reference, n));
  }

  /** Counts the runs of {@code n} code points. */
  static Ngrams ofCharacters(int[] hypothesis, int[] reference, int n) {
    return compare(counts(hypothesis, n), counts(reference, n));
  }

  private static Map<List<String>, Integer> counts(List<String> tokens, int n) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (int i = 0; i + n <= tokens.size(); i++) {
      counts.merge(tokens.subList(i, i + n), 1, Integer::sum);
    }
    return counts;
  }

  private static Map<String, Integer> counts(int[] codePoints, int n) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i + n <= codePoints.length; i++) {
      counts.merge(new String(codePoints, i, n), 1, Integer::sum);
    }
    return counts;
  }

  private static <T> Ngrams compare(Map<T, Integer> hypothesis, Map<T, Integer> reference) {
    long common = 0;
    for (Map.Entry<T, Integer> ngram : hypothesis.entrySet()) {
      common += Math.min(ngram.getValue(), reference.getOrDefault(ngram.getKey(), 0));
    }
    return new Ngrams(total(hypothesis), total(reference), common);
  }

  private static long total(Map<?, Integer> counts) {
    return counts.values().stream().mapToLong(Integer::longValue).sum();
  }
}
