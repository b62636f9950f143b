package dev.bcq.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bcq.console.Version;
import dev.bcq.runtime.kernels.KernelRegistry;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a folder of its own, built from the class path of this test: whatever is wrong
 * with its start-up cache, the translation is printed and nothing else.
 */
@DisabledOnOs(OS.WINDOWS)
@EnabledForJreRange(min = JRE.JAVA_25)
@Timeout(120)
class StartUpCacheTest {
  private static final Path ROOT = Path.of(System.getProperty("bcq.root", "none"));
  private static final String JAR = "bcq-cli-" + Version.NUMBER + ".jar";

  @TempDir Path folder;

  private Path target;
  private Path cache;

  @BeforeEach
  void buildACopy() throws IOException {
    assumeTrue(
        KernelRegistry.load().report().startsWith("c-ffm: "),
        "there is no cache without the kernels in C");
    target = folder.resolve("runtime/cli/target");
    cache = target.resolve("start-up.aot");
    Files.createDirectories(target.resolve("lib"));
    Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(folder.resolve("models"));
    Files.copy(Path.of(Commands.MODEL), folder.resolve("models/en-de.bcq"));
    for (String name : List.of("bcq-translate", "launcher.sh", "start-up-cache")) {
      Files.copy(ROOT.resolve("bin").resolve(name), folder.resolve("bin").resolve(name));
    }
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        pack(path, target.resolve("lib/folder-" + number++ + ".jar"));
      } else if (Files.exists(path)) {
        Files.copy(path, target.resolve("lib/" + number++ + "-" + path.getFileName()));
      }
    }
    pack(ROOT.resolve("runtime/cli/target/classes"), target.resolve(JAR));
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  private ProcessBuilder process(Map<String, String> environment, String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.set(0, folder.resolve("bin").resolve(command[0]).toString());
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().removeIf(name -> name.matches("BCQ_.*|.*JAVA.*_OPTIONS"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return builder.redirectError(folder.resolve("stderr").toFile());
  }

  private Process start(Map<String, String> environment, String... command) throws IOException {
    return process(environment, command)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .start();
  }

  private void makeCache() throws Exception {
    assertEquals(0, start(Map.of(), "start-up-cache").waitFor());
  }

  private void assertTranslates(Map<String, String> environment, String... options)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("bcq-translate"));
    command.addAll(List.of(options));
    command.add("Where is the station?");
    Process process = start(environment, command.toArray(String[]::new));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), this::errors);
    assertEquals("Wo ist der Bahnhof?\n", output);
    assertEquals("", errors());
  }

  private String errors() {
    try {
      return Files.readString(folder.resolve("stderr"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private List<String> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith("start-up.aot"))
          .toList();
    }
  }

  @Test
  void classesComeFromTheCache() throws Exception {
    makeCache();
    assertEquals(List.of("start-up.aot"), leftovers());
    Path maps = Path.of("/proc/self/maps");
    assumeTrue(Files.exists(maps), "only Linux tells what a process has mapped");
    Process process = process(Map.of(), "bcq-translate").start();
    try (BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      in.write("Good morning.\n");
      in.flush();
      assertEquals("Guten Morgen.", out.readLine());
      String mapped = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "maps"));
      assertTrue(mapped.contains("start-up.aot"), mapped);
    }
    assertEquals(0, process.waitFor());
  }

  @Test
  void otherKernelsWorkBesideACache() throws Exception {
    makeCache();
    assertTranslates(Map.of());
    for (String kernels : List.of("vector", "scalar", "c-ffm", "c-jni")) {
      assertTranslates(Map.of(), "--kernels", kernels);
    }
    assertTranslates(Map.of("BCQ_MAX_ISA", "generic"));
  }

  @Test
  void aDamagedCacheIsNotUsed() throws Exception {
    makeCache();
    byte[] whole = Files.readAllBytes(cache);
    for (byte[] damaged :
        List.of(
            new byte[0],
            "nothing".getBytes(StandardCharsets.UTF_8),
            Arrays.copyOf(whole, whole.length / 2),
            Arrays.copyOf(new byte[1], whole.length))) {
      Files.write(cache, damaged);
      assertTranslates(Map.of());
    }
  }

  @Test
  void aCacheOfAnotherJavaIsNotUsed() throws Exception {
    makeCache();
    byte[] whole = Files.readAllBytes(cache);
    String version = System.getProperty("java.vm.version");
    int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf(version);
    assertTrue(at > 0, "the cache names the Java " + version + " that made it");
    whole[at] = 'X';
    Files.write(cache, whole);
    assertTranslates(Map.of());
  }

  @Test
  void aCacheOfOtherJarsIsNotUsed() throws Exception {
    makeCache();
    try (OutputStream out = Files.newOutputStream(target.resolve(JAR), StandardOpenOption.APPEND)) {
      out.write(0);
    }
    assertTranslates(Map.of());
    // As if it had been made afterwards, so that the launcher takes it for new.
    Files.setLastModifiedTime(cache, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    assertTranslates(Map.of());
  }

  @Test
  void aFolderThatCannotBeWrittenHasNoCache() throws Exception {
    assumeTrue(target.toFile().setWritable(false) && !Files.isWritable(target), "run as root");
    try {
      makeCache();
      assertEquals(List.of(), leftovers());
      assertTranslates(Map.of());
    } finally {
      assertTrue(target.toFile().setWritable(true));
    }
  }

  @Test
  void aCacheInTheMakingLeavesNothingWhenItIsEnded() throws Exception {
    Process process = start(Map.of(), "start-up-cache");
    while (process.isAlive() && leftovers().isEmpty()) {
      Thread.sleep(1);
    }
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertFalse(Files.exists(cache));
    assertEquals(List.of(), leftovers());
  }

  @Test
  void twoAtOnceMakeOneCache() throws Exception {
    Process one = start(Map.of(), "start-up-cache");
    Process other = start(Map.of(), "start-up-cache");
    assertEquals(0, one.waitFor());
    assertEquals(0, other.waitFor());
    assertEquals(List.of("start-up.aot"), leftovers());
    assertTranslates(Map.of());
  }
}
