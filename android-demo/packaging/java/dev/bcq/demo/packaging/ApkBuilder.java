package dev.bcq.demo.packaging;

import com.android.tools.r8.CompilationMode;
import com.android.tools.r8.D8;
import com.android.tools.r8.D8Command;
import com.android.tools.r8.Diagnostic;
import com.android.tools.r8.DiagnosticsHandler;
import com.android.tools.r8.JdkClassFileProvider;
import com.android.tools.r8.OutputMode;
import com.android.tools.r8.origin.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes an application package without the Android SDK: dexes classes with D8, adds them and the
 * native libraries to what aapt2 has made of resources and assets, aligns and signs.
 */
public final class ApkBuilder {
  /** Android 8. */
  static final int MIN_API = 26;

  /** What the weights of a model are aligned to in its file. */
  static final int MODEL_ALIGNMENT = 64;

  /** Extra field of an entry with the alignment that it asks for, as apksig keeps it. */
  private static final short ALIGNMENT_FIELD = (short) 0xd935;

  /** Names the classes that were dexed, each with its hash. */
  static final String DEXED = "dexed.sha256";

  private final Path folder;
  private final Path classes;
  private final Path androidJar;
  private final Path libraries;

  private ApkBuilder(Path folder, Path classes, Path androidJar, Path libraries) {
    this.folder = folder;
    this.classes = classes;
    this.androidJar = androidJar;
    this.libraries = libraries;
  }

  /**
   * Makes a package.
   *
   * @param arguments folder with {@code resources.apk} and {@code dexed.classpath}; classes of the
   *     application; classes of Android; folder with native libraries by instruction set, which
   *     need not exist; the package to make
   */
  public static void main(String[] arguments) throws Exception {
    ApkBuilder builder =
        new ApkBuilder(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            Path.of(arguments[3]));
    Path unsigned = builder.folder.resolve("unsigned.apk");
    builder.pack(unsigned);
    SigningKey.choose(builder.folder).sign(unsigned, Path.of(arguments[4]));
  }

  private void pack(Path target) throws Exception {
    Map<String, byte[]> inputs = classFiles();
    Files.write(folder.resolve(DEXED), ClassFiles.hashes(inputs));
    Path dex = dex(inputs);
    try (OutputStream out = Files.newOutputStream(target);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      copyResources(zip);
      add(zip, "classes.dex", Files.readAllBytes(dex), false);
      for (Map.Entry<String, byte[]> file : javaResources().entrySet()) {
        add(zip, file.getKey(), file.getValue(), false);
      }
      // Mapped as they lie there: neither compressed nor unpacked by the system.
      for (Path library : nativeLibraries()) {
        String name = "lib/" + libraries.relativize(library).toString().replace('\\', '/');
        add(zip, name, Files.readAllBytes(library), true);
      }
    }
  }

  private List<Path> inputs() throws IOException {
    List<Path> inputs = new ArrayList<>(List.of(classes));
    String path = Files.readString(folder.resolve("dexed.classpath")).trim();
    for (String entry : path.split(java.io.File.pathSeparator, -1)) {
      inputs.add(Path.of(entry));
    }
    return inputs;
  }

  private Map<String, byte[]> classFiles() throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    for (Path input : inputs()) {
      ClassFiles.read(input, name -> name.endsWith(".class"), all);
    }
    return all;
  }

  /** Returns what classes look for beside them: lists of abbreviations, providers of kernels. */
  private Map<String, byte[]> javaResources() throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    for (Path input : inputs()) {
      ClassFiles.read(input, ApkBuilder::isJavaResource, all);
    }
    return all;
  }

  /** Libraries for desktops are in JARs, too. */
  static boolean isJavaResource(String name) {
    boolean other = name.endsWith("/") || name.endsWith(".class") || name.endsWith(".so");
    return !other && (!name.startsWith("META-INF/") || name.startsWith("META-INF/services/"));
  }

  private Path dex(Map<String, byte[]> inputs) throws Exception {
    Strict strict = new Strict();
    Path output = Files.createDirectories(folder.resolve("dex"));
    D8Command.Builder command =
        D8Command.builder(strict)
            .setMode(CompilationMode.RELEASE)
            .setMinApiLevel(MIN_API)
            .setOutput(output, OutputMode.DexIndexed)
            .addLibraryFiles(androidJar)
            .addLibraryResourceProvider(
                JdkClassFileProvider.fromJdkHome(Path.of(System.getProperty("java.home"))));
    inputs.forEach((name, bytes) -> command.addClassProgramData(bytes, new ClassFiles.Named(name)));
    D8.run(command.build());
    if (!strict.warnings.isEmpty()) {
      throw new IllegalStateException("D8 warns: " + String.join("\n", strict.warnings));
    }
    return output.resolve("classes.dex");
  }

  /** Keeps what D8 complains of. */
  private static final class Strict implements DiagnosticsHandler {
    private final List<String> warnings = new ArrayList<>();

    @Override
    public synchronized void warning(Diagnostic warning) {
      Origin origin = warning.getOrigin();
      warnings.add(origin + ": " + warning.getDiagnosticMessage());
    }
  }

  private void copyResources(ZipOutputStream zip) throws IOException {
    try (ZipFile resources = new ZipFile(folder.resolve("resources.apk").toFile())) {
      for (ZipEntry entry : resources.stream().collect(Collectors.toList())) {
        byte[] bytes = resources.getInputStream(entry).readAllBytes();
        add(zip, entry.getName(), bytes, entry.getMethod() == ZipEntry.STORED);
      }
    }
  }

  private List<Path> nativeLibraries() throws IOException {
    if (!Files.isDirectory(libraries)) {
      return List.of();
    }
    try (var files = Files.walk(libraries)) {
      return files
          .filter(file -> file.toString().endsWith(".so"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private static void add(ZipOutputStream zip, String name, byte[] bytes, boolean stored)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    // The same input gives the same package.
    entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
    if (stored) {
      java.util.zip.CRC32 crc = new java.util.zip.CRC32();
      crc.update(bytes);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(crc.getValue());
      if (name.endsWith(".bcq")) {
        entry.setExtra(
            ByteBuffer.allocate(3 * Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(ALIGNMENT_FIELD)
                .putShort((short) Short.BYTES)
                .putShort((short) MODEL_ALIGNMENT)
                .array());
      }
    }
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
