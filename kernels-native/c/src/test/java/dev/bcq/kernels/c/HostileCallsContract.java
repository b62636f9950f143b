package dev.bcq.kernels.c;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bcq.runtime.kernels.Availability;
import dev.bcq.runtime.kernels.KernelProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing that Java lets through makes C leave its arrays. The calls run in a process of their own,
 * which a single byte outside ends.
 */
public abstract class HostileCallsContract {
  /** Seeds of hostile calls for each of those of other tests. */
  private static final long CALLS = 48 * Long.getLong("bcq.test.seeds", 250);

  @TempDir Path folder;

  private Path file;

  /** Returns the provider under test. */
  protected abstract KernelProvider provider();

  /** Returns a program that hands its arguments and the provider's binding to the calls. */
  protected abstract Class<?> program();

  @BeforeEach
  void requireLibraryAndPages() throws IOException {
    String wanted = System.getProperty(NativeLibrary.MAX_ISA, "");
    Availability found = provider().probe();
    Assumptions.assumeTrue(found.available(), () -> wanted + ": " + found.detail());
    Path pages = GuardedMemory.library();
    Assumptions.assumeTrue(Files.exists(pages), () -> "the build has not made " + pages);
    file = Files.write(folder.resolve("seed"), new byte[Long.BYTES]);
  }

  private record Run(int exit, List<String> lines) {}

  private Run run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-XX:-CreateCoredumpOnCrash"));
    command.add("-XX:ErrorFile=" + folder.resolve("crash.log"));
    command.add("-Dbcq.native.build=" + System.getProperty("bcq.native.build"));
    command.add("-D" + NativeLibrary.MAX_ISA + "=" + System.getProperty(NativeLibrary.MAX_ISA, ""));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(program().getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output.lines().toList());
  }

  @Test
  void callsAreRefusedOrStayInTheirArraysAndEqualTheReference() throws Exception {
    Run run = run("calls", file.toString(), "0", Long.toString(CALLS));
    if (run.exit() != 0) {
      long seed = ByteBuffer.wrap(Files.readAllBytes(file)).getLong();
      fail("seed " + seed + ": " + String.join("\n", run.lines()));
    }
    // Beside the kinds there may be a warning of the virtual machine.
    List<String> kinds =
        run.lines().stream().filter(line -> line.matches("\\S+ \\d+ \\d+")).toList();
    assertEquals(11, kinds.size(), () -> "kinds of calls in " + run);
    for (String line : kinds) {
      String[] kind = line.split(" ", -1);
      assertTrue(Integer.parseInt(kind[1]) > 0, line + ": none was let through");
      assertTrue(Integer.parseInt(kind[2]) > 0, line + ": none was refused");
    }
  }

  @Test
  void aCallThatLeavesAnArrayEndsTheProcess() throws Exception {
    for (String way : List.of("behind", "before")) {
      Run run = run(way, file.toString());
      assertNotEquals(0, run.exit(), way);
      assertTrue(run.lines().stream().anyMatch(line -> line.contains("SIG")), run::toString);
    }
  }
}
