package dev.bcq.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * chrF (Popović 2015) and chrF++ (Popović 2017) as sacreBLEU computes them: the F-score, recall
 * weighing four times as much as precision, of n-grams of 1 to 6 characters without white space and
 * of 1 to {@code wordOrder} words; one reference.
 *
 * @param wordOrder 0 for chrF2, 2 for chrF2++
 * @param lowercase whether case counts for nothing
 */
public record Chrf(int wordOrder, boolean lowercase) implements TextMetric {
  /** What sacreBLEU computes without options: chrF2, mixed case. */
  public static final Chrf DEFAULT = new Chrf(0, false);

  private static final int CHARACTER_ORDER = 6;

  /** beta squared, where beta is 2. */
  private static final int RECALL_WEIGHT = 4;

  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

  // Where an order's counters are.
  private static final int HYPOTHESIS = 0;
  private static final int REFERENCE = 1;
  private static final int COMMON = 2;
  private static final int EACH = 3;

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Chrf {
    if (wordOrder < 0) {
      throw new IllegalArgumentException("wordOrder is " + wordOrder + "; expected 0 or more");
    }
  }

  @Override
  public String name() {
    return "chrF2" + "+".repeat(wordOrder);
  }

  @Override
  public String signature() {
    return "nrefs:1|case:%s|eff:yes|nc:%d|nw:%d|space:no|version:%s"
        .formatted(lowercase ? "lc" : "mixed", CHARACTER_ORDER, wordOrder, SACREBLEU_VERSION);
  }

  @Override
  public int counters() {
    return EACH * (CHARACTER_ORDER + wordOrder);
  }

  @Override
  public double[] count(String hypothesis, String reference) {
    String found = lowercase ? hypothesis.toLowerCase(Locale.ROOT) : hypothesis;
    String wanted = lowercase ? reference.toLowerCase(Locale.ROOT) : reference;
    double[] counters = new double[counters()];
    int[] foundCharacters = PythonText.withoutSpace(found).codePoints().toArray();
    int[] wantedCharacters = PythonText.withoutSpace(wanted).codePoints().toArray();
    for (int n = 0; n < CHARACTER_ORDER; n++) {
      put(Ngrams.ofCharacters(foundCharacters, wantedCharacters, n + 1), counters, n);
    }
    if (wordOrder > 0) {
      List<String> foundWords = words(found);
      List<String> wantedWords = words(wanted);
      for (int n = 0; n < wordOrder; n++) {
        put(Ngrams.ofTokens(foundWords, wantedWords, n + 1), counters, CHARACTER_ORDER + n);
      }
    }
    return counters;
  }

  private static void put(Ngrams ngrams, double[] counters, int order) {
    int at = EACH * order;
    // What the reference is too short for does not count against the hypothesis.
    counters[at + HYPOTHESIS] = ngrams.reference() == 0 ? 0 : ngrams.hypothesis();
    counters[at + REFERENCE] = ngrams.reference();
    counters[at + COMMON] = ngrams.common();
  }

  /**
   * Splits at white space, and one mark of punctuation off the end of a word, or else its start.
   */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : PythonText.split(text)) {
      int last = word.length() - 1;
      if (last > 0 && PUNCTUATION.indexOf(word.charAt(last)) >= 0) {
        words.add(word.substring(0, last));
        words.add(word.substring(last));
      } else if (last > 0 && PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
        words.add(word.substring(0, 1));
        words.add(word.substring(1));
      } else {
        words.add(word);
      }
    }
    return words;
  }

  /** Orders that hypotheses or references are too short for do not count (effective order). */
  @Override
  public double score(double[] sums) {
    double precision = 0;
    double recall = 0;
    int orders = 0;
    for (int at = 0; at < sums.length; at += EACH) {
      if (sums[at + HYPOTHESIS] > 0 && sums[at + REFERENCE] > 0) {
        precision += sums[at + COMMON] / sums[at + HYPOTHESIS];
        recall += sums[at + COMMON] / sums[at + REFERENCE];
        orders++;
      }
    }
    if (precision + recall == 0) {
      return 0;
    }
    precision /= orders;
    recall /= orders;
    return 100 * (1 + RECALL_WEIGHT) * precision * recall / (RECALL_WEIGHT * precision + recall);
  }
}
