package dev.bcq.converter;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.quantize.EncodedMatrix;
import dev.bcq.format.BcqWriter;
import dev.bcq.format.DataBlock;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.Int8Order;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Puts matrices and tensors into a file, in the order in which they come. */
final class ModelWriter {
  private final BcqWriter writer;
  private final List<MatrixEntry> matrices = new ArrayList<>();
  private final List<FloatTensorEntry> tensors = new ArrayList<>();

  ModelWriter(BcqWriter writer) {
    this.writer = writer;
  }

  List<MatrixEntry> matrices() {
    return matrices;
  }

  List<FloatTensorEntry> tensors() {
    return tensors;
  }

  void add(MatrixPlan plan, EncodedMatrix encoded) {
    MatrixEntry.Storage storage =
        switch (encoded) {
          case EncodedMatrix.Float32 dense ->
              new MatrixEntry.Float32(writer.addBlock(dense.values()));
          case EncodedMatrix.Int8 int8 ->
              new MatrixEntry.Int8(
                  Int8Order.TILES, writer.addBlock(int8.values()), writer.addBlock(int8.scales()));
          case EncodedMatrix.BitPlanes planes -> bitPlanes(planes);
        };
    boolean recovered = encoded instanceof EncodedMatrix.BitPlanes planes && planes.recovered();
    matrices.add(
        new MatrixEntry(
            plan.name(),
            plan.rows(),
            plan.cols(),
            storage,
            (float) encoded.relativeError(),
            recovered));
  }

  private MatrixEntry.BitPlanes bitPlanes(EncodedMatrix.BitPlanes planes) {
    List<MatrixEntry.RowBlock> blocks = new ArrayList<>();
    for (EncodedMatrix.Block block : planes.blocks()) {
      blocks.add(
          new MatrixEntry.RowBlock(
              block.rows(),
              block.planes(),
              writer.addBlock(block.bits()),
              writer.addBlock(block.scales())));
    }
    DataBlock permutation = null;
    if (planes.storedRows() != null) {
      ByteBuffer bytes =
          ByteBuffer.allocate(planes.storedRows().length * Integer.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(planes.storedRows());
      permutation = writer.addBlock(bytes);
    }
    return new MatrixEntry.BitPlanes(
        planes.groupSize(),
        planes.offset(),
        planes.scaleType(),
        planes.scaleAxis(),
        planes.heads(),
        blocks,
        permutation);
  }

  void add(String name, Checkpoint.NamedTensor tensor) {
    float[] values = tensor.source().readAll();
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    tensors.add(new FloatTensorEntry(name, tensor.shape(), writer.addBlock(bytes)));
  }
}
