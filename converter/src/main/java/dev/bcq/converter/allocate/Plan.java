package dev.bcq.converter.allocate;

import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.format.BitPlaneLayout;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The planes of matrices.
 *
 * @param groupSize columns that share scales, 0 = the whole row
 * @param offset whether each group has an offset
 * @param divisions by canonical names, in the order of the model
 */
public record Plan(int groupSize, boolean offset, Map<String, RowDivision> divisions) {

  /**
   * Returns the divisions for matrices of known sizes.
   *
   * @param rows rows of each matrix of the model, by canonical names
   * @throws QuantizationException if a matrix is missing, or unknown, or rows are not each listed
   *     once
   */
  public Map<String, RowDivision> fitted(Map<String, Integer> rows) {
    Map<String, RowDivision> fitted = new LinkedHashMap<>();
    rows.forEach((name, count) -> fitted.put(name, fitted(name, count)));
    for (String name : divisions.keySet()) {
      if (!rows.containsKey(name)) {
        throw new QuantizationException(
            "the plan has a matrix %s, which the model has not; expected names like %s"
                .formatted(name, rows.keySet().iterator().next()));
      }
    }
    return fitted;
  }

  private RowDivision fitted(String name, int rows) {
    RowDivision division = divisions.get(name);
    if (division == null) {
      throw new QuantizationException(
          "the plan lacks the model's matrix " + name + "; expected its number of planes");
    }
    if (division.order() == null) {
      return RowDivision.whole(division.parts().get(0).planes(), rows);
    }
    BitSet seen = new BitSet();
    for (int row : division.order()) {
      if (row >= rows || seen.get(row)) {
        throw new QuantizationException(
            "the plan lists row %d of %s %s; expected each of 0 to %d once"
                .formatted(row, name, row >= rows ? "which has no such row" : "twice", rows - 1));
      }
      seen.set(row);
    }
    for (RowDivision.Part part : division.parts().subList(0, division.parts().size() - 1)) {
      if (part.rows() % BitPlaneLayout.TILE_ROWS != 0) {
        throw new QuantizationException(
            "the plan has a part of %d rows of %s; expected a multiple of %d in all parts but the last"
                .formatted(part.rows(), name, BitPlaneLayout.TILE_ROWS));
      }
    }
    if (seen.cardinality() < rows) {
      throw new QuantizationException(
          "the plan lacks row %d of %s; expected each of 0 to %d once"
              .formatted(seen.nextClearBit(0), name, rows - 1));
    }
    return division;
  }
}
