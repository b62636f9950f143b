package dev.bcq.kernels.c;

import dev.bcq.runtime.kernels.Availability;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The library of kernels: found, checked and initialized, or the reason why not. An explicit path
 * comes first, and nothing else is tried then; else what the system has installed with the
 * application, where it does so; else the library that the JAR brings for this platform.
 */
public final class NativeLibrary {
  /** System property with the path of a library. */
  public static final String PATH = "bcq.native.path";

  /** System property, and environment variable, that bound the level. */
  public static final String MAX_ISA = "bcq.max.isa";

  private static final String MAX_ISA_VARIABLE = "BCQ_MAX_ISA";

  /** What {@code bcq_kernels.h} says. */
  static final int ABI_VERSION = 14;

  private static final int COPIED_AT_ONCE = 1 << 16;
  private static final Set<PosixFilePermission> OWNER =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private NativeLibrary() {}

  /**
   * Loads the library in the way of a binding; once per binding and process, for a second library
   * takes memory of its own.
   *
   * @return the level that is active, or why the library cannot be used
   */
  public static Availability load(Library library) {
    String path = System.getProperty(PATH, "");
    try {
      boolean found = true;
      if (!path.isEmpty()) {
        library.load(Paths.get(path).toAbsolutePath());
      } else if (!library.loadInstalled()) {
        found = loadBundled(library);
      }
      return found
          ? checked(library)
          : Availability.no("this build has no library for " + platform());
    } catch (IOException e) {
      return Availability.no("the library cannot be unpacked: " + e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      // Among them: a file that is no library, and a Java that is told to allow no native code.
      return Availability.no((path.isEmpty() ? "" : path + ": ") + e.getMessage());
    }
  }

  private static boolean loadBundled(Library library) throws IOException {
    String name = platform() + "/" + System.mapLibraryName("bcq_kernels");
    try (InputStream in = NativeLibrary.class.getResourceAsStream(name)) {
      if (in == null) {
        return false;
      }
      Path file = temporaryFile();
      try {
        copy(in, file);
        library.load(file.toAbsolutePath());
      } finally {
        // A loaded library needs its name no longer, except on Windows.
        if (!file.toFile().delete()) {
          file.toFile().deleteOnExit();
        }
      }
      return true;
    }
  }

  private static void copy(InputStream in, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] bytes = new byte[COPIED_AT_ONCE];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        out.write(bytes, 0, read);
      }
    }
  }

  // Files.createTempFile would do, but starts Java's security providers for a random name: 10 ms.
  // To create the file fails where the name is taken, and nobody else may write to it.
  private static Path temporaryFile() throws IOException {
    Path folder = Paths.get(System.getProperty("java.io.tmpdir", "."));
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
            : new FileAttribute<?>[0];
    while (true) {
      try {
        Path file = folder.resolve("bcq-kernels-" + System.nanoTime() + ".tmp");
        return Files.createFile(file, attributes);
      } catch (FileAlreadyExistsException e) {
        // Another process, at the same nanosecond: the next one is free.
      }
    }
  }

  /** Returns the name of this platform as the JAR's folders have it, for instance linux-x86_64. */
  private static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String kind =
        system.startsWith("windows") ? "windows" : system.startsWith("mac") ? "macos" : system;
    return kind + "-" + (architecture.equals("amd64") ? "x86_64" : architecture);
  }

  private static Availability checked(Library library) {
    int version = library.abiVersion();
    if (version != ABI_VERSION) {
      return Availability.no(
          "the library has ABI version " + version + "; expected " + ABI_VERSION);
    }
    String wanted = System.getProperty(MAX_ISA, "");
    if (wanted.isEmpty()) {
      wanted = Optional.ofNullable(System.getenv(MAX_ISA_VARIABLE)).orElse("");
    }
    String problem = library.initialize(wanted);
    return problem.isEmpty()
        ? Availability.yes(library.activeIsa())
        : Availability.no(MAX_ISA_VARIABLE + "=" + wanted + ": " + problem);
  }
}
