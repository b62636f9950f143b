package dev.bcq.kernels.jni;

import dev.bcq.kernels.c.Library;
import dev.bcq.kernels.c.NativeLibrary;
import dev.bcq.runtime.kernels.Availability;
import java.nio.file.Path;

/** The library of this process, as Java's native interface sees it. */
final class JniLibrary implements Library {
  private static final Availability AVAILABILITY = NativeLibrary.load(new JniLibrary());

  private JniLibrary() {}

  /** Returns whether the library can be used; the first call loads it. */
  static Availability availability() {
    return AVAILABILITY;
  }

  @Override
  public void load(Path file) {
    System.load(file.toString());
  }

  // On Android the library is part of the application, beside its classes.
  @Override
  public boolean loadInstalled() {
    if (!System.getProperty("java.vm.name", "").equals("Dalvik")) {
      return false;
    }
    System.loadLibrary("bcq_kernels");
    return true;
  }

  @Override
  public native int abiVersion();

  @Override
  public native String initialize(String maxIsa);

  @Override
  public native String activeIsa();
}
