package dev.bcq.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Small files that Python and PyTorch have written: fixtures of the converter's tests. */
final class PyTorchFiles {
  private static final String PICKLE = "/data.pkl";
  private static final String ARCHIVE = "pytorch/one.zip.pt";
  private static final int BYTES_OF_ONE = 24;

  private PyTorchFiles() {}

  /** Returns pickles of each protocol, and one of a tensor. */
  static List<byte[]> pickles() {
    List<byte[]> pickles = new ArrayList<>();
    for (int protocol = 0; protocol <= 5; protocol++) {
      pickles.add(ConverterFixtures.read("pickle/values." + protocol + ".pickle"));
    }
    pickles.add(pickleOf(ARCHIVE));
    return pickles;
  }

  /** Returns inputs with one tensor. */
  static List<byte[]> weights() {
    return List.of(
        Seeds.with(0, Seeds.with(BYTES_OF_ONE, pickleOf(ARCHIVE))),
        Seeds.with(PyTorchTarget.WHOLE, Seeds.with(0, ConverterFixtures.read(ARCHIVE))),
        Seeds.with(
            PyTorchTarget.WHOLE, Seeds.with(0, ConverterFixtures.read("pytorch/one.legacy.pt"))));
  }

  static byte[] pickleOf(String archive) {
    return pickleOf(ConverterFixtures.path(archive));
  }

  static byte[] pickleOf(Path archive) {
    try (ZipFile zip = new ZipFile(archive.toFile());
        InputStream pickle =
            zip.getInputStream(
                zip.stream().filter(e -> e.getName().endsWith(PICKLE)).findAny().orElseThrow())) {
      return pickle.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns an archive whose pickle has been replaced. */
  static byte[] withPickle(String archive, byte[] pickle) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipFile from = new ZipFile(ConverterFixtures.path(archive).toFile());
        ZipOutputStream to = new ZipOutputStream(bytes)) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        byte[] content =
            entry.getName().endsWith(PICKLE) ? pickle : from.getInputStream(entry).readAllBytes();
        PyTorchTarget.add(to, entry.getName(), content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
