package dev.bcq.converter.checkpoint.pytorch;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.MappedFile;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.pickle.PickleDict;
import dev.bcq.converter.checkpoint.pickle.PickleException;
import dev.bcq.converter.checkpoint.pickle.PickleObject;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file that {@code torch.save} has written, in the ZIP format of PyTorch 1.6 and later or in the
 * one before. The file is mapped and tensors are read in place; nothing that it names is run.
 * Whatever it says, reading it allocates at most 256 KiB and 128 times its length, weights
 * excluded.
 *
 * <p>Source: {@code torch/serialization.py} of PyTorch.
 */
public final class PyTorchFile {
  private static final String GIT_LFS = "version https://git-lfs";

  private final String file;
  private final Object root;
  private final PyTorchStorages storages;

  PyTorchFile(String file, Object root, PyTorchStorages storages) {
    this.file = file;
    this.root = root;
    this.storages = storages;
  }

  /**
   * Maps a file.
   *
   * @param arena as long as it is open, tensors can be read
   * @throws CheckpointException if it is damaged, or holds what is not read
   */
  public static PyTorchFile read(Path path, Arena arena) {
    String file = String.valueOf(path.getFileName());
    MemorySegment bytes = MappedFile.map(path, arena);
    try {
      if (startsWith(bytes, "PK")) {
        return PyTorchArchive.read(file, bytes);
      }
      if (startsWith(bytes, GIT_LFS)) {
        throw new CheckpointException(
            file + " is a pointer of Git LFS, not the file itself; fetch it with git lfs pull");
      }
      return PyTorchLegacyFile.read(file, bytes);
    } catch (PickleException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean startsWith(MemorySegment bytes, String start) {
    int length = (int) Math.min(bytes.byteSize(), start.length());
    byte[] found = bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    return start.equals(new String(found, StandardCharsets.ISO_8859_1));
  }

  /** Returns what was saved. */
  public Object root() {
    return root;
  }

  /**
   * Returns the tensors of a dict by name, sorted.
   *
   * @param dict what was saved, or a part of it
   * @throws CheckpointException if it is no dict of tensors, or their storages do not hold them
   */
  public Map<String, TensorSource> tensors(Object dict) {
    if (!(dict instanceof PickleDict named)) {
      throw new CheckpointException(
          "%s holds %s; expected a dict of tensors: save model.state_dict()".formatted(file, dict));
    }
    Map<String, TensorSource> tensors = new TreeMap<>();
    for (Map.Entry<Object, Object> entry : named.entries().entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new CheckpointException(
            "%s has a tensor named by %s; expected a text".formatted(file, entry.getKey()));
      }
      if (!(entry.getValue() instanceof PickleObject object)) {
        throw new CheckpointException(
            "%s: %s is %s; expected a tensor: save model.state_dict() alone"
                .formatted(file, name, described(entry.getValue())));
      }
      tensors.put(name, PyTorchTensors.tensor(file, name, object, storages));
    }
    return tensors;
  }

  private static String described(Object value) {
    return value instanceof String ? "a text" : value.toString();
  }
}
