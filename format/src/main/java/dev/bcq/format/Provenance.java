package dev.bcq.format;

import java.util.List;

/**
 * Where a file comes from. Holds neither paths nor times: the same input, options and version give
 * the same bytes.
 *
 * @param converter name and version of the program that wrote the file
 * @param family architecture of the checkpoint, for instance {@code marian}
 * @param sources files that were read
 * @param options options that were in force, defaults included
 */
public record Provenance(
    String converter, String family, List<SourceFile> sources, List<Option> options) {

  /**
   * A file of the checkpoint.
   *
   * @param name its name without directories
   * @param sha256 SHA-256 of its bytes, 64 hexadecimal digits
   */
  public record SourceFile(String name, String sha256) {}

  /**
   * An option of the conversion.
   *
   * @param name name without dashes
   * @param value value as typed; {@code true} or {@code false} of an option that takes none
   */
  public record Option(String name, String value) {

    /** Returns the option as it is typed. */
    public String commandLine() {
      return switch (value) {
        case "true" -> "--" + name;
        case "false" -> "--no-" + name;
        default -> "--" + name + " " + value;
      };
    }
  }
}
