package dev.bcq.demo.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.android.tools.r8.CompilationMode;
import com.android.tools.r8.Diagnostic;
import com.android.tools.r8.DiagnosticsHandler;
import com.android.tools.r8.JdkClassFileProvider;
import com.android.tools.r8.OutputMode;
import com.android.tools.r8.R8;
import com.android.tools.r8.R8Command;
import com.android.tools.r8.origin.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R8 with the rules of the AAR alone leaves what translating needs. */
class ShrunkRuntimeTest {
  private static final Path ROOT = Path.of(System.getProperty("bcq.root", "none"));
  private static final Path AAR = ROOT.resolve("runtime/android/target/aar");
  private static final Path HOST_LIBRARY =
      ROOT.resolve("kernels-native/c/target/native").resolve(System.mapLibraryName("bcq_kernels"));
  private static final String MAIN = "dev.bcq.demo.packaging.SampleProgram";

  @TempDir Path folder;

  /** Keeps what R8 complains of. */
  private static final class Strict implements DiagnosticsHandler {
    private final List<String> warnings = new ArrayList<>();

    @Override
    public synchronized void warning(Diagnostic warning) {
      warnings.add(warning.getDiagnosticMessage());
    }
  }

  private Path shrink() throws Exception {
    Map<String, byte[]> program = new TreeMap<>();
    String own = MAIN.replace('.', '/') + ".class";
    ClassFiles.read(
        Path.of(
            ShrunkRuntimeTest.class.getProtectionDomain().getCodeSource().getLocation().toURI()),
        own::equals,
        program);
    Path target = folder.resolve("shrunk.jar");
    Strict strict = new Strict();
    R8Command.Builder command =
        R8Command.builder(strict)
            .setMode(CompilationMode.RELEASE)
            .setOutput(target, OutputMode.ClassFile)
            .addProgramFiles(AAR.resolve("classes.jar"), flatBuffers())
            .addLibraryFiles(Path.of(System.getProperty("bcq.android.jar", "none")))
            .addLibraryResourceProvider(
                JdkClassFileProvider.fromJdkHome(Path.of(System.getProperty("java.home"))))
            .addProguardConfigurationFiles(AAR.resolve("proguard.txt"))
            .addProguardConfiguration(
                List.of(
                    "-keep class " + MAIN + " { public static void main(java.lang.String[]); }"),
                Origin.unknown());
    program.forEach(
        (name, bytes) -> command.addClassProgramData(bytes, new ClassFiles.Named(name)));
    R8.run(command.build());
    assertEquals(List.of(), strict.warnings);
    return target;
  }

  private static Path flatBuffers() throws Exception {
    Class<?> table = Class.forName("com.google.flatbuffers.Table");
    return Path.of(table.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static long classBytes(Path jar) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    ClassFiles.read(jar, name -> name.endsWith(".class"), classes);
    return classes.values().stream().mapToLong(bytes -> bytes.length).sum();
  }

  @Test
  void theShrunkLibraryTranslatesTheGoldenSamples() throws Exception {
    Path shrunk = shrink();
    assertTranslates(shrunk, "scalar", "");
    // What this machine has in place of a phone's library; the names in both are the same.
    if (Files.exists(HOST_LIBRARY)) {
      assertTranslates(shrunk, "c-jni", HOST_LIBRARY.toString());
    } else {
      System.out.println("SKIPPED: the shrunk kernels in C. " + HOST_LIBRARY + " was not built");
    }
    long before = classBytes(AAR.resolve("classes.jar")) + classBytes(flatBuffers());
    long after = classBytes(shrunk);
    assertTrue(after < before * 3 / 4, after + " of " + before);
  }

  private static void assertTranslates(Path shrunk, String kernels, String library)
      throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dbcq.native.path=" + library,
                "-cp",
                shrunk.toString(),
                MAIN,
                System.getProperty("bcq.default.model", "none"))
            .redirectErrorStream(true)
            .start();
    String said;
    try (InputStream out = process.getInputStream()) {
      said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.lines().anyMatch(kernels::equals), said);
    assertTrue(said.contains("Wo ist der Bahnhof? "), said);
    assertTrue(said.matches("(?s).*\\b([1-9]\\d*) of \\1 samples are as expected.*"), said);
  }
}
