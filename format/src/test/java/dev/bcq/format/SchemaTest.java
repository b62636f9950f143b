package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.ExternalProgram.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What flatc, the schema's own compiler, makes of the schema. */
class SchemaTest {
  /** Version of flatc and of the library; see FORMAT.md. */
  private static final String VERSION = "flatc version 25.2.10";

  private static final Path SCHEMA = Path.of("src/main/fbs/model.fbs").toAbsolutePath();
  private static final Path GENERATED = Path.of("src/main/java/dev/bcq/format/generated");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private static ExternalProgram flatc;

  @BeforeAll
  static void find() {
    flatc = ExternalProgram.named("flatc");
  }

  private Outcome json(byte[] bytes, String name) throws IOException {
    Files.write(folder.resolve(name), bytes);
    return flatc.run(folder, "--json", "--strict-json", "-o", ".", SCHEMA.toString(), "--", name);
  }

  /** The directory, cut out as the commands in FORMAT.md do. */
  private static byte[] directory(byte[] file) {
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    return Arrays.copyOfRange(file, 64, (int) (64 + length));
  }

  private void assertNames(Path file) throws IOException {
    BcqDirectory directory = BcqFile.open(file).directory();
    Outcome outcome = json(directory(Files.readAllBytes(file)), "directory.bin");
    assertEquals(0, outcome.code(), outcome.output());
    List<String> names =
        Files.readAllLines(folder.resolve("directory.json"), StandardCharsets.UTF_8).stream()
            .map(String::trim)
            .filter(line -> line.startsWith("\"name\":") && line.endsWith(".weight\","))
            .collect(Collectors.toList());
    List<String> expected =
        Stream.concat(
                directory.matrices().stream().map(MatrixEntry::name),
                directory.tensors().stream().map(FloatTensorEntry::name))
            .filter(name -> name.endsWith(".weight"))
            .map(name -> "\"name\": \"" + name + "\",")
            .collect(Collectors.toList());
    assertEquals(expected, names);
  }

  @Test
  void isEnoughToPrintADirectoryAsJson() throws IOException {
    assertNames(ReleasedFiles.VERSION_1);
    assertNames(TestFiles.write(folder.resolve("m.bcq")));
    assertNames(Path.of(System.getProperty("bcq.default.model", "none")));
  }

  @Test
  void flatcMissesTheIdentifierInAWholeFile() throws IOException {
    Outcome outcome = json(Files.readAllBytes(ReleasedFiles.VERSION_1), "whole.bin");
    assertEquals(1, outcome.code(), outcome.output());
    assertTrue(outcome.output().contains("file_identifier \"BCQ1\""), outcome.output());
  }

  @Test
  void givesTheGeneratedClasses() throws IOException {
    String version = flatc.run(folder, "--version").output().trim();
    if (!version.equals(VERSION)) {
      flatc.skip("is " + version + "; the generated classes need " + VERSION);
    }
    Outcome outcome = flatc.run(folder, "--java", "-o", ".", SCHEMA.toString());
    assertEquals(0, outcome.code(), outcome.output());
    Map<String, String> expected = sources(folder.resolve("dev/bcq/format/generated"));
    Map<String, String> found = sources(GENERATED);
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach(
        (name, text) ->
            assertEquals(text, found.get(name), name + ": generate it anew, as FORMAT.md says"));
  }

  private static Map<String, String> sources(Path folder) throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.collect(Collectors.toList())) {
        sources.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    // Annotations of the package are our own.
    sources.remove("package-info.java");
    return sources;
  }
}
