package dev.bcq.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Completion in the shell, with a real bash where there is one. */
class CompletionTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("bcq.root", "none"), "bin", "completion");
  private static final Path BASH = Path.of("/bin/bash");

  /** Completes the last of the words that follow, as a person sees it who presses the key. */
  private static final String PRESS_TAB =
      """
      . "$0/bcq.sh"
      COMP_WORDS=("$@")
      COMP_CWORD=$(($# - 1))
      _bcq_complete
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  @TempDir Path folder;

  private Set<String> completions(String... words) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(BASH), "no " + BASH + ": completion is not tried");
    List<String> command =
        new ArrayList<>(
            List.of(BASH.toString(), "--norc", "-c", PRESS_TAB, String.valueOf(FOLDER)));
    command.addAll(List.of(words));
    // Outside of a key press bash complains of compopt.
    Process bash =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor());
    return new TreeSet<>(out.lines().filter(line -> !line.isEmpty()).toList());
  }

  @ParameterizedTest
  @ValueSource(classes = {TranslateCommand.class, EvalCommand.class, InspectCommand.class})
  void theScriptsInTheFolderAreThoseOfTheCommands(Class<?> command)
      throws ReflectiveOperationException, IOException {
    CommandLine line = new CommandLine(command.getConstructor().newInstance());
    String name = line.getCommandName();
    assertEquals(
        AutoComplete.bash(name, line),
        Files.readString(FOLDER.resolve(name)),
        "the options of " + name + " have changed: run bin/completion/generate");
  }

  @Test
  void optionsAreCompleted() throws IOException, InterruptedException {
    assertEquals(Set.of("--arithmetic"), completions("bcq-translate", "--ar"));
    assertEquals(Set.of("--verify", "--version"), completions("bcq-inspect", "--ver"));
    assertEquals(Set.of("--pairs"), completions("bcq-eval", "--source", "a", "--pa"));
    assertEquals(Set.of("--method"), completions("bin/bcq-convert", "in", "out", "--met"));
  }

  @Test
  void valuesThatAreKnownAreCompleted() throws IOException, InterruptedException {
    assertEquals(Set.of("exact", "fast", "popcount"), completions("bcq-eval", "--arithmetic", ""));
    assertEquals(Set.of("alternating"), completions("bcq-convert", "--method", "al"));
  }

  @Test
  void fileNamesAreCompleted() throws IOException, InterruptedException {
    Files.createFile(folder.resolve("news.bcq"));
    Files.createFile(folder.resolve("news of today.bcq"));
    Files.createFile(folder.resolve("other.bcq"));
    Set<String> news = Set.of("news.bcq", "news of today.bcq");
    assertEquals(news, completions("bcq-translate", "--model", "ne"));
    assertEquals(news, completions("bcq-translate", "--score-target", "ne"));
    assertEquals(news, completions("bcq-eval", "--json", "--source", "ne"));
    assertEquals(news, completions("bcq-convert", "--force", "ne"));
    assertEquals(news, completions("/opt/bcq/bin/bcq-convert", "ne"));
    assertEquals(news, completions("/opt/bcq/bin/bcq-inspect", "--verify", "ne"));
  }

  @Test
  void textsAreNotCompletedWithFileNames() throws IOException, InterruptedException {
    Files.createFile(folder.resolve("news.bcq"));
    assertEquals(Set.of(), completions("bcq-translate", "ne"));
  }
}
