package dev.bcq.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Something that was said of low-bit translation, beside what was found.
 *
 * @param words what is measured
 * @param found the figure
 * @param wanted the figure that was claimed
 * @param unit behind both figures
 * @param holds whether it holds
 */
public record Claim(String words, double found, double wanted, String unit, boolean holds) {

  /** Returns a claim that holds from a figure on. */
  public static Claim atLeast(String words, double found, double wanted) {
    return new Claim(words, found, wanted, "x", found >= wanted);
  }

  /** Returns a claim of megabytes that holds below a figure. */
  public static Claim below(String words, double megabytes, double wanted) {
    return new Claim(words, megabytes, wanted, " MB", megabytes < wanted);
  }

  /** Returns the line that says whether it holds. */
  String sentence() {
    return String.format(
        Locale.ROOT,
        "%-5s  %s: %s%s (claim: %s%s)",
        holds ? "holds" : "FAILS",
        words,
        Figures.number(found),
        unit,
        (unit.equals("x") ? "at least " : "less than ") + Figures.number(wanted),
        unit);
  }

  static List<String> sentences(List<Claim> claims) {
    List<String> sentences = new ArrayList<>();
    claims.forEach(claim -> sentences.add(claim.sentence()));
    return sentences;
  }
}
