package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.Views.Viewer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** What these kernels keep of matrices and inputs. */
final class VectorViews {
  private static final Viewer<BitPlaneBlock, Weights> BLOCKS = w -> weights(w.bits());
  private static final Viewer<Int8Matrix, Weights> INT8_MATRICES = w -> weights(w.values());
  private static final Viewer<FloatMatrix, Weights> FLOAT_MATRICES = w -> weights(w.bytes());
  private static final Viewer<PreparedInput, Input> INPUTS = x -> new Input();

  /** Weights as vectors are loaded from them. */
  private record Weights(MemorySegment segment) {}

  /** What belongs to an input as long as its buffers are the same. */
  static final class Input {
    final Pool<ByteTableProduct> byteTableProducts = new Pool<>();
    final Pool<FloatTableProduct> floatTableProducts = new Pool<>();
    final Pool<BitSliceProduct> bitSliceProducts = new Pool<>();
    final Pool<DecodedProduct> decodedProducts = new Pool<>();
    final Pool<Int8Product> int8Products = new Pool<>();
  }

  private VectorViews() {}

  private static Weights weights(ByteBuffer buffer) {
    return new Weights(MemorySegment.ofBuffer(buffer));
  }

  static MemorySegment of(BitPlaneBlock w) {
    return w.views().get(BLOCKS).segment();
  }

  static MemorySegment of(Int8Matrix w) {
    return w.views().get(INT8_MATRICES).segment();
  }

  static MemorySegment of(FloatMatrix w) {
    return w.views().get(FLOAT_MATRICES).segment();
  }

  static Input of(PreparedInput x) {
    return x.views().get(INPUTS);
  }
}
