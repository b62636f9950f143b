package dev.bcq.converter.checkpoint.marian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlatYamlTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  private static void assertRefused(String text, String part) {
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> FlatYaml.read("a.yml", text));
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).startsWith("a.yml"), e.getMessage());
  }

  @Test
  void textsAndListsOfTextsAreRead() {
    Map<String, Object> found =
        FlatYaml.read("a.yml", "a: 1\nb: true\nc:\n  - x\n  - 2\nd:\n  []\ne: \"\"\nnull: ~\n");
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("a", "1");
    expected.put("b", "true");
    expected.put("c", List.of("x", "2"));
    expected.put("d", List.of());
    expected.put("e", "");
    expected.put("null", "~");
    assertEquals(expected, found);
  }

  @Test
  void tokensThatMeanSomethingToYamlAreTokens() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("vocab.yml"),
            """
            </s>: 0
            <unk>: 1
            '!': 2
            '!\\"': 3
            $: 4
            '''': 5
            \\": 6
            "\\x84": 7
            ? '  '
            : 8
            <<: 9
            true: 10
            "{\\"": 11
            \u2581\u00e9: 12
            """);
    List<String> expected =
        List.of(
            "</s>",
            "<unk>",
            "!",
            "!\\\"",
            "$",
            "'",
            "\\\"",
            "\u0084",
            "  ",
            "<<",
            "true",
            "{\"",
            "\u2581\u00e9");
    assertEquals(expected, MarianVocabulary.read(file).tokens());
  }

  @Test
  void aVocabularyOfMarianIsReadInFull() throws IOException {
    Path sample = SharedData.path("data/ct2-aren-transliteration/marian");
    List<String> found =
        FlatYaml.read(sample.resolve("vocab.yml")).entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> Integer.parseInt("" + entry.getValue())))
            .map(Map.Entry::getKey)
            .toList();
    assertEquals(
        List.of(Files.readString(sample.resolve("vocab.expected.txt")).split("\n")), found);
  }

  @Test
  void idsAreThereOnceAndInOrder() throws IOException {
    for (String wrong : List.of("a: 3", "a: 1", "a: -1", "a: x", "a: [0]")) {
      Path file = Files.writeString(folder.resolve("v.yml"), "</s>: 0\n<unk>: 1\n" + wrong + "\n");
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> MarianVocabulary.read(file));
      assertTrue(
          String.valueOf(e.getMessage()).contains("expected each of 0 to 2 once"), e.getMessage());
    }
    Path file = Files.writeString(folder.resolve("v.yml"), "<unk>: 0\n");
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> MarianVocabulary.read(file));
    assertEquals("v.yml has no </s>", e.getMessage());
  }

  @Test
  void everythingElseIsRefused() {
    assertRefused("", "found StreamEnd; expected a mapping");
    assertRefused("- a\n", "expected a mapping");
    assertRefused("a\n", "expected a mapping");
    assertRefused("a: {b: c}\n", "expected a text or a list");
    assertRefused("a: [[b]]\n", "expected a text in a list");
    assertRefused("? [a]\n: b\n", "expected a text as a key");
    assertRefused("a: 1\na: 2\n", "a is there twice");
    assertRefused("a: 'b\n", "is no valid YAML");
    assertRefused("a: \"\u0001\"\n", "is no valid YAML");
    assertRefused("a: [b\n", "is no valid YAML");
  }

  @Test
  void aliasesAreRefusedAtOnce() {
    assertRefused("a: &x b\nc: *x\n", "found an alias");
    assertRefused("a: &a [*a]\n", "found an alias");
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x]\n");
    for (int i = 1; i < 60; i++) {
      String one = "*a" + (i - 1);
      bomb.append("a%d: &a%d [%s, %s, %s, %s]\n".formatted(i, i, one, one, one, one));
    }
    assertRefused(bomb.toString(), "found an alias");
  }

  @Test
  void depthCostsNothing() {
    for (String deep :
        List.of("[".repeat(100_000), "{".repeat(100_000), "a: " + "[".repeat(100_000))) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      assertThrows(CheckpointException.class, () -> FlatYaml.read("a.yml", deep));
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 64L << 20, "allocated " + allocated);
    }
  }
}
