package dev.bcq.converter;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Trained models and test vectors that lie beside the project; tests that need them are skipped
 * without.
 */
public final class SharedData {

  private SharedData() {}

  /** Returns a file or folder, or skips the calling test. */
  public static Path path(String name) {
    Path path = Path.of(System.getProperty("bcq.shared", "../shared"), name).normalize();
    assumeTrue(
        Files.exists(path), () -> path + " is missing: give its parent with -Dbcq.shared=FOLDER");
    return path;
  }

  /** Returns a JSON file, compressed or not. */
  public static JsonNode json(String name) {
    return read(path(name));
  }

  /** Returns a JSON file of any place, compressed or not. */
  public static JsonNode read(Path path) {
    try (InputStream file = Files.newInputStream(path);
        InputStream in = path.toString().endsWith(".gz") ? new GZIPInputStream(file) : file) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
