package dev.bcq.demo.packaging;

import com.android.tools.r8.origin.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Files in JARs and in folders of classes. */
final class ClassFiles {

  private ClassFiles() {}

  /** A class file's name, for messages of the compiler. */
  static final class Named extends Origin {
    private final String name;

    Named(String name) {
      super(Origin.root());
      this.name = name;
    }

    @Override
    public String part() {
      return name;
    }
  }

  /**
   * Adds the files of a JAR or a folder that are wanted.
   *
   * @throws IllegalStateException if there is one of that name already
   */
  static void read(Path input, Predicate<String> wanted, Map<String, byte[]> into)
      throws IOException {
    if (Files.isDirectory(input)) {
      readFolder(input, wanted, into);
      return;
    }
    try (ZipFile jar = new ZipFile(input.toFile())) {
      for (ZipEntry entry : jar.stream().collect(Collectors.toList())) {
        if (wanted.test(entry.getName())) {
          add(entry.getName(), jar.getInputStream(entry).readAllBytes(), into);
        }
      }
    }
  }

  private static void readFolder(Path folder, Predicate<String> wanted, Map<String, byte[]> into)
      throws IOException {
    List<Path> files;
    try (var found = Files.walk(folder)) {
      files = found.filter(Files::isRegularFile).collect(Collectors.toList());
    }
    for (Path file : files) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      if (wanted.test(name)) {
        add(name, Files.readAllBytes(file), into);
      }
    }
  }

  private static void add(String name, byte[] bytes, Map<String, byte[]> into) {
    if (into.put(name, bytes) != null) {
      throw new IllegalStateException(name + " is there twice");
    }
  }

  /** Returns a line for each file: hash, space, name. */
  static List<String> hashes(Map<String, byte[]> files) {
    return files.entrySet().stream()
        .map(file -> hash(file.getValue()) + " " + file.getKey())
        .collect(Collectors.toList());
  }

  /** Returns the SHA-256 of bytes. */
  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
