package dev.bcq.kernels.ffm;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;
import dev.bcq.runtime.tensor.RowNumbers;
import dev.bcq.runtime.tensor.Views.Viewer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The segments through which C reaches the arrays of an object, made once for each. Arrays whose
 * sizes never change are held to what their object says of them here; all others by each call.
 */
final class SegmentViews {
  private static final int MOST_PLANES = BitPlaneLayout.MAX_PLANES;

  private final Memory memory;
  private final Viewer<Activations, Whole> activations;
  private final Viewer<RowNumbers, Whole> rowNumbers;
  private final Viewer<FloatMatrix, Whole> floatMatrices = this::view;
  private final Viewer<Int8Matrix, Scaled> int8Matrices = this::view;
  private final Viewer<BitPlaneBlock, Scaled> blocks = this::view;
  private final Viewer<NormWeights, Norm> norms = this::view;
  private final Viewer<PreparedInput, Input> inputs = this::view;

  /** Where C finds an array. */
  @FunctionalInterface
  interface Memory {

    /** The arrays themselves, in Java's heap or wherever buffers lie. */
    Memory IN_PLACE = Memory::inPlace;

    /**
     * Returns the bytes of an array.
     *
     * @param array floats, ints, bytes, or a buffer of which all bytes up to its limit are meant
     */
    MemorySegment segment(Object array);

    private static MemorySegment inPlace(Object array) {
      if (array instanceof float[] floats) {
        return MemorySegment.ofArray(floats);
      }
      if (array instanceof int[] ints) {
        return MemorySegment.ofArray(ints);
      }
      if (array instanceof byte[] bytes) {
        return MemorySegment.ofArray(bytes);
      }
      return MemorySegment.ofBuffer(((ByteBuffer) array).duplicate().rewind());
    }
  }

  /** One array. */
  record Whole(MemorySegment segment) {}

  /** Weights and their scales. */
  record Scaled(MemorySegment weights, MemorySegment scales) {}

  /** Weights of a normalization; where there is no bias, any segment stands for it. */
  record Norm(MemorySegment weight, MemorySegment bias) {}

  /** The buffers of an input. */
  record Input(
      MemorySegment floats,
      MemorySegment floatTables,
      MemorySegment byteTables,
      MemorySegment tableScales,
      MemorySegment bytes,
      MemorySegment byteScales,
      MemorySegment byteSums,
      MemorySegment bitSlices,
      MemorySegment sliceScales,
      MemorySegment chunkSums,
      MemorySegment groupSums) {}

  SegmentViews(Memory memory) {
    this.memory = memory;
    this.activations = x -> new Whole(memory.segment(x.values()));
    this.rowNumbers = x -> new Whole(memory.segment(x.values()));
  }

  MemorySegment of(Activations x) {
    return x.views().get(activations).segment();
  }

  MemorySegment of(RowNumbers rows) {
    return rows.views().get(rowNumbers).segment();
  }

  MemorySegment of(FloatMatrix w) {
    return w.views().get(floatMatrices).segment();
  }

  Scaled of(Int8Matrix w) {
    return w.views().get(int8Matrices);
  }

  Scaled of(BitPlaneBlock w) {
    return w.views().get(blocks);
  }

  Norm of(NormWeights weights) {
    return weights.views().get(norms);
  }

  Input of(PreparedInput x) {
    return x.views().get(inputs);
  }

  private Whole view(FloatMatrix w) {
    requireShape(w.rows(), w.cols());
    require("bytes of weights", w.bytes().limit(), (long) w.rows() * w.cols() * Float.BYTES);
    return new Whole(memory.segment(w.bytes()));
  }

  private Scaled view(Int8Matrix w) {
    requireShape(w.rows(), w.cols());
    require(
        "bytes of weights", w.values().limit(), Int8TileLayout.valuesLength(w.rows(), w.cols()));
    require("scales", w.scales().length, w.rows());
    return new Scaled(memory.segment(w.values()), memory.segment(w.scales()));
  }

  private Scaled view(BitPlaneBlock w) {
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
    return new Scaled(memory.segment(w.bits()), memory.segment(w.scales()));
  }

  private Norm view(NormWeights weights) {
    float[] bias = weights.bias();
    MemorySegment weight = memory.segment(weights.weight());
    if (bias == null) {
      return new Norm(weight, weight);
    }
    require("biases", bias.length, weights.width());
    return new Norm(weight, memory.segment(bias));
  }

  private Input view(PreparedInput x) {
    return new Input(
        memory.segment(x.floats()),
        memory.segment(x.floatTables()),
        memory.segment(x.byteTables()),
        memory.segment(x.tableScales()),
        memory.segment(x.bytes()),
        memory.segment(x.byteScales()),
        memory.segment(x.byteSums()),
        memory.segment(x.bitSlices()),
        memory.segment(x.sliceScales()),
        memory.segment(x.chunkSums()),
        memory.segment(x.groupSums()));
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
