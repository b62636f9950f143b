package dev.bcq.converter.checkpoint.pytorch;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.pickle.PersistentId;
import dev.bcq.converter.checkpoint.pickle.PickleDict;
import dev.bcq.converter.checkpoint.pickle.PickleException;
import dev.bcq.converter.checkpoint.pickle.PickleList;
import dev.bcq.converter.checkpoint.pickle.Unpickler;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The format of PyTorch before 1.6: five pickles, which are a magic number, a version, facts of the
 * machine, what was saved, and the keys of the storages; then for each key a count of 64 bits and
 * as many values.
 */
final class PyTorchLegacyFile {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;
  private static final long TAR_MARK = 257;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment bytes;

  private PyTorchLegacyFile(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  static PyTorchFile read(String file, MemorySegment bytes) {
    return new PyTorchLegacyFile(file, bytes).read();
  }

  private PyTorchFile read() {
    if (isTar()) {
      throw new CheckpointException(
          file + " is a tar archive, as PyTorch before 0.1.11 wrote; save it with a later version");
    }
    Unpickler unpickler = new Unpickler(file, bytes, PyTorchGlobals.ALLOWED);
    checkMagic(unpickler);
    if (!Long.valueOf(VERSION).equals(unpickler.read())) {
      throw new CheckpointException(file + " has an unknown version; expected " + VERSION);
    }
    if (!(unpickler.read() instanceof PickleDict machine)
        || !Boolean.TRUE.equals(machine.get("little_endian"))) {
      throw new CheckpointException(
          file + " was not written by a little-endian machine; save it on this one");
    }
    Object root = unpickler.read();
    Map<String, PyTorchStorage> described = new HashMap<>();
    for (PersistentId id : unpickler.persistentIds()) {
      PyTorchStorage storage = PyTorchStorage.of(file, id);
      described.putIfAbsent(storage.key(), storage);
    }
    if (!(unpickler.read() instanceof PickleList keys)) {
      throw new CheckpointException(file + " is damaged: it has no list of storages");
    }
    Map<String, MemorySegment> storages = storages(keys, described, unpickler.position());
    return new PyTorchFile(file, root, new PyTorchStorages(file, storages));
  }

  private boolean isTar() {
    return bytes.byteSize() > TAR_MARK + 5
        && "ustar"
            .equals(
                new String(
                    bytes.asSlice(TAR_MARK, 5).toArray(ValueLayout.JAVA_BYTE),
                    StandardCharsets.ISO_8859_1));
  }

  /** Nothing but the right number is to be expected of a pickle that may be any file. */
  private void checkMagic(Unpickler unpickler) {
    CheckpointException other =
        new CheckpointException(
            file
                + " is not a file of torch.save: it begins neither as a ZIP archive nor with the"
                + " number of PyTorch");
    try {
      if (!MAGIC.equals(unpickler.read())) {
        throw other;
      }
    } catch (PickleException e) {
      other.initCause(e);
      throw other;
    }
  }

  private Map<String, MemorySegment> storages(
      PickleList keys, Map<String, PyTorchStorage> described, long begin) {
    Map<String, MemorySegment> storages = new HashMap<>();
    long at = begin;
    for (int i = 0; i < keys.size(); i++) {
      PyTorchStorage storage = keys.get(i) instanceof String key ? described.get(key) : null;
      if (storage == null) {
        throw new CheckpointException(
            file + " is damaged: it has a storage that nothing describes, number " + i);
      }
      long left = bytes.byteSize() - at - Long.BYTES;
      if (left < storage.byteSize()) {
        throw new CheckpointException(
            "%s is truncated: the storage '%s' needs %d bytes, but %d are left"
                .formatted(file, storage.key(), storage.byteSize(), Math.max(0, left)));
      }
      long count = bytes.get(LONG, at);
      if (count != storage.count()) {
        throw new CheckpointException(
            "%s is damaged: the storage '%s' has %d values; expected %d"
                .formatted(file, storage.key(), count, storage.count()));
      }
      if (storages.put(storage.key(), bytes.asSlice(at + Long.BYTES, storage.byteSize())) != null) {
        throw new CheckpointException(
            "%s is damaged: the storage '%s' is there twice".formatted(file, storage.key()));
      }
      at += Long.BYTES + storage.byteSize();
    }
    if (at != bytes.byteSize()) {
      throw new CheckpointException(
          "%s is damaged: %d bytes are left after its storages"
              .formatted(file, bytes.byteSize() - at));
    }
    return storages;
  }
}
