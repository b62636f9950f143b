package dev.bcq.converter.quantize;

/** Finds scales and planes of rows, one after another. One solver serves one thread. */
interface RowSolver {

  /**
   * Solves a row.
   *
   * @param row its weights
   * @param codes receives the code of each weight
   * @param slots receives scales and, if there is one, the offset of each group
   */
  void solve(float[] row, int[] codes, float[] slots);
}
