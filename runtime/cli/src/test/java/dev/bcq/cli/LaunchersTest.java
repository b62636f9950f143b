package dev.bcq.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.console.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be told of the launchers, those for Windows above all, without running them. */
class LaunchersTest {
  private static final Path BIN = Path.of(System.getProperty("bcq.root", "none"), "bin");
  private static final Pattern LAUNCH = Pattern.compile("launch (\\S+) (\\S+) (\\d+) (yes|no) ");
  private static final Pattern SETTING = Pattern.compile("set \"BCQ_([A-Z]+)=([^\"]*)\"");
  private static final Pattern LABEL = Pattern.compile("(?m)^:(\\w+)$");
  private static final Pattern JUMP = Pattern.compile("(?:goto |call :)(\\w+)");

  private static String read(String name) throws IOException {
    return Files.readString(BIN.resolve(name), StandardCharsets.US_ASCII);
  }

  private static List<String> names(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(BIN)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.matches("bcq-[a-z]+" + suffix))
          .sorted()
          .toList();
    }
  }

  private static Set<String> firstGroups(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyCommandHasATwinForWindowsThatStartsTheSame() throws IOException {
    List<String> names = names("");
    assertTrue(names.contains("bcq-translate"), names.toString());
    assertEquals(names, names("\\.cmd").stream().map(name -> name.replace(".cmd", "")).toList());
    for (String name : names) {
      MatchResult launch =
          LAUNCH.matcher(read(name)).results().findFirst().orElseThrow(AssertionError::new);
      String folder = launch.group(2);
      List<String> expected =
          List.of(
              "COMMAND=%~n0",
              "MAIN=" + launch.group(1),
              "MODULE=" + folder.replace('/', '\\'),
              "JAR=bcq-" + folder.substring(folder.lastIndexOf('/') + 1),
              "LOWEST=" + launch.group(3),
              "VECTORS=" + launch.group(4));
      List<String> found =
          SETTING
              .matcher(read(name + ".cmd"))
              .results()
              .map(match -> match.group(1) + "=" + match.group(2))
              .toList();
      assertEquals(expected, found, name);
    }
  }

  @Test
  void launchersLookForTheJarsOfThisVersion() throws IOException {
    assertTrue(read("launcher.sh").contains("\nbcq_version=" + Version.NUMBER + "\n"));
    assertTrue(read("launcher.cmd").contains("\nset \"bcq_version=" + Version.NUMBER + "\"\r\n"));
  }

  @Test
  void jumpsInTheLauncherForWindowsHaveTheirLabels() throws IOException {
    String launcher = read("launcher.cmd");
    assertEquals(firstGroups(LABEL, launcher), firstGroups(JUMP, launcher));
  }

  // cmd misses labels in files with the line ends of Unix.
  @Test
  void filesForWindowsHaveItsLineEnds() throws IOException {
    for (String name : List.of("launcher.cmd", "bcq-translate.cmd", "bcq-convert.cmd")) {
      assertEquals("", read(name).replace("\r\n", "").replaceAll("[^\r\n]", ""), name);
    }
  }
}
