package dev.bcq.benchmarks.measure;

import dev.bcq.console.CommandException;
import dev.bcq.format.BcqFile;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code bcq-translate} as a process of its own, started as a person starts it. */
final class TranslateProcess {
  /** A text that any model with a tokenizer reads. */
  private static final String TEXT = "Where is the station?";

  /** Tokens of its stand-in for models without one, and of its translation. */
  private static final int SHORT_TOKENS = 8;

  /** Sentences after which memory is read: what grows with the first ones has grown. */
  private static final int SENTENCES = 4;

  private static final String OPTIONS_VARIABLE = "JDK_JAVA_OPTIONS";
  private static final Pattern HEAP =
      Pattern.compile("Heap address: 0x([0-9a-f]+), size: (\\d+) MB");

  private final Path launcher;
  private final Combination combination;
  private final Workload workload;

  TranslateProcess(Path launcher, Combination combination, Workload workload) {
    this.launcher = launcher;
    this.combination = combination;
    this.workload = workload;
  }

  /** Returns the nanoseconds from the start of the process to its printed translation. */
  long coldStart() {
    BcqFile file = combination.model().file();
    List<String> arguments = new ArrayList<>();
    if (file.tokenizer() != null) {
      arguments.add(workload.lines().isEmpty() ? TEXT : workload.lines().get(0));
    } else {
      String tokens = String.valueOf(SHORT_TOKENS);
      arguments.addAll(List.of("--ids", "--min-tokens", tokens, "--max-tokens", tokens));
      arguments.add(words(Workload.madeUp(file.directory(), SHORT_TOKENS)));
    }
    return run(
        arguments,
        null,
        running -> {
          running.line();
          return System.nanoTime() - running.begin;
        });
  }

  /** Returns the memory of a process that has translated sentences of the workload. */
  ProcessMemory memory() {
    try {
      Path folder = Files.createTempDirectory("bcq-bench-");
      Path log = folder.resolve("heap.log");
      try {
        return memory(log);
      } finally {
        Files.deleteIfExists(log);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new CommandException(
          "the memory of a process cannot be measured: " + e.getMessage(), e);
    }
  }

  private ProcessMemory memory(Path log) {
    List<String> arguments = new ArrayList<>(List.of("--ids"));
    if (workload.targetTokens() != null) {
      String tokens = String.valueOf(workload.targetTokens());
      arguments.addAll(List.of("--min-tokens", tokens, "--max-tokens", tokens));
    }
    if (workload.noRepeatNgram() != null) {
      arguments.addAll(List.of("--no-repeat-ngram", String.valueOf(workload.noRepeatNgram())));
    }
    List<int[]> sources = workload.sources(combination.model().file());
    return run(
        arguments,
        log,
        running -> {
          for (int i = 0; i < SENTENCES; i++) {
            running.input.write(words(sources.get(i % sources.size())) + "\n");
            running.input.flush();
            running.line();
          }
          return ProcessMemory.of(
              Stream.concat(Stream.of(running.process.toHandle()), running.process.descendants())
                  .toList(),
              heap(log),
              combination.model().path().toRealPath());
        });
  }

  private static ProcessMemory.Range heap(Path log) throws IOException {
    Matcher found = HEAP.matcher(Files.readString(log));
    if (!found.find()) {
      throw new CommandException("the JVM did not say where its heap lies");
    }
    long from = Long.parseUnsignedLong(found.group(1), 16);
    return new ProcessMemory.Range(from, from + (Long.parseLong(found.group(2)) << 20));
  }

  /** Something to do while the process runs. */
  private interface Work<T> {
    T with(Running running) throws IOException;
  }

  /** A process that has been started, and its streams. */
  private record Running(
      Process process, long begin, BufferedWriter input, BufferedReader output, Path errors) {

    /** Waits for a line of output. */
    String line() throws IOException {
      String line = output.readLine();
      if (line == null) {
        throw new CommandException("bcq-translate failed: " + Files.readString(errors).strip());
      }
      return line;
    }
  }

  private <T> T run(List<String> arguments, @Nullable Path log, Work<T> work) {
    try {
      Path errors = Files.createTempFile("bcq-bench-", ".err");
      try {
        return run(builder(arguments, log).redirectError(errors.toFile()), errors, work);
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new CommandException(launcher + " cannot be run: " + e.getMessage(), e);
    }
  }

  private static <T> T run(ProcessBuilder builder, Path errors, Work<T> work) throws IOException {
    long begin = System.nanoTime();
    Process process = builder.start();
    try (BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8);
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      return work.with(new Running(process, begin, input, output, errors));
    } finally {
      end(process);
    }
  }

  /** Its input has ended, so it ends by itself. */
  private static void end(Process process) {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroy();
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }

  private ProcessBuilder builder(List<String> arguments, @Nullable Path log) {
    List<String> command =
        new ArrayList<>(
            List.of(
                launcher.toString(),
                "--model",
                combination.model().path().toString(),
                "--kernels",
                combination.kernels(),
                "--arithmetic",
                combination.arithmetic().toString(),
                "--threads",
                String.valueOf(combination.threads()),
                "--beam",
                String.valueOf(combination.beam())));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    if (log != null) {
      builder
          .environment()
          .merge(
              OPTIONS_VARIABLE,
              "-Xlog:gc+heap+coops=debug:file=" + log + "::filecount=0",
              (former, added) -> former + " " + added);
    }
    return builder;
  }

  private static String words(int[] ids) {
    return Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }
}
