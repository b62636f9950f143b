package dev.bcq.kernels.c;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;
import dev.bcq.runtime.tensor.RowNumbers;
import dev.bcq.runtime.tensor.Views.Viewer;

/**
 * The pointers through which C reaches the arrays of an object, made once for each. Arrays whose
 * sizes never change are held to what their object says of them here; all others by each call.
 */
final class MemoryViews<P> {
  private static final int MOST_PLANES = BitPlaneLayout.MAX_PLANES;

  private final Memory<P> memory;
  private final Viewer<Activations, Whole<P>> activations;
  private final Viewer<RowNumbers, Whole<P>> rowNumbers;
  private final Viewer<FloatMatrix, Whole<P>> floatMatrices = this::view;
  private final Viewer<Int8Matrix, Scaled<P>> int8Matrices = this::view;
  private final Viewer<BitPlaneBlock, Scaled<P>> blocks = this::view;
  private final Viewer<Int8KeyValues, Scaled<P>> keyValues = this::view;
  private final Viewer<NormWeights, Norm<P>> norms = this::view;
  private final Viewer<PreparedInput, Input<P>> inputs = this::view;

  /** One array. */
  record Whole<P>(P pointer) {}

  /** Weights, or keys and values, and their scales. */
  record Scaled<P>(P weights, P scales) {}

  /** Weights of a normalization; where there is no bias, any pointer stands for it. */
  record Norm<P>(P weight, P bias) {}

  /** The buffers of an input. */
  record Input<P>(
      P floats,
      P floatTables,
      P byteTables,
      P tableScales,
      P bytes,
      P byteScales,
      P byteSums,
      P bitSlices,
      P sliceScales,
      P chunkSums,
      P groupSums) {}

  MemoryViews(Memory<P> memory) {
    this.memory = memory;
    this.activations = x -> new Whole<>(memory.of(x.values()));
    this.rowNumbers = x -> new Whole<>(memory.of(x.values()));
  }

  P of(Activations x) {
    return x.views().get(activations).pointer();
  }

  P of(RowNumbers rows) {
    return rows.views().get(rowNumbers).pointer();
  }

  P of(FloatMatrix w) {
    return w.views().get(floatMatrices).pointer();
  }

  Scaled<P> of(Int8Matrix w) {
    return w.views().get(int8Matrices);
  }

  Scaled<P> of(BitPlaneBlock w) {
    return w.views().get(blocks);
  }

  Scaled<P> of(Int8KeyValues keyValues) {
    return keyValues.views().get(this.keyValues);
  }

  Norm<P> of(NormWeights weights) {
    return weights.views().get(norms);
  }

  Input<P> of(PreparedInput x) {
    return x.views().get(inputs);
  }

  private Whole<P> view(FloatMatrix w) {
    requireShape(w.rows(), w.cols());
    require("bytes of weights", w.bytes().limit(), (long) w.rows() * w.cols() * Float.BYTES);
    return new Whole<>(memory.of(w.bytes()));
  }

  private Scaled<P> view(Int8Matrix w) {
    requireShape(w.rows(), w.cols());
    require(
        "bytes of weights", w.values().limit(), Int8TileLayout.valuesLength(w.rows(), w.cols()));
    require("scales", w.scales().length, w.rows());
    return new Scaled<>(memory.of(w.values()), memory.of(w.scales()));
  }

  private Scaled<P> view(BitPlaneBlock w) {
    requireShape(w.rows(), w.cols());
    if (w.planes() < 1 || w.planes() > MOST_PLANES || w.groupChunks() < 1) {
      throw new IllegalArgumentException(
          "found "
              + w.planes()
              + " planes and groups of "
              + w.groupChunks()
              + " chunks; expected 1"
              + " to "
              + MOST_PLANES
              + " planes and groups of at least one chunk");
    }
    long bits = BitPlaneLayout.bitsLength(w.rows(), w.cols(), w.planes());
    require("bytes of planes", w.bits().limit(), bits);
    long slots = (long) w.tiles() * w.groups() * w.slots();
    require("scales", w.scales().length, slots * BitPlaneLayout.TILE_ROWS);
    return new Scaled<>(memory.of(w.bits()), memory.of(w.scales()));
  }

  private Scaled<P> view(Int8KeyValues rows) {
    int heads = rows.heads();
    int headWidth = rows.headWidth();
    int capacity = rows.capacity();
    if (heads < 1 || headWidth < 1 || capacity < 0 || capacity % BitPlaneLayout.CHUNK_COLS != 0) {
      throw new IllegalArgumentException(
          "keys and values have "
              + heads
              + " heads of "
              + headWidth
              + " and room for "
              + capacity
              + " rows; expected one head of one value at least, and a multiple of 32 rows");
    }
    require(
        "bytes of keys and values",
        rows.tiles().length,
        Int8KeyValues.tilesLength(heads, headWidth, capacity));
    require(
        "scales of keys and values",
        rows.scales().length,
        Int8KeyValues.scalesLength(heads, capacity));
    return new Scaled<>(memory.of(rows.tiles()), memory.of(rows.scales()));
  }

  private Norm<P> view(NormWeights weights) {
    float[] bias = weights.bias();
    P weight = memory.of(weights.weight());
    if (bias == null) {
      return new Norm<>(weight, weight);
    }
    require("biases", bias.length, weights.width());
    return new Norm<>(weight, memory.of(bias));
  }

  private Input<P> view(PreparedInput x) {
    return new Input<>(
        memory.of(x.floats()),
        memory.of(x.floatTables()),
        memory.of(x.byteTables()),
        memory.of(x.tableScales()),
        memory.of(x.bytes()),
        memory.of(x.byteScales()),
        memory.of(x.byteSums()),
        memory.of(x.bitSlices()),
        memory.of(x.sliceScales()),
        memory.of(x.chunkSums()),
        memory.of(x.groupSums()));
  }

  private static void requireShape(int rows, int cols) {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(
          "a matrix has shape ["
              + rows
              + ", "
              + cols
              + "]; expected at least one row and one column");
    }
  }

  private static void require(String what, long found, long expected) {
    if (found < expected) {
      throw new IllegalArgumentException(
          what + ": found " + found + " of them; the shape needs " + expected);
    }
  }
}
