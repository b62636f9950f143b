package dev.bcq.converter.checkpoint.pytorch;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.pickle.PersistentId;
import dev.bcq.converter.checkpoint.pickle.PickleGlobal;
import dev.bcq.converter.checkpoint.pickle.PickleNone;
import dev.bcq.converter.checkpoint.pickle.PickleTuple;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle says of the values that lie beside it.
 *
 * @param key their name
 * @param type their number type
 * @param count how many there are
 */
record PyTorchStorage(String key, TensorSource.Type type, long count) {
  /** Classes of the module {@code torch}. */
  static final Map<String, TensorSource.Type> TYPES =
      Map.of(
          "DoubleStorage", TensorSource.Type.F64,
          "FloatStorage", TensorSource.Type.F32,
          "HalfStorage", TensorSource.Type.F16,
          "BFloat16Storage", TensorSource.Type.BF16,
          "LongStorage", TensorSource.Type.I64,
          "IntStorage", TensorSource.Type.I32,
          "ShortStorage", TensorSource.Type.I16,
          "CharStorage", TensorSource.Type.I8,
          "ByteStorage", TensorSource.Type.U8,
          "BoolStorage", TensorSource.Type.BOOL);

  /**
   * Returns a storage.
   *
   * @param id names it by ("storage", class, key, device, count); files before PyTorch 1.6 add None
   * @throws CheckpointException if the id is something else
   */
  static PyTorchStorage of(String file, PersistentId id) {
    if (id.id() instanceof PickleTuple parts
        && (parts.size() == 5 || (parts.size() == 6 && parts.get(5) == PickleNone.NONE))
        && "storage".equals(parts.get(0))
        && parts.get(1) instanceof PickleGlobal global
        && parts.get(2) instanceof String key
        && parts.get(4) instanceof Long count) {
      TensorSource.@Nullable Type type =
          global.module().equals("torch") ? TYPES.get(global.name()) : null;
      if (type != null && count >= 0 && count <= Long.MAX_VALUE / type.size()) {
        return new PyTorchStorage(key, type, count);
      }
    }
    throw new CheckpointException(
        file
            + " refers to something that is no storage of numbers as PyTorch writes it; save the"
            + " weights with a current version of PyTorch");
  }

  long byteSize() {
    return count * type.size();
  }
}
