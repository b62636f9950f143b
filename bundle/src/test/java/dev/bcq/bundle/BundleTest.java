package dev.bcq.bundle;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * Holds the bundle to what the Central Portal requires
 * (https://central.sonatype.org/publish/requirements/), signatures apart.
 */
class BundleTest {
  private static final String GROUP = "dev.bcq";
  private static final String VERSION = System.getProperty("bcq.version", "none");
  private static final List<String> PARENTS =
      List.of("bcq-kernels-parent", "bcq-parent", "bcq-runtime-parent");
  private static final List<String> LIBRARIES =
      List.of(
          "bcq-format",
          "bcq-kernels-c",
          "bcq-kernels-ffm",
          "bcq-kernels-jni",
          "bcq-kernels-vector",
          "bcq-runtime");
  private static final String ANDROID = "bcq-android";
  private static final Map<String, String> CHECKSUMS =
      Map.of(".md5", "MD5", ".sha1", "SHA-1", ".sha256", "SHA-256", ".sha512", "SHA-512");

  private static Map<String, byte[]> files = Map.of();

  @BeforeAll
  static void read() throws IOException {
    files = entries(Files.readAllBytes(Path.of(System.getProperty("bcq.bundle", "none"))));
  }

  private static Map<String, byte[]> entries(byte[] archive) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.isDirectory()) {
          entries.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    return entries;
  }

  private static String path(String artifact, String ending) {
    return "dev/bcq/" + artifact + "/" + VERSION + "/" + artifact + "-" + VERSION + ending;
  }

  private static byte[] file(String path) {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw new AssertionError(path + " is missing; found " + files.keySet());
    }
    return bytes;
  }

  private static Document pom(String artifact)
      throws ParserConfigurationException, IOException, SAXException {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(file(path(artifact, ".pom"))));
  }

  private static String value(Document pom, String element) throws XPathExpressionException {
    return XPathFactory.newInstance().newXPath().evaluate("/project/" + element, pom).strip();
  }

  /** Returns an element of a POM or of the nearest of its parents, which lie in the bundle too. */
  private static String inherited(String artifact, String element) throws Exception {
    Document pom = pom(artifact);
    String found = value(pom, element);
    String parent = value(pom, "parent/artifactId");
    return !found.isEmpty() || parent.isEmpty() ? found : inherited(parent, element);
  }

  @Test
  void holdsThePublishedModulesWithAllTheirFilesAndNothingElse() {
    Set<String> expected = new TreeSet<>();
    PARENTS.forEach(parent -> expected.add(path(parent, ".pom")));
    for (String library : LIBRARIES) {
      Stream.of(".pom", ".jar", "-sources.jar", "-javadoc.jar")
          .forEach(ending -> expected.add(path(library, ending)));
    }
    Stream.of(".pom", ".aar", "-sources.jar", "-javadoc.jar")
        .forEach(ending -> expected.add(path(ANDROID, ending)));
    for (String file : List.copyOf(expected)) {
      CHECKSUMS.keySet().forEach(ending -> expected.add(file + ending));
    }
    assertEquals(String.join("\n", expected), String.join("\n", files.keySet()));
  }

  @Test
  void checksumsAreThoseOfTheFiles() throws NoSuchAlgorithmException {
    for (Map.Entry<String, byte[]> entry : files.entrySet()) {
      if (entry.getKey().matches(".*\\.(pom|jar|aar)")) {
        for (Map.Entry<String, String> checksum : CHECKSUMS.entrySet()) {
          String found =
              new String(file(entry.getKey() + checksum.getKey()), StandardCharsets.US_ASCII);
          byte[] digest = MessageDigest.getInstance(checksum.getValue()).digest(entry.getValue());
          assertEquals(
              HexFormat.of().formatHex(digest), found.strip(), entry.getKey() + checksum.getKey());
        }
      }
    }
  }

  @Test
  void everyPomHasWhatThePortalRequires() throws Exception {
    List<String> artifacts = new ArrayList<>(PARENTS);
    artifacts.addAll(LIBRARIES);
    artifacts.add(ANDROID);
    for (String artifact : artifacts) {
      Document pom = pom(artifact);
      assertEquals("4.0.0", value(pom, "modelVersion"));
      assertEquals(artifact, value(pom, "artifactId"));
      assertEquals(GROUP, either(value(pom, "groupId"), value(pom, "parent/groupId")));
      assertEquals(VERSION, either(value(pom, "version"), value(pom, "parent/version")));
      assertFalse(VERSION.endsWith("-SNAPSHOT"), "the Portal takes no snapshots: " + VERSION);
      for (String own : List.of("name", "description")) {
        assertFalse(value(pom, own).isEmpty(), artifact + " has no " + own);
      }
      for (String element :
          List.of(
              "url",
              "licenses/license/name",
              "licenses/license/url",
              "developers/developer/name",
              "scm/connection",
              "scm/developerConnection",
              "scm/url")) {
        assertFalse(inherited(artifact, element).isEmpty(), artifact + " has no " + element);
      }
    }
  }

  @Test
  void theAarHoldsTheWholeLibraryAndItsPomSaysWhatItIs() throws Exception {
    assertEquals("aar", value(pom(ANDROID), "packaging"));
    Map<String, byte[]> aar = entries(file(path(ANDROID, ".aar")));
    for (String name : List.of("AndroidManifest.xml", "R.txt", "proguard.txt")) {
      assertTrue(aar.containsKey(name), name + " is missing; found " + aar.keySet());
    }
    Set<String> classes = entries(Objects.requireNonNull(aar.get("classes.jar"))).keySet();
    for (String library :
        List.of("bcq-format", "bcq-kernels-c", "bcq-kernels-jni", "bcq-runtime")) {
      for (String name : entries(file(path(library, ".jar"))).keySet()) {
        assertTrue(!name.endsWith(".class") || classes.contains(name), name);
      }
    }
    long libraries =
        aar.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith(".so"))
            .mapToLong(entry -> entry.getValue().length)
            .sum();
    long size = file(path(ANDROID, ".aar")).length;
    assertTrue(size <= 700_000, size + " bytes, libraries of " + libraries + " bytes in them");
  }

  private static String either(String own, String ofParent) {
    return own.isEmpty() ? ofParent : own;
  }

  @Test
  void jarsHoldClassesTheirSourcesAndTheirDocumentation() throws IOException {
    for (String library : LIBRARIES) {
      Set<String> classes = entries(file(path(library, ".jar"))).keySet();
      Set<String> sources = entries(file(path(library, "-sources.jar"))).keySet();
      Set<String> pages = entries(file(path(library, "-javadoc.jar"))).keySet();
      List<String> types =
          classes.stream().filter(name -> name.matches("[^$]*[A-Z]\\w*\\.class")).toList();
      assertAll(
          () -> assertFalse(types.isEmpty(), library + " has no classes"),
          () -> assertTrue(pages.contains("index.html"), library + " has no documentation"));
      for (String type : types) {
        String source = type.replace(".class", ".java");
        assertTrue(sources.contains(source), library + " has no " + source);
      }
    }
  }
}
