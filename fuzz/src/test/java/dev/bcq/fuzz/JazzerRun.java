package dev.bcq.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What libFuzzer has found in a target, in a JVM of its own with a small heap.
 *
 * @param target name of the target
 * @param seconds how long it ran
 * @param executions inputs that were tried
 * @param coverage edges of the instrumented code that were reached
 * @param corpus inputs that each reach something others do not
 * @param finding what went wrong and which file does it again, or null
 */
record JazzerRun(
    String target,
    long seconds,
    long executions,
    long coverage,
    long corpus,
    @Nullable String finding) {
  private static final String HEAP = "-Xmx128m";
  private static final String DICTIONARY = "dictionary.txt";

  /** What has no branches but those of sizes, and is run most. */
  private static final String ARITHMETIC =
      "dev.bcq.runtime.kernels.**:dev.bcq.runtime.ops.**:dev.bcq.runtime.tensor.**";

  private static final Path FOLDER = Path.of(System.getProperty("bcq.fuzz.folder"));
  private static final Pattern PROGRESS =
      Pattern.compile("#(\\d+)\\s.* cov: (\\d+) ft: \\d+ corp: (\\d+)/");
  private static final int LINES_OF_A_FINDING = 60;

  /**
   * Runs a target until something is found or the time is over.
   *
   * @param target class with the method {@code fuzzerTestOneInput}
   * @param seeds inputs to start from; none is made that is more than twice as long
   */
  static JazzerRun of(Class<?> target, List<byte[]> seeds, long seconds)
      throws IOException, InterruptedException {
    Path folder = FOLDER.resolve(target.getSimpleName());
    clear(folder);
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed-" + i), seeds.get(i));
    }
    Files.write(folder.resolve(DICTIONARY), Seeds.DICTIONARY);
    Path log = folder.resolve("log.txt");
    long begin = System.nanoTime();
    int exitCode =
        new ProcessBuilder(command(target, 2 * longest(seeds), seconds))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    long took = (System.nanoTime() - begin) / 1_000_000_000;
    return read(target.getSimpleName(), took, exitCode, log);
  }

  private static int longest(List<byte[]> seeds) {
    return seeds.stream().mapToInt(seed -> seed.length).max().orElseThrow();
  }

  private static List<String> command(Class<?> target, int length, long seconds) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        HEAP,
        "-XX:+UseSerialGC",
        "-XX:-OmitStackTraceInFastThrow",
        "--enable-native-access=ALL-UNNAMED",
        "-Dbcq.root=" + System.getProperty("bcq.root"),
        "-cp",
        System.getProperty("java.class.path"),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + target.getName(),
        "--instrumentation_includes=dev.bcq.**",
        "--instrumentation_excludes=" + ARITHMETIC,
        "-dict=" + DICTIONARY,
        "-max_total_time=" + seconds,
        "-max_len=" + length,
        "-timeout=20",
        "-print_final_stats=1",
        "corpus");
  }

  private static JazzerRun read(String target, long seconds, int exitCode, Path log)
      throws IOException {
    long executions = 0;
    long coverage = 0;
    long corpus = 0;
    List<String> finding = new ArrayList<>();
    // The inputs that libFuzzer prints need not be UTF-8.
    for (String line : new String(Files.readAllBytes(log), ISO_8859_1).lines().toList()) {
      Matcher progress = PROGRESS.matcher(line);
      if (progress.find()) {
        executions = Long.parseLong(progress.group(1));
        coverage = Long.parseLong(progress.group(2));
        corpus = Long.parseLong(progress.group(3));
      } else if (!finding.isEmpty() || line.startsWith("==")) {
        finding.add(line);
      }
    }
    String text = null;
    if (exitCode != 0 || executions == 0) {
      text =
          String.format(
              Locale.ROOT,
              "%s ended with code %d after %d inputs; all of it is in %s%n%s",
              target,
              exitCode,
              executions,
              log,
              String.join("\n", finding.subList(0, Math.min(LINES_OF_A_FINDING, finding.size()))));
    }
    return new JazzerRun(target, seconds, executions, coverage, corpus, text);
  }

  private static void clear(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %,d inputs in %d s, %d a second; coverage %d, corpus %d; %s",
        target,
        executions,
        seconds,
        executions / Math.max(1, seconds),
        coverage,
        corpus,
        finding == null ? "nothing found" : "FOUND");
  }
}
