package dev.bcq.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bcq.benchmarks.synthetic.Precision;
import dev.bcq.benchmarks.synthetic.SmallShapes;
import dev.bcq.benchmarks.synthetic.SyntheticModel;
import dev.bcq.console.CommandException;
import dev.bcq.runtime.kernels.Arithmetic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With scripts in place of {@code bcq-translate}, which this module does not build. */
class TranslateProcessTest {
  private static final Path SHELL = Path.of("/bin/sh");

  @TempDir Path folder;

  @BeforeEach
  void needsAShell() {
    assumeTrue(Files.isExecutable(SHELL), "no " + SHELL + ": processes are not tried");
  }

  private TranslateProcess process(String script) throws IOException {
    Path launcher = Files.writeString(folder.resolve("launcher"), "#!" + SHELL + "\n" + script);
    assertTrue(launcher.toFile().setExecutable(true));
    Path file = folder.resolve("model.bcq");
    SyntheticModel.write(file, SmallShapes.t5(), new Precision.Planes(1), 1);
    return new TranslateProcess(
        launcher,
        new Combination(BenchModel.open("model", file), "scalar", "any", Arithmetic.EXACT, 2, 3),
        new Workload(List.of(), 5, 6, 3));
  }

  @Test
  void aColdStartEndsWithThePrintedTranslation() throws IOException {
    TranslateProcess process = process("echo \"$@\" > '" + folder + "/arguments'; echo 1 2 3\n");
    assertTrue(process.coldStart() > 0);
    String arguments = Files.readString(folder.resolve("arguments")).strip();
    assertTrue(
        arguments.startsWith("--model " + folder.resolve("model.bcq") + " --kernels scalar"),
        arguments);
    assertTrue(arguments.contains("--arithmetic exact --threads 2 --beam 3 --ids"), arguments);
  }

  @Test
  void aProcessThatFailsIsReportedWithItsMessage() throws IOException {
    TranslateProcess process = process("echo 'bcq-translate: no luck' >&2; exit 1\n");
    CommandException e = assertThrows(CommandException.class, process::coldStart);
    assertEquals("bcq-translate failed: bcq-translate: no luck", e.getMessage());
  }

  @Test
  void aLauncherThatIsNotThereIsNamed() throws IOException {
    TranslateProcess process = process("");
    Files.delete(folder.resolve("launcher"));
    CommandException e = assertThrows(CommandException.class, process::coldStart);
    assertTrue(e.toString().contains(folder.resolve("launcher") + " cannot be run"), e.toString());
  }

  @Test
  void memoryIsReadWhileTheProcessWaitsForMoreSentences() throws IOException {
    assumeTrue(ProcessMemory.available(), "this system has no /proc/PID/smaps");
    TranslateProcess process =
        process(
            """
            log=${JDK_JAVA_OPTIONS##*file=}
            log=${log%%::*}
            echo "[debug] Heap address: 0x1000, size: 0 MB, oops" > "$log"
            while read -r line; do echo "$line"; done
            """);
    ProcessMemory memory = process.memory();
    assertTrue(memory.peak() > 0);
    assertEquals(0, memory.heap());
    assertEquals(0, memory.mapped());
  }
}
