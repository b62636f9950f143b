package dev.bcq.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.benchmarks.measure.Spread;
import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void threeDigitsCount() {
    assertEquals("0.12", Figures.number(0.1234));
    assertEquals("9.99", Figures.number(9.994));
    assertEquals("10.0", Figures.number(9.996));
    assertEquals("99.9", Figures.number(99.94));
    assertEquals("100", Figures.number(99.96));
    assertEquals("12,346", Figures.number(12345.6));
  }

  @Test
  void whatIsAbsentIsADash() {
    assertEquals("-", Figures.number(null));
    assertEquals("-", Figures.median(null));
    assertEquals("-", Figures.quartiles(null));
    assertEquals("-", Figures.megabytes(null));
    assertEquals("-", Figures.percent(null));
    assertEquals("-", Figures.ratio(null));
    assertEquals("-", Figures.bleu(null));
  }

  @Test
  void unitsAreTold() {
    assertEquals("2.00..4.00", Figures.quartiles(Spread.of(1, 2, 3, 4, 5)));
    assertEquals("1.50", Figures.megabytes(1_500_000L));
    assertEquals("25 %", Figures.percent(0.25));
    assertEquals("11.8x", Figures.ratio(11.8));
  }

  @Test
  void bleuHasTwoDecimals() {
    assertEquals("44.61", Figures.bleu(44.6149));
    assertEquals("9.50", Figures.bleu(9.5));
  }
}
