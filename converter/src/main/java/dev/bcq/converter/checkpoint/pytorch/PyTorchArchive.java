package dev.bcq.converter.checkpoint.pytorch;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.pickle.Unpickler;
import dev.bcq.converter.checkpoint.zip.StoredZip;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The format of PyTorch since 1.6: a ZIP archive of one folder with a pickle, {@code data.pkl}, and
 * an entry of {@code data/} for each storage. Nothing is compressed in it.
 */
final class PyTorchArchive {
  private static final String PICKLE = "data.pkl";
  private static final String ADVICE =
      ", as in a TorchScript program; expected weights alone: torch.save(model.state_dict(), ...)";

  private PyTorchArchive() {}

  static PyTorchFile read(String file, MemorySegment bytes) throws IOException {
    Map<String, MemorySegment> entries = StoredZip.entries(file, bytes, ADVICE);
    String folder = folder(file, entries);
    MemorySegment order = entries.get(folder + "byteorder");
    if (order != null && !"little".equals(shortText(order))) {
      throw new CheckpointException(
          file + " was written with another byte order; expected little; save it on this machine");
    }
    MemorySegment pickle = entries.get(folder + PICKLE);
    if (pickle == null) {
      throw notPyTorch(file);
    }
    Unpickler unpickler = new Unpickler(file + ", " + PICKLE, pickle, PyTorchGlobals.ALLOWED);
    Object root = unpickler.read();
    Map<String, MemorySegment> storages = new HashMap<>();
    String prefix = folder + "data/";
    entries.forEach(
        (name, content) -> {
          if (name.startsWith(prefix)) {
            storages.put(name.substring(prefix.length()), content);
          }
        });
    return new PyTorchFile(file, root, new PyTorchStorages(file, storages));
  }

  /** Returns the one folder, with a slash; its name is that of the file when it was saved. */
  private static String folder(String file, Map<String, MemorySegment> entries) {
    String folder = null;
    for (String name : entries.keySet()) {
      int slash = name.indexOf('/');
      if (slash > 0 && name.substring(slash + 1).equals(PICKLE)) {
        if (folder != null) {
          throw new CheckpointException(
              file + " is damaged: it has more than one folder with a " + PICKLE);
        }
        folder = name.substring(0, slash + 1);
      }
    }
    if (folder == null) {
      throw notPyTorch(file);
    }
    return folder;
  }

  private static CheckpointException notPyTorch(String file) {
    return new CheckpointException(
        file + " is a ZIP archive without " + PICKLE + "; expected a file of torch.save");
  }

  private static @Nullable String shortText(MemorySegment content) {
    return content.byteSize() > 16
        ? null
        : new String(content.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
  }
}
