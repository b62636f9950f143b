package dev.bcq.converter.checkpoint.numpy;

import dev.bcq.converter.checkpoint.TensorSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Arrays of test resources, compressed or not. */
public final class NumpyFiles {

  private NumpyFiles() {}

  /** Returns all arrays of a {@code .npz} file, in its order. */
  public static Map<String, TensorSource> read(InputStream file) {
    Map<String, TensorSource> arrays = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        arrays.put(name, NpyArray.tensor(name, name, MemorySegment.ofArray(zip.readAllBytes())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return arrays;
  }
}
