package dev.bcq.kernels.c;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.runtime.kernels.Availability;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.KernelRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which library is loaded; a process loads one, so that each case has its own. */
public abstract class NativeLibraryContract {

  @TempDir Path folder;

  /** System property of the program: what it takes for the name of its virtual machine. */
  protected static final String VM_NAME = "bcq.test.vm.name";

  /** Prints the kernels that are chosen, and what is said of all. */
  static final class Report {
    private Report() {}

    /** Runs the program. */
    public static void main(String[] args) {
      String system = System.getProperty(VM_NAME, "");
      if (!system.isEmpty()) {
        System.setProperty("java.vm.name", system);
      }
      KernelRegistry registry = KernelRegistry.load();
      System.out.println(registry.choose(KernelRegistry.AUTO).id());
      System.out.println(registry.report());
    }
  }

  /** Returns the provider under test. */
  protected abstract KernelProvider provider();

  /** Skips a test where there is no library. */
  protected final void assumeLibrary() {
    String wanted = System.getProperty(NativeLibrary.MAX_ISA, "");
    Availability found = provider().probe();
    Assumptions.assumeTrue(found.available(), () -> wanted + ": " + found.detail());
  }

  /** Returns the report of a process with other options. */
  protected static List<String> report(String maxIsa, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Report.class.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("BCQ_MAX_ISA", maxIsa);
    Process process = builder.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertEquals(0, process.waitFor());
    assertEquals(2, lines.size());
    return lines;
  }

  private static String built(String name) {
    return System.getProperty("bcq.native.build") + File.separator + System.mapLibraryName(name);
  }

  @Test
  void theLevelIsTheOneThatIsAskedFor() {
    String wanted = System.getProperty(NativeLibrary.MAX_ISA, "");
    Assumptions.assumeFalse(wanted.isEmpty(), "no level is asked for");
    assumeLibrary();
    assertEquals(wanted, provider().probe().detail());
  }

  @Test
  void theLibraryInTheJarIsTakenByItself() throws Exception {
    assumeLibrary();
    List<String> lines = report("generic");
    assertEquals(provider().id(), lines.get(0));
    assertTrue(lines.get(1).contains(provider().id() + ": generic"), lines.get(1));
  }

  @Test
  void anExplicitPathComesFirst() throws Exception {
    assumeLibrary();
    List<String> lines = report("generic", "-Dbcq.native.path=" + built("bcq_kernels"));
    assertEquals(provider().id(), lines.get(0));
  }

  @Test
  void aLibraryOfAnotherVersionIsRefusedAndOthersDoTheWork() throws Exception {
    assumeLibrary();
    List<String> lines = report("", "-Dbcq.native.path=" + built("wrong_abi"));
    assertEquals("scalar", lines.get(0));
    assertTrue(
        lines
            .get(1)
            .contains(
                "%s not available: the library has ABI version %d; expected %d"
                    .formatted(
                        provider().id(), NativeLibrary.ABI_VERSION + 1, NativeLibrary.ABI_VERSION)),
        lines.get(1));
  }

  @Test
  void whatIsNoLibraryIsRefusedByName() throws Exception {
    Path text = Files.writeString(folder.resolve("text.so"), "no library");
    for (Path path : List.of(text, folder.resolve("missing.so"))) {
      List<String> lines = report("", "-Dbcq.native.path=" + path);
      assertEquals("scalar", lines.get(0));
      assertTrue(lines.get(1).contains(provider().id() + " not available: " + path), lines.get(1));
    }
  }

  @Test
  void anUnknownLevelIsRefused() throws Exception {
    assumeLibrary();
    List<String> lines = report("avx9000");
    assertEquals("scalar", lines.get(0));
    assertTrue(
        lines.get(1).contains("BCQ_MAX_ISA=avx9000: unknown level of kernels"), lines.get(1));
  }
}
