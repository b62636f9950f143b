package dev.bcq.benchmarks.report;

import dev.bcq.benchmarks.measure.Spread;
import dev.bcq.pages.Numbers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them: three digits that count; a dash for what is absent. */
final class Figures {
  static final String ABSENT = "-";
  private static final double MEGABYTE = 1e6;

  private Figures() {}

  static String number(@Nullable Double value) {
    return value == null ? ABSENT : Numbers.threeDigits(value);
  }

  static String median(@Nullable Spread spread) {
    return spread == null ? ABSENT : number(spread.median());
  }

  /** Returns the quartiles. */
  static String quartiles(@Nullable Spread spread) {
    return spread == null ? ABSENT : number(spread.lower()) + ".." + number(spread.upper());
  }

  /** Returns megabytes of 10^6 bytes. */
  static String megabytes(@Nullable Long bytes) {
    return bytes == null ? ABSENT : number(bytes / MEGABYTE);
  }

  static String percent(@Nullable Double share) {
    return share == null ? ABSENT : String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  /** Returns BLEU with the two decimals that papers give it. */
  static String bleu(@Nullable Double score) {
    return score == null ? ABSENT : String.format(Locale.ROOT, "%.2f", score);
  }

  static String ratio(@Nullable Double ratio) {
    return ratio == null ? ABSENT : number(ratio) + "x";
  }
}
