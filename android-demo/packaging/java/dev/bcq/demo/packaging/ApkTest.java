package dev.bcq.demo.packaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.android.apksig.ApkVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.codehaus.mojo.animal_sniffer.ClassListBuilder;
import org.codehaus.mojo.animal_sniffer.SignatureChecker;
import org.codehaus.mojo.animal_sniffer.logging.Logger;
import org.junit.jupiter.api.Test;

/** The package is what was tested, runs on Android 8, and asks for nothing. */
class ApkTest {
  private static final Path APK = Path.of(System.getProperty("bcq.apk", "none"));
  private static final Path FOLDER = Path.of(System.getProperty("bcq.android.folder", "none"));
  private static final Path MODEL = Path.of(System.getProperty("bcq.default.model", "none"));
  private static final int MOST_BYTES_BESIDE_THE_MODEL = 1_200_000;

  private static byte[] entry(String name) throws IOException {
    try (ZipFile apk = new ZipFile(APK.toFile())) {
      return apk.getInputStream(apk.getEntry(name)).readAllBytes();
    }
  }

  private static String dex() throws IOException {
    return new String(entry("classes.dex"), StandardCharsets.ISO_8859_1);
  }

  private static List<String> lines(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.toList());
    }
  }

  @Test
  void isSignedForAllDevicesItRunsOn() throws Exception {
    ApkVerifier.Result result =
        new ApkVerifier.Builder(APK.toFile())
            .setMinCheckedPlatformVersion(ApkBuilder.MIN_API)
            .build()
            .verify();
    assertTrue(result.isVerified(), () -> result.getAllErrors().toString());
    assertTrue(result.isVerifiedUsingV2Scheme());
    assertTrue(result.isVerifiedUsingV3Scheme());
    assertEquals(List.of(), result.getWarnings());
  }

  @Test
  void isHardlyLargerThanItsModel() throws IOException {
    long rest = Files.size(APK) - Files.size(MODEL);
    assertTrue(rest <= MOST_BYTES_BESIDE_THE_MODEL, rest + " bytes beside the model");
  }

  @Test
  void theModelLiesInItAsItIs() throws IOException {
    try (ZipFile apk = new ZipFile(APK.toFile())) {
      assertEquals(ZipEntry.STORED, apk.getEntry("assets/en-de.bcq").getMethod());
      assertEquals(ZipEntry.STORED, apk.getEntry("resources.arsc").getMethod());
    }
    assertArrayEquals(Files.readAllBytes(MODEL), entry("assets/en-de.bcq"));
  }

  @Test
  void storedEntriesAreAlignedAndLibrariesToPagesOf16Kilobytes() throws IOException {
    Map<String, Long> offsets = storedOffsets();
    assertTrue(offsets.containsKey("resources.arsc"));
    offsets.forEach(
        (name, offset) -> {
          int alignment =
              name.endsWith(".so") ? 16384 : name.endsWith(".bcq") ? ApkBuilder.MODEL_ALIGNMENT : 4;
          assertEquals(0, offset % alignment, name + " at " + offset);
        });
  }

  /** Returns where the bytes of the entries begin that are not compressed. */
  private static Map<String, Long> storedOffsets() throws IOException {
    Map<String, Long> offsets = new TreeMap<>();
    try (RandomAccessFile file = new RandomAccessFile(APK.toFile(), "r")) {
      byte[] bytes = new byte[(int) file.length()];
      file.readFully(bytes);
      ByteBuffer zip = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int end = bytes.length - 22;
      while (zip.getInt(end) != 0x06054b50) {
        end--;
      }
      int at = zip.getInt(end + 16);
      for (int i = zip.getShort(end + 10); i > 0; i--) {
        int nameLength = zip.getShort(at + 28);
        String name = new String(bytes, at + 46, nameLength, StandardCharsets.UTF_8);
        int local = zip.getInt(at + 42);
        if (zip.getShort(at + 10) == 0) {
          long data = local + 30L + zip.getShort(local + 26) + zip.getShort(local + 28);
          offsets.put(name, data);
        }
        at += 46 + nameLength + zip.getShort(at + 30) + zip.getShort(at + 32);
      }
    }
    return offsets;
  }

  @Test
  void theClassesThatWereTestedAreTheOnesInTheDex() throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve(ApkBuilder.DEXED));
    assertTrue(lines.size() > 250, lines.size() + " classes");
    Set<String> packages = new TreeSet<>();
    String dex = dex();
    for (String line : lines) {
      String name = line.substring(65);
      packages.add(name.replaceAll("/[^/]*$", ""));
      try (InputStream tested = ApkTest.class.getClassLoader().getResourceAsStream(name)) {
        assertEquals(line.substring(0, 64), ClassFiles.hash(tested.readAllBytes()), name);
      }
      String descriptor = "L" + name.replace(".class", ";");
      assertTrue(name.endsWith("package-info.class") || dex.contains(descriptor), name);
    }
    assertTrue(
        packages.containsAll(List.of("com/google/flatbuffers", "dev/bcq/android", "dev/bcq/demo")),
        packages.toString());
  }

  @Test
  void whatClassesLookForBesideThemIsThere() throws IOException {
    Map<String, byte[]> expected = new TreeMap<>();
    for (Path input : inputs()) {
      ClassFiles.read(input, ApkBuilder::isJavaResource, expected);
    }
    assertTrue(expected.containsKey("dev/bcq/runtime/text/abbreviations-en.txt"));
    for (Map.Entry<String, byte[]> file : expected.entrySet()) {
      assertArrayEquals(file.getValue(), entry(file.getKey()), file.getKey());
    }
  }

  @Test
  void whatIsInTheDexRefersToNothingThatAndroid8Lacks() throws IOException {
    Problems problems = new Problems();
    ClassListBuilder own = new ClassListBuilder(problems);
    for (Path input : inputs()) {
      own.process(input.toFile());
    }
    Set<String> known = own.getPackages();
    // Records and their methods are rewritten by D8.
    known.add("java.lang.Record");
    known.add("java.lang.runtime.ObjectMethods");
    try (InputStream signatures =
        Files.newInputStream(FOLDER.resolve("tests/gummy-bears-api-26-0.15.0.signature"))) {
      SignatureChecker checker = new SignatureChecker(signatures, known, problems);
      checker.setSourcePath(List.of());
      for (Path input : inputs()) {
        checker.process(input.toFile());
      }
    }
    assertEquals(List.of(), problems.found);
  }

  private static List<Path> inputs() throws IOException {
    List<Path> inputs = new ArrayList<>(List.of(FOLDER.resolveSibling("classes")));
    String path = Files.readString(FOLDER.resolve("dexed.classpath")).trim();
    for (String entry : path.split(java.io.File.pathSeparator, -1)) {
      inputs.add(Path.of(entry));
    }
    return inputs;
  }

  /** Keeps what the sniffer says. */
  private static final class Problems implements Logger {
    private final List<String> found = new ArrayList<>();

    @Override
    public void info(String message) {}

    @Override
    public void info(String message, Throwable t) {}

    @Override
    public void debug(String message) {}

    @Override
    public void debug(String message, Throwable t) {}

    @Override
    public void warn(String message) {
      found.add(message);
    }

    @Override
    public void warn(String message, Throwable t) {
      found.add(message);
    }

    @Override
    public void error(String message) {
      found.add(message);
    }

    @Override
    public void error(String message, Throwable t) {
      found.add(message);
    }
  }

  @Test
  void theManifestNamesClassesThatAreThere() throws IOException {
    String manifest = Files.readString(FOLDER.resolve("AndroidManifest.xml"));
    List<String> names =
        Pattern.compile("android:name=\"(\\.\\w+)\"")
            .matcher(manifest)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toList());
    assertEquals(4, names.size(), names.toString());
    String dex = dex();
    for (String name : names) {
      assertTrue(dex.contains("Ldev/bcq/demo/" + name.substring(1) + ";"), name);
    }
  }

  @Test
  void asksForNoPermission() throws IOException {
    List<String> said =
        lines(System.getProperty("bcq.aapt2", "none"), "dump", "permissions", APK.toString());
    assertEquals(List.of("package: dev.bcq.demo"), said);
  }

  @Test
  void everyNativeMethodIsExportedByEveryLibrary() throws IOException {
    Set<String> declared = nativeMethods();
    try (ZipFile apk = new ZipFile(APK.toFile())) {
      for (ZipEntry entry : apk.stream().collect(Collectors.toList())) {
        if (entry.getName().endsWith(".so")) {
          String library =
              new String(apk.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
          Set<String> exported =
              Pattern.compile("(?<=\0)Java_\\w+(?=\0)")
                  .matcher(library)
                  .results()
                  .map(found -> found.group())
                  .collect(Collectors.toCollection(TreeSet::new));
          assertEquals(declared, exported, entry.getName());
        }
      }
    }
  }

  /** Returns the names that the machine code of the native methods in the dex must have. */
  private static Set<String> nativeMethods() throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    for (Path input : inputs()) {
      ClassFiles.read(input, name -> name.matches("dev/bcq/kernels/jni/.*\\.class"), classes);
    }
    Set<String> names = new TreeSet<>();
    for (byte[] bytes : classes.values()) {
      names.addAll(NativeMethods.of(new ByteArrayInputStream(bytes)));
    }
    return names;
  }
}
