package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.flatbuffers.Table;
import dev.bcq.format.BcqFile;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents show compiles, runs and prints what they say. */
class DocumentationTest {
  private static final Path ROOT = Path.of(System.getProperty("bcq.root", "none"));

  /** A block of code, its language, and the text of the block without language that follows it. */
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```\\n(?:\\n^```\\n(.*?)^```\\n)?");

  private static final String IMPORTS =
      List.of(
              "android.content.res.*",
              "dev.bcq.format.*",
              "dev.bcq.runtime.*",
              "dev.bcq.runtime.decoding.*",
              "dev.bcq.runtime.kernels.*",
              "java.io.*",
              "java.nio.channels.*",
              "java.nio.file.*",
              "java.util.*",
              "java.util.concurrent.*",
              "java.util.logging.*")
          .stream()
          .map(name -> "import " + name + ";\n")
          .collect(Collectors.joining());

  /** As much of Android as the documents need. */
  private static final String CONTEXT =
      """
      package android.content;

      public interface Context {
        android.content.res.AssetManager getAssets();
      }
      """;

  private static final String ASSETS =
      """
      package android.content.res;

      public interface AssetManager {
        AssetFileDescriptor openFd(String name) throws java.io.IOException;
      }
      """;

  private static final String ASSET =
      """
      package android.content.res;

      public interface AssetFileDescriptor extends java.io.Closeable {
        java.io.FileDescriptor getFileDescriptor();

        long getStartOffset();

        long getDeclaredLength();
      }
      """;

  @TempDir Path folder;

  /** Returns the blocks of a document in one language. */
  private static List<MatchResult> blocks(String document, String language) throws IOException {
    Matcher matcher = BLOCK.matcher(Files.readString(ROOT.resolve(document)));
    List<MatchResult> blocks =
        matcher
            .results()
            .filter(block -> block.group(1).equals(language))
            .collect(Collectors.toList());
    assertTrue(!blocks.isEmpty(), document + " has no block in " + language);
    return blocks;
  }

  @Test
  void theExampleIsTheProgramOfTheReadme() throws IOException {
    assertEquals(
        blocks("README.md", "java").get(0).group(2),
        Files.readString(ROOT.resolve("examples/embedding/src/main/java/Hello.java")));
  }

  @Test
  void theDependencyIsThatOfTheExample() throws IOException {
    String project = Files.readString(ROOT.resolve("examples/embedding/pom.xml"));
    for (MatchResult block : blocks("docs/embedding.md", "xml")) {
      String dependency = block.group(2).strip().replaceAll("\\s+", "");
      assertTrue(project.replaceAll("\\s+", "").contains(dependency), block.group(2));
    }
  }

  @Test
  void snippetsCompileAndPrintWhatTheDocumentSays()
      throws IOException, URISyntaxException, InterruptedException {
    List<MatchResult> snippets = blocks("docs/embedding.md", "java");
    StringBuilder expected = new StringBuilder();
    StringBuilder main = new StringBuilder();
    List<Path> sources = new ArrayList<>(stubs());
    for (int i = 0; i < snippets.size(); i++) {
      String name = "Snippet" + (i + 1);
      String code = snippets.get(i).group(2);
      sources.add(source(name, method(name, "run(android.content.Context context)", code)));
      String output = snippets.get(i).group(3);
      assertEquals(
          code.contains("System.out") && !code.contains("context"),
          output != null,
          "what prints has its output below:\n" + code);
      if (output != null) {
        expected.append("# ").append(name).append('\n').append(output);
        main.append("System.out.println(\"# ").append(name).append("\");\n");
        main.append(name).append(".run(null);\n");
      }
    }
    sources.add(source("Main", method("Main", "main(String[] args)", main.toString())));
    compile(sources);
    assertEquals(expected.toString(), run());
  }

  private static String method(String type, String signature, String body) {
    return IMPORTS
        + "class "
        + type
        + " {\n  public static void "
        + signature
        + " throws Exception {\n"
        + body
        + "  }\n}\n";
  }

  private List<Path> stubs() throws IOException {
    return List.of(
        source("android/content/Context", CONTEXT),
        source("android/content/res/AssetManager", ASSETS),
        source("android/content/res/AssetFileDescriptor", ASSET));
  }

  private Path source(String name, String code) throws IOException {
    Path file = folder.resolve(name + ".java");
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, code);
  }

  /** Returns what an application has on its class path: not the tests, not their libraries. */
  private String classPath() throws URISyntaxException {
    List<String> places = new ArrayList<>(List.of(folder.toString()));
    for (Class<?> type : List.of(Translator.class, BcqFile.class, Table.class)) {
      places.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, places);
  }

  private void compile(List<Path> sources) throws IOException, URISyntaxException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of("-Xlint:all", "-Werror", "-cp", classPath(), "-d", folder.toString()),
                  null,
                  files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertTrue(compiled, messages.toString());
    }
  }

  private String run() throws IOException, URISyntaxException, InterruptedException {
    Files.copy(ROOT.resolve("models/en-de.bcq"), folder.resolve("en-de.bcq"));
    Path messages = folder.resolve("messages");
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                classPath(),
                "Main")
            .directory(ROOT.toFile())
            .redirectError(messages.toFile())
            .start();
    String out = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = java.waitFor();
    assertEquals(0, code, out + Files.readString(messages));
    return out.replace("\r\n", "\n");
  }
}
