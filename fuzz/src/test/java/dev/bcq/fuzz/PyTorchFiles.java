package dev.bcq.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;

/** Small files that Python and PyTorch have written: fixtures of the converter's tests. */
final class PyTorchFiles {
  private static final Path FOLDER =
      Path.of(
          System.getProperty("bcq.root"),
          "converter/src/test/resources/dev/bcq/converter/checkpoint");
  private static final String ARCHIVE = "pytorch/one.zip.pt";
  private static final int BYTES_OF_ONE = 24;

  private PyTorchFiles() {}

  /** Returns pickles of each protocol, and one of a tensor. */
  static List<byte[]> pickles() {
    List<byte[]> pickles = new ArrayList<>();
    for (int protocol = 0; protocol <= 5; protocol++) {
      pickles.add(read("pickle/values." + protocol + ".pickle"));
    }
    pickles.add(pickleOf(ARCHIVE));
    return pickles;
  }

  /** Returns inputs with one tensor. */
  static List<byte[]> weights() {
    return List.of(
        Seeds.with(0, Seeds.with(BYTES_OF_ONE, pickleOf(ARCHIVE))),
        Seeds.with(PyTorchTarget.WHOLE, Seeds.with(0, read(ARCHIVE))),
        Seeds.with(PyTorchTarget.WHOLE, Seeds.with(0, read("pytorch/one.legacy.pt"))));
  }

  private static byte[] pickleOf(String archive) {
    try (ZipFile zip = new ZipFile(FOLDER.resolve(archive).toFile());
        InputStream pickle =
            zip.getInputStream(
                zip.stream()
                    .filter(e -> e.getName().endsWith("/data.pkl"))
                    .findAny()
                    .orElseThrow())) {
      return pickle.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(String name) {
    try {
      return Files.readAllBytes(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
