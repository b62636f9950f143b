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
 * @param source what messages call it: its file
 * @param groupSize columns that share scales, 0 = the whole row
 * @param offset whether each group has an offset
 * @param divisions by canonical names, in the order of the model
 */
public record Plan(
    String source, int groupSize, boolean offset, Map<String, RowDivision> divisions) {

  /** Creates a plan that is in no file. */
  public Plan(int groupSize, boolean offset, Map<String, RowDivision> divisions) {
    this("the plan", groupSize, offset, divisions);
  }

  /**
   * Returns the divisions for matrices of known sizes.
   *
   * @param rows rows of each matrix of the model, by canonical names
   * @throws QuantizationException if a matrix is missing, or unknown, or rows are not each listed
   *     once
   */
  public Map<String, RowDivision> fitted(Map<String, Integer> rows) {
    for (String name : divisions.keySet()) {
      if (!rows.containsKey(name)) {
        throw wrong(
            name,
            "is no matrix of the model",
            "names like \"" + rows.keySet().iterator().next() + '"');
      }
    }
    Map<String, RowDivision> fitted = new LinkedHashMap<>();
    rows.forEach((name, count) -> fitted.put(name, fitted(name, count)));
    return fitted;
  }

  private RowDivision fitted(String name, int rows) {
    RowDivision division = divisions.get(name);
    if (division == null) {
      throw wrong(name, "is missing", "the planes of each matrix of the model");
    }
    if (division.order() == null) {
      return RowDivision.whole(division.parts().get(0).planes(), rows);
    }
    String eachOnce = "each of 0 to " + (rows - 1) + " once";
    BitSet seen = new BitSet();
    for (int row : division.order()) {
      if (row >= rows || seen.get(row)) {
        throw wrong(name, "has row " + row + (row >= rows ? "" : " twice"), eachOnce);
      }
      seen.set(row);
    }
    for (RowDivision.Part part : division.parts().subList(0, division.parts().size() - 1)) {
      if (part.rows() % BitPlaneLayout.TILE_ROWS != 0) {
        throw wrong(
            name,
            "has a part of " + part.rows() + " rows",
            "a multiple of " + BitPlaneLayout.TILE_ROWS + " in all parts but the last");
      }
    }
    if (seen.cardinality() < rows) {
      throw wrong(name, "lacks row " + seen.nextClearBit(0), eachOnce);
    }
    return division;
  }

  private QuantizationException wrong(String matrix, String found, String expected) {
    return new QuantizationException(
        source + ": \"" + matrix + "\" " + found + "; expected " + expected);
  }
}
