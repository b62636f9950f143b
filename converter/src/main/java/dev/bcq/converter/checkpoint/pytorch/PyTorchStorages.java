package dev.bcq.converter.checkpoint.pytorch;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** The values of a PyTorch file, where they lie. */
final class PyTorchStorages {
  private final String file;
  private final Map<String, MemorySegment> byKey;

  PyTorchStorages(String file, Map<String, MemorySegment> byKey) {
    this.file = file;
    this.byKey = byKey;
  }

  /**
   * Returns the bytes of a storage.
   *
   * @throws CheckpointException if it is missing or has another length
   */
  MemorySegment bytes(PyTorchStorage storage) {
    MemorySegment bytes = byKey.get(storage.key());
    if (bytes == null) {
      throw new CheckpointException(
          "%s is damaged: the storage '%s' is missing".formatted(file, storage.key()));
    }
    if (bytes.byteSize() != storage.byteSize()) {
      throw new CheckpointException(
          "%s is damaged: the storage '%s' has %d bytes; expected %d for %d values of %s"
              .formatted(
                  file,
                  storage.key(),
                  bytes.byteSize(),
                  storage.byteSize(),
                  storage.count(),
                  storage.type()));
    }
    return bytes;
  }
}
