package dev.bcq.converter.calibrate;

import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.tensor.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of the matrices of a float model, numbered. Matrices that read the same input have one
 * in common; it is seen where the first of them is multiplied. Matrices at work are told apart by
 * where their weights lie in the file.
 */
final class MatrixInputs {
  private final Map<String, Integer> ofMatrices = new LinkedHashMap<>();
  private final Map<Long, Integer> seenAt = new HashMap<>();
  private int count;

  MatrixInputs(BcqFile file) {
    Map<String, Integer> numbers = new HashMap<>();
    for (MatrixEntry entry : file.directory().matrices()) {
      if (entry.storage() instanceof MatrixEntry.Float32 dense) {
        String input = input(entry.name());
        Integer known = numbers.putIfAbsent(input, count);
        if (known == null) {
          seenAt.put(address(file.block(dense.values())), count++);
        }
        ofMatrices.put(entry.name(), numbers.getOrDefault(input, 0));
      }
    }
  }

  /** Returns what is the same for matrices with the same input. */
  private static String input(String matrix) {
    if (matrix.matches(".*\\.cross_attention\\.(key|value)\\.weight")) {
      return "encoder output";
    }
    return matrix
        .replaceFirst("\\.self_attention\\.(query|key|value)\\.weight$", ".self_attention")
        .replaceFirst("\\.feed_forward\\.(gate|up)\\.weight$", ".feed_forward");
  }

  /** Returns the number of inputs. */
  int count() {
    return count;
  }

  /** Returns the number of the input of each matrix, by canonical names. */
  Map<String, Integer> ofMatrices() {
    return ofMatrices;
  }

  /** Returns the number of the input that is to be seen at a matrix, or null if none is. */
  @Nullable Integer seenAt(FloatMatrix matrix) {
    return seenAt.get(address(matrix.bytes()));
  }

  private static long address(ByteBuffer weights) {
    return MemorySegment.ofBuffer(weights).address();
  }
}
