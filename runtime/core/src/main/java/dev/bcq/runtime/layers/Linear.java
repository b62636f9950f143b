package dev.bcq.runtime.layers;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.MatrixRole;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.InputScaledMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A linear map {@code y = W x + b}. Immutable. */
public final class Linear {
  private final Matrix weight;
  private final @Nullable Activations bias;
  private final Kernels kernels;

  /** What each block of bit-planes is multiplied by, or the whole matrix. */
  private final InputForm[] forms;

  private final int tiles;
  private final long bytes;
  private final int[] cycles;

  private final boolean inPlace;

  /** The signs of each head, where scales belong to inputs. */
  private final List<Linear> heads;

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
    this.bias = bias == null ? null : new Activations(bias, 0, 0);
    this.kernels = kernels;
    this.forms = forms(weight, role, arithmetic);
    this.tiles =
        weight instanceof BcqMatrix matrix
            ? matrix.blocks().stream().mapToInt(BitPlaneBlock::tiles).sum()
            : weight.tiles();
    this.bytes = weight.byteCount();
    this.cycles =
        weight instanceof BcqMatrix matrix && matrix.storedRows() != null
            ? cycles(matrix.storedRows())
            : new int[0];
    this.inPlace = cycles.length == 0 && !(weight instanceof InputScaledMatrix);
    this.heads =
        weight instanceof InputScaledMatrix matrix
            ? matrix.heads().stream()
                .map(signs -> new Linear(signs, null, role, kernels, arithmetic))
                .collect(Collectors.toList())
            : List.of();
  }

  private static InputForm[] forms(Matrix weight, MatrixRole role, Arithmetic arithmetic) {
    if (weight instanceof BcqMatrix matrix) {
      return matrix.blocks().stream()
          .map(block -> arithmetic.bitPlaneForm(role, block.planes()))
          .toArray(InputForm[]::new);
    }
    return new InputForm[] {
      weight instanceof Int8Matrix ? arithmetic.int8Form() : InputForm.FLOATS
    };
  }

  /** Returns the number of outputs. */
  public int rows() {
    return weight.rows();
  }

  /** Returns the number of inputs. */
  public int cols() {
    return weight.cols();
  }

  /** Returns whether the inputs are rounded before they are multiplied. */
  boolean rounds() {
    if (!heads.isEmpty()) {
      return heads.stream().allMatch(Linear::rounds);
    }
    return Arrays.stream(forms)
        .noneMatch(form -> form == InputForm.FLOATS || form == InputForm.FLOAT_TABLES);
  }

  /** Writes one row of the matrix as floats into a column, as an embedding lookup does. */
  public void readRow(int row, Activations into, int column) {
    if (weight instanceof BcqMatrix matrix) {
      BitPlaneBlock block = matrix.blockOf(row);
      kernels.readRow(block, matrix.storedRow(row) - block.firstRow(), into, column);
    } else {
      weight.readRow(row, into.values(), into.at(column));
    }
  }

  /**
   * Returns the signs of each head where scales belong to inputs: maps of inputs that {@link
   * #scale} has scaled, the last of which is multiplied first. Otherwise there are none.
   */
  List<Linear> heads() {
    return heads;
  }

  /** Scales an input for the outputs of a head. */
  void scale(PreparedInput x, int head, PreparedInput scaled) {
    scaled.load(x, (InputScaledMatrix) weight, head);
  }

  /** Returns whether outputs are where they belong once their tile is multiplied. */
  boolean inPlace() {
    return inPlace;
  }

  /** Returns the number of row tiles, those of all blocks together. */
  int tiles() {
    return tiles;
  }

  /** Returns the bytes of the weights. */
  long bytes() {
    return bytes;
  }

  /** Returns the chunks of the groups whose sums the weights' offsets need, 0 for none. */
  int groupChunks() {
    if (weight instanceof BcqMatrix matrix && matrix.blocks().get(0).hasOffset()) {
      return matrix.blocks().get(0).groupChunks();
    }
    return 0;
  }

  /** Prepares an input in the forms that the weights are multiplied by. */
  void prepare(PreparedInput x) {
    for (InputForm form : forms) {
      x.require(form, kernels);
    }
    if (weight instanceof BcqMatrix matrix) {
      List<BitPlaneBlock> blocks = matrix.blocks();
      for (int i = 0; i < blocks.size(); i++) {
        if (blocks.get(i).hasOffset()) {
          x.requireGroupSums(blocks.get(i).groupChunks());
        }
      }
    }
  }

  /**
   * Multiplies all columns of a prepared input by some of the tiles, and adds the bias where it
   * can; {@link #finish} follows when all are done.
   *
   * @param x [columns][cols]
   * @param y receives [columns][rows], rows in the order in which they are stored
   */
  void multiply(PreparedInput x, Activations y, int tileFrom, int tileTo) {
    if (weight instanceof BcqMatrix matrix) {
      int first = 0;
      for (int i = 0; i < matrix.blocks().size(); i++) {
        BitPlaneBlock block = matrix.blocks().get(i);
        int from = Math.max(tileFrom - first, 0);
        int to = Math.min(tileTo - first, block.tiles());
        if (from < to) {
          kernels.multiply(block, forms[i], from, to, x, y);
        }
        first += block.tiles();
      }
    } else if (weight instanceof FloatMatrix matrix) {
      kernels.multiply(matrix, tileFrom, tileTo, x, y);
    } else if (weight instanceof Int8Matrix matrix) {
      kernels.multiply(matrix, forms[0], tileFrom, tileTo, x, y);
    }
    if (bias != null && inPlace) {
      int end = Math.min(tileTo * BitPlaneLayout.TILE_ROWS, rows());
      kernels.add(bias, y, x.columns(), tileFrom * BitPlaneLayout.TILE_ROWS, end);
    }
  }

  /** Does what has to wait for all tiles: puts rows in their order, then adds the bias. */
  void finish(int columns, Activations y) {
    if (inPlace) {
      return;
    }
    if (weight instanceof BcqMatrix matrix && matrix.storedRows() != null) {
      for (int column = 0; column < columns; column++) {
        reorder(y.values(), y.at(column), matrix.storedRows());
      }
    }
    if (bias != null) {
      kernels.add(bias, y, columns, 0, rows());
    }
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
