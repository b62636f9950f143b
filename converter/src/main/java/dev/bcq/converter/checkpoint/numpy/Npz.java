package dev.bcq.converter.checkpoint.numpy;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.MappedFile;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.zip.StoredZip;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code .npz} file: a ZIP archive of {@code .npy} arrays. It is mapped and arrays are used in
 * place. Whatever it says, reading it allocates at most 256 KiB and 128 times its length.
 */
public final class Npz {
  private static final String SUFFIX = ".npy";
  private static final String ADVICE =
      "; expected arrays that are stored as they are: numpy.savez, not savez_compressed";

  private Npz() {}

  /**
   * Maps a file and returns its arrays by name, sorted.
   *
   * @param arena as long as it is open, arrays can be read
   * @throws CheckpointException if it is damaged, or an entry is no array of numbers
   */
  public static Map<String, TensorSource> read(Path path, Arena arena) {
    String file = String.valueOf(path.getFileName());
    Map<String, TensorSource> tensors = new TreeMap<>();
    for (Map.Entry<String, MemorySegment> entry : entries(path, arena).entrySet()) {
      String shown = entry.getKey().replaceAll("[^\\x20-\\x7e]", "?");
      if (!entry.getKey().endsWith(SUFFIX)) {
        throw new CheckpointException(file + " holds " + shown + ", which is no .npy array");
      }
      String name = entry.getKey().substring(0, entry.getKey().length() - SUFFIX.length());
      tensors.put(name, NpyArray.tensor(file + ": " + shown, name, entry.getValue()));
    }
    return tensors;
  }

  /** Returns whether a file is a ZIP archive with an array of this name. */
  public static boolean has(Path path, String name) {
    try (Arena arena = Arena.ofConfined()) {
      return entries(path, arena).containsKey(name + SUFFIX);
    }
  }

  private static Map<String, MemorySegment> entries(Path path, Arena arena) {
    String file = String.valueOf(path.getFileName());
    MemorySegment bytes = MappedFile.map(path, arena);
    try {
      return StoredZip.entries(file, bytes, ADVICE);
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
