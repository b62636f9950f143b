package dev.bcq.kernels.ffm;

import dev.bcq.kernels.c.Library;
import dev.bcq.kernels.c.NativeLibrary;
import dev.bcq.runtime.kernels.Availability;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The library of this process, as the Foreign Function and Memory API sees it. */
final class FfmLibrary implements Library {
  private static final int LONGEST_MESSAGE = 1000;
  private static final FfmLibrary LIBRARY = new FfmLibrary();
  private static final Availability AVAILABILITY = NativeLibrary.load(LIBRARY);

  private @Nullable SymbolLookup symbols;

  private FfmLibrary() {}

  /** Returns whether the library can be used; the first call loads it. */
  static Availability availability() {
    return AVAILABILITY;
  }

  /** Returns the functions of the library, which is available. */
  static SymbolLookup symbols() {
    return LIBRARY.loaded();
  }

  private SymbolLookup loaded() {
    if (symbols == null) {
      throw new IllegalStateException("the library was not loaded");
    }
    return symbols;
  }

  /** Returns what a call has thrown as what may be thrown on; throws errors itself. */
  static RuntimeException failed(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
  }

  @Override
  public void load(Path file) {
    symbols = SymbolLookup.libraryLookup(file, Arena.global());
  }

  @Override
  public int abiVersion() {
    MethodHandle function = handle("bcq_abi_version", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    try {
      return (int) function.invokeExact();
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public String initialize(String maxIsa) {
    MethodHandle function =
        handle("bcq_initialize", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      return text((MemorySegment) function.invokeExact(arena.allocateFrom(maxIsa)));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public String activeIsa() {
    MethodHandle function = handle("bcq_active_isa", FunctionDescriptor.of(ValueLayout.ADDRESS));
    try {
      return text((MemorySegment) function.invokeExact());
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private MethodHandle handle(String name, FunctionDescriptor descriptor) {
    MemorySegment address =
        loaded()
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
