package dev.bcq.kernels.ffm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The library of kernels: found, checked and initialized once, or the reason why not. An explicit
 * path comes first, and nothing else is tried then; else the library that the JAR brings for this
 * platform is taken.
 *
 * @param symbols its functions; null if it cannot be used
 * @param detail the level that is active, or why the library cannot be used
 */
record NativeLibrary(@Nullable SymbolLookup symbols, String detail) {
  /** System property with the path of a library. */
  static final String PATH = "bcq.native.path";

  /** System property, and environment variable, that bound the level. */
  static final String MAX_ISA = "bcq.max.isa";

  private static final String MAX_ISA_VARIABLE = "BCQ_MAX_ISA";

  /** What {@code bcq_kernels.h} says. */
  static final int ABI_VERSION = 9;

  private static final int LONGEST_MESSAGE = 1000;
  private static final Set<PosixFilePermission> OWNER =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final NativeLibrary LOADED = load();

  /** Returns the library of this process. */
  static NativeLibrary get() {
    return LOADED;
  }

  private static NativeLibrary load() {
    String path = System.getProperty(PATH, "");
    try {
      SymbolLookup symbols = path.isEmpty() ? bundled() : library(Path.of(path));
      return symbols == null
          ? new NativeLibrary(null, "this build has no library for " + platform())
          : checked(symbols);
    } catch (IOException e) {
      return new NativeLibrary(null, "the library cannot be unpacked: " + e.getMessage());
    } catch (IllegalArgumentException | IllegalCallerException | UnsatisfiedLinkError e) {
      return new NativeLibrary(null, (path.isEmpty() ? "" : path + ": ") + e.getMessage());
    }
  }

  private static SymbolLookup library(Path path) {
    return SymbolLookup.libraryLookup(path.toAbsolutePath(), Arena.global());
  }

  private static @Nullable SymbolLookup bundled() throws IOException {
    String name = platform() + "/" + System.mapLibraryName("bcq_kernels");
    try (InputStream in = NativeLibrary.class.getResourceAsStream(name)) {
      if (in == null) {
        return null;
      }
      Path file = temporaryFile();
      try {
        Files.write(file, in.readAllBytes());
        return library(file);
      } finally {
        // A loaded library needs its name no longer, except on Windows.
        if (!file.toFile().delete()) {
          file.toFile().deleteOnExit();
        }
      }
    }
  }

  // Files.createTempFile would do, but starts Java's security providers for a random name: 10 ms.
  // To
  // create the file fails where the name is taken, and nobody else may write to it.
  private static Path temporaryFile() throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir", "."));
    String name = "bcq-kernels-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".tmp";
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
            : new FileAttribute<?>[0];
    return Files.createFile(folder.resolve(name), attributes);
  }

  /** Returns the name of this platform as the JAR's folders have it, for instance linux-x86_64. */
  static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String kind =
        system.startsWith("windows") ? "windows" : system.startsWith("mac") ? "macos" : system;
    return kind + "-" + (architecture.equals("amd64") ? "x86_64" : architecture);
  }

  private static NativeLibrary checked(SymbolLookup symbols) {
    int version = abiVersion(symbols);
    if (version != ABI_VERSION) {
      return new NativeLibrary(
          null, "the library has ABI version " + version + "; expected " + ABI_VERSION);
    }
    String wanted = System.getProperty(MAX_ISA, "");
    if (wanted.isEmpty()) {
      wanted = Optional.ofNullable(System.getenv(MAX_ISA_VARIABLE)).orElse("");
    }
    String problem = initialize(symbols, wanted);
    if (!problem.isEmpty()) {
      return new NativeLibrary(null, MAX_ISA_VARIABLE + "=" + wanted + ": " + problem);
    }
    return new NativeLibrary(symbols, activeIsa(symbols));
  }

  private static int abiVersion(SymbolLookup symbols) {
    MethodHandle function =
        handle(symbols, "bcq_abi_version", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    try {
      return (int) function.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("bcq_abi_version", e);
    }
  }

  private static String initialize(SymbolLookup symbols, String maxIsa) {
    MethodHandle function =
        handle(
            symbols,
            "bcq_initialize",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bound = maxIsa.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(maxIsa);
      return text((MemorySegment) function.invokeExact(bound));
    } catch (Throwable e) {
      throw new IllegalStateException("bcq_initialize", e);
    }
  }

  private static String activeIsa(SymbolLookup symbols) {
    MethodHandle function =
        handle(symbols, "bcq_active_isa", FunctionDescriptor.of(ValueLayout.ADDRESS));
    try {
      return text((MemorySegment) function.invokeExact());
    } catch (Throwable e) {
      throw new IllegalStateException("bcq_active_isa", e);
    }
  }

  private static MethodHandle handle(
      SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    MemorySegment address =
        symbols
            .find(name)
            .orElseThrow(() -> new UnsatisfiedLinkError("the library has no function " + name));
    return Linker.nativeLinker().downcallHandle(address, descriptor);
  }

  private static String text(MemorySegment string) {
    if (string.address() == 0) {
      return "";
    }
    ByteBuffer bytes = string.reinterpret(LONGEST_MESSAGE).asByteBuffer();
    StringBuilder text = new StringBuilder();
    for (byte next = bytes.get(); next != 0; next = bytes.get()) {
      text.append((char) next);
    }
    return text.toString();
  }
}
