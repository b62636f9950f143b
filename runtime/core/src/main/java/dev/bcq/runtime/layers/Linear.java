package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.MatrixRole;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A linear map {@code y = W x + b}. Immutable. */
public final class Linear {
  private final Matrix weight;
  private final float @Nullable [] bias;
  private final MatrixRole role;
  private final Kernels kernels;
  private final Arithmetic arithmetic;
  private final int[] cycles;

  /**
   * Creates a linear map.
   *
   * @param weight [rows, cols]
   * @param bias [rows], or null for none
   * @param role when it is applied
   */
  public Linear(
      Matrix weight,
      float @Nullable [] bias,
      MatrixRole role,
      Kernels kernels,
      Arithmetic arithmetic) {
    this.weight = weight;
    this.bias = bias;
    this.role = role;
    this.kernels = kernels;
    this.arithmetic = arithmetic;
    this.cycles =
        weight instanceof BcqMatrix matrix && matrix.storedRows() != null
            ? cycles(matrix.storedRows())
            : new int[0];
  }

  /** Returns the number of outputs. */
  public int rows() {
    return weight.rows();
  }

  /** Writes one row of the matrix as floats, as an embedding lookup does. */
  public void readRow(int row, float[] into, int offset) {
    if (weight instanceof BcqMatrix matrix) {
      BitPlaneBlock block = matrix.blockOf(row);
      kernels.readRow(block, matrix.storedRow(row) - block.firstRow(), into, offset);
    } else {
      weight.readRow(row, into, offset);
    }
  }

  /**
   * Multiplies all columns of a prepared input.
   *
   * @param x [columns][cols]
   * @param y receives [columns][rows]
   */
  public void apply(PreparedInput x, Activations y) {
    if (weight instanceof BcqMatrix matrix) {
      multiply(matrix, x, y);
    } else if (weight instanceof FloatMatrix matrix) {
      x.require(InputForm.FLOATS, kernels);
      kernels.multiply(matrix, 0, matrix.tiles(), x, y);
    } else if (weight instanceof Int8Matrix matrix) {
      multiply(matrix, x, y);
    }
    if (bias != null) {
      for (int column = 0; column < x.columns(); column++) {
        int at = y.at(column);
        for (int row = 0; row < bias.length; row++) {
          y.values()[at + row] += bias[row];
        }
      }
    }
  }

  private void multiply(BcqMatrix matrix, PreparedInput x, Activations y) {
    List<BitPlaneBlock> blocks = matrix.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      BitPlaneBlock block = blocks.get(i);
      InputForm form = arithmetic.bitPlaneForm(role, block.planes());
      x.require(form, kernels);
      if (block.hasOffset()) {
        x.requireGroupSums(block.groupChunks());
      }
      kernels.multiply(block, form, 0, block.tiles(), x, y);
    }
    int[] storedRows = matrix.storedRows();
    if (storedRows != null) {
      for (int column = 0; column < x.columns(); column++) {
        reorder(y.values(), y.at(column), storedRows);
      }
    }
  }

  private void multiply(Int8Matrix matrix, PreparedInput x, Activations y) {
    InputForm form = arithmetic.int8Form();
    x.require(form, kernels);
    kernels.multiply(matrix, form, 0, matrix.tiles(), x, y);
  }

  // Follows the permutation's cycles, so that no second array of logits is needed.
  private void reorder(float[] y, int at, int[] storedRows) {
    for (int first : cycles) {
      float saved = y[at + first];
      int row = first;
      while (storedRows[row] != first) {
        y[at + row] = y[at + storedRows[row]];
        row = storedRows[row];
      }
      y[at + row] = saved;
    }
  }

  private static int[] cycles(int[] storedRows) {
    boolean[] seen = new boolean[storedRows.length];
    List<Integer> firsts = new ArrayList<>();
    for (int first = 0; first < storedRows.length; first++) {
      if (!seen[first] && storedRows[first] != first) {
        firsts.add(first);
        for (int row = first; !seen[row]; row = storedRows[row]) {
          seen[row] = true;
        }
      }
    }
    return firsts.stream().mapToInt(Integer::intValue).toArray();
  }
}
