package dev.bcq.converter;

import dev.bcq.console.Progress;
import dev.bcq.converter.checkpoint.huggingface.HuggingFaceWriter;
import dev.bcq.converter.report.DequantizationReport;
import dev.bcq.converter.report.DequantizationReport.WrittenFile;
import dev.bcq.format.BcqFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The way back: a model file becomes a checkpoint of 32-bit floats. */
final class Dequantization {

  private Dequantization() {}

  /**
   * Writes a checkpoint. Nothing is left behind when it fails.
   *
   * @param folder a folder that does not exist, or is empty
   */
  static DequantizationReport run(Path input, Path folder) {
    BcqFile file = BcqFile.open(input);
    file.verifyChecksums();
    long matrices =
        file.directory().matrices().stream().mapToLong(m -> (long) m.rows() * m.cols()).sum();
    long tensors =
        file.directory().tensors().stream().mapToLong(t -> t.values().length() / Float.BYTES).sum();
    boolean tokenizer;
    try (Progress progress =
        Progress.of("dequantizing", matrices + tensors, " M weights", 1_000_000)) {
      tokenizer = HuggingFaceWriter.write(file, folder, progress::add);
    }
    return new DequantizationReport(
        file.directory().provenance().family(),
        folder,
        matrices + tensors,
        files(folder),
        tokenizer);
  }

  private static List<WrittenFile> files(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      List<WrittenFile> files = new ArrayList<>();
      for (Path file : all.sorted().toList()) {
        files.add(new WrittenFile(String.valueOf(file.getFileName()), Files.size(file)));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }
}
