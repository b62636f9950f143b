package dev.bcq.converter.checkpoint;

import dev.bcq.format.Positions;
import dev.bcq.runtime.ops.Sinusoids;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Position tables that hold sinusoids, which a formula says in fewer bytes. */
public final class SinusoidTables {
  /** Positions of the first token: tables of fairseq begin with 2, those of OpenNMT with 1. */
  private static final int MOST_FIRST = 2;

  private SinusoidTables() {}

  /**
   * Returns the formula of a table, or null if it holds something else.
   *
   * @param table [tokens, width]
   */
  public static Positions.@Nullable Sinusoidal formula(TensorSource table) {
    int count = Math.toIntExact(table.shape().get(0));
    int width = Math.toIntExact(table.shape().get(1));
    if (width % 2 != 0 || width < 4) {
      return null;
    }
    for (Positions.Sinusoidal formula : formulas(count)) {
      if (matches(table.rows(table.name(), 0, Math.min(1, count)), formula)
          && matches(table, formula)) {
        return formula;
      }
    }
    return null;
  }

  private static List<Positions.Sinusoidal> formulas(int count) {
    List<Positions.Sinusoidal> formulas = new ArrayList<>();
    for (int first = 0; first <= MOST_FIRST; first++) {
      for (boolean halfMinusOne : new boolean[] {false, true}) {
        for (boolean interleaved : new boolean[] {false, true}) {
          formulas.add(new Positions.Sinusoidal(count, interleaved, first, halfMinusOne));
        }
      }
    }
    return formulas;
  }

  /**
   * Returns whether a table follows a formula, as far as its number type can tell.
   *
   * @param table [tokens, width]
   */
  public static boolean matches(TensorSource table, Positions.Sinusoidal formula) {
    int count = Math.toIntExact(table.shape().get(0));
    int width = Math.toIntExact(table.shape().get(1));
    float[] found = table.readAll();
    float[] expected = Sinusoids.table(formula, width, count);
    float tolerance =
        switch (table.type()) {
          case F16 -> 1e-3f;
          case BF16 -> 4e-3f;
          default -> 1e-5f;
        };
    for (int i = 0; i < found.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= tolerance)) {
        return false;
      }
    }
    return true;
  }
}
