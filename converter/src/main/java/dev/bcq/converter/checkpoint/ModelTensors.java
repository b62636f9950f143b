package dev.bcq.converter.checkpoint;

import dev.bcq.converter.quantize.RowSource;
import dev.bcq.format.BcqFile;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.model.MatrixLoader;
import dev.bcq.runtime.tensor.Matrix;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a model file as 32-bit floats, under the names that a checkpoint has for them. */
public final class ModelTensors implements TensorNames {
  private final BcqFile file;
  private final Map<String, MatrixEntry> matrices = new HashMap<>();
  private final Map<String, FloatTensorEntry> tensors = new HashMap<>();
  private final List<FloatTensor> named = new ArrayList<>();

  /**
   * A tensor to be written.
   *
   * @param name its name in the checkpoint
   * @param shape its dimensions
   * @param rows its values, a row of the last dimension at a time
   */
  public record FloatTensor(String name, List<Integer> shape, RowSource rows) {

    /** Returns the size of the last dimension. */
    public int cols() {
      return shape.get(shape.size() - 1);
    }

    public long count() {
      return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }
  }

  public ModelTensors(BcqFile file) {
    this.file = file;
    file.directory().matrices().forEach(entry -> matrices.put(entry.name(), entry));
    file.directory().tensors().forEach(entry -> tensors.put(entry.name(), entry));
  }

  /** Returns the tensors that have been named, in that order. */
  public List<FloatTensor> named() {
    return named;
  }

  @Override
  public void matrix(String canonical, String name, int rows, int cols) {
    MatrixEntry entry = found(matrices, canonical);
    List<Integer> shape = List.of(rows, cols);
    check(canonical, List.of(entry.rows(), entry.cols()), shape);
    Matrix matrix = MatrixLoader.load(file, entry);
    named.add(new FloatTensor(name, shape, (row, into) -> matrix.readRow(row, into, 0)));
  }

  @Override
  public void tensor(String canonical, String name, Integer... shape) {
    FloatTensorEntry entry = found(tensors, canonical);
    FloatBuffer values = file.block(entry.values()).asFloatBuffer();
    FloatTensor tensor =
        new FloatTensor(
            name,
            List.of(shape),
            (row, into) ->
                values.get(row * shape[shape.length - 1], into, 0, shape[shape.length - 1]));
    if (values.remaining() != tensor.count()) {
      check(canonical, entry.shape(), List.of(shape));
    }
    named.add(tensor);
  }

  /** Names a tensor that the model does without and the checkpoint does not. */
  public void zeros(String name, Integer... shape) {
    named.add(new FloatTensor(name, List.of(shape), (row, into) -> Arrays.fill(into, 0f)));
  }

  /** Names a table that the model computes and the checkpoint stores. */
  public void table(String name, float[] values, int rows, int cols) {
    named.add(
        new FloatTensor(
            name,
            List.of(rows, cols),
            (row, into) -> System.arraycopy(values, row * cols, into, 0, cols)));
  }

  /** Returns names that put a prefix in front of theirs. */
  public TensorNames under(String prefix) {
    ModelTensors all = this;
    return new TensorNames() {
      @Override
      public void matrix(String canonical, String name, int rows, int cols) {
        all.matrix(canonical, prefix + name, rows, cols);
      }

      @Override
      public void tensor(String canonical, String name, Integer... shape) {
        all.tensor(canonical, prefix + name, shape);
      }
    };
  }

  private static <T> T found(Map<String, T> entries, String canonical) {
    T entry = entries.remove(canonical);
    if (entry == null) {
      throw new CheckpointException("the model file has no " + canonical);
    }
    return entry;
  }

  private static void check(String name, List<Integer> found, List<Integer> expected) {
    if (!found.equals(expected)) {
      throw new CheckpointException(
          "%s of the model file has the shape %s; expected %s".formatted(name, found, expected));
    }
  }

  /**
   * Checks that no tensor of the file is left.
   *
   * @throws CheckpointException naming one that the checkpoint has no name for
   */
  public void finish(String family) {
    for (Map<String, ?> left : List.of(matrices, tensors)) {
      if (!left.isEmpty()) {
        throw new CheckpointException(
            "a %s checkpoint has no place for %s"
                .formatted(family, left.keySet().iterator().next()));
      }
    }
  }
}
