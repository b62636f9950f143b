package dev.bcq.converter.calibrate;

import dev.bcq.converter.quantize.EncodedMatrix;
import dev.bcq.runtime.model.MatrixLoader;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.Matrix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes matrices that are not in a file yet ready to be computed with. */
public final class RunnableMatrix {

  private RunnableMatrix() {}

  /** Returns bit-planes as the runtime has them, in memory of their own. */
  public static Matrix of(EncodedMatrix.BitPlanes planes, int cols) {
    List<BitPlaneBlock> blocks = new ArrayList<>();
    int first = 0;
    for (EncodedMatrix.Block block : planes.blocks()) {
      blocks.add(
          new BitPlaneBlock(
              first,
              block.rows(),
              cols,
              block.planes(),
              planes.groupSize(),
              planes.offset(),
              direct(block.bits()),
              MatrixLoader.scales(block.scales(), planes.scaleType())));
      first += block.rows();
    }
    return new BcqMatrix(blocks, planes.storedRows());
  }

  private static ByteBuffer direct(ByteBuffer bits) {
    return ByteBuffer.allocateDirect(bits.remaining()).put(bits.duplicate()).flip();
  }
}
