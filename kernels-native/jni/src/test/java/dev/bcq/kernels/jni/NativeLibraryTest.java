package dev.bcq.kernels.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.kernels.c.NativeLibraryContract;
import dev.bcq.runtime.kernels.KernelProvider;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeLibraryTest extends NativeLibraryContract {

  @Override
  protected KernelProvider provider() {
    return new JniKernelProvider();
  }

  @Test
  void onAndroidTheLibraryIsTheOneThatCameWithTheApplication() throws Exception {
    assumeLibrary();
    String folder = System.getProperty("bcq.native.build");
    List<String> lines =
        report("generic", "-D" + VM_NAME + "=Dalvik", "-Djava.library.path=" + folder);
    assertEquals("c-jni", lines.get(0));
    assertTrue(lines.get(1).contains("c-jni: generic"), lines.get(1));
  }

  @Test
  void onAndroidAnApplicationWithoutTheLibraryIsToldSo() throws Exception {
    List<String> lines = report("", "-D" + VM_NAME + "=Dalvik", "-Djava.library.path=/nowhere");
    assertEquals("scalar", lines.get(0));
    assertTrue(lines.get(1).contains("c-jni not available: no bcq_kernels in"), lines.get(1));
  }
}
