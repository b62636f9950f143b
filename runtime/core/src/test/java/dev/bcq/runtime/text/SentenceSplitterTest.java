package dev.bcq.runtime.text;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceSplitterTest {
  private static final String[] LANGUAGES = {
    "en", "de", "fr", "es", "pt", "it", "ru", "zh", "ja", "ar", "general"
  };

  /** What rules look at: each may stand beside each other. */
  private static final String[] NASTY = {
    ".",
    "!",
    "?",
    "\u2026",
    "...",
    "\u3002",
    "\uff01",
    "\uff0e",
    "\u061f",
    ";",
    ",",
    ":",
    "-",
    "\u2014",
    "\"",
    "'",
    "\u201c",
    "\u201d",
    "\u00ab",
    "\u00bb",
    "(",
    ")",
    "[",
    "]",
    "[1]",
    "\u300c",
    "\u300d",
    " ",
    " ",
    " ",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\n",
    "\r\n",
    "\t",
    "\u2028",
    "a",
    "b",
    "A",
    "I",
    "The",
    "the",
    "Dr",
    "z. B",
    "U.S",
    "No",
    "v. Chr",
    "3",
    "12",
    "1.",
    "IV",
    "\u6211",
    "\u3068",
    "\u3063\u3066",
    "\u0410",
    "\u0433",
    "\u062f",
    "\u200f",
    "\ud83d\ude00",
    "\ud83c\udffd",
    "\u200d",
    "\ufe0f",
    "\u0301",
    "\ud83d",
    "\ude00",
    "\u0000",
    ":-)",
    "\u2022",
    "etc",
    "\u00bf",
    "*",
    "#",
    "iP",
    "Tom",
    "said"
  };

  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "fr", "es", "pt", "it", "ru", "zh", "ja", "ar", "general"})
  void splitsAsTheVectorsSay(String language) throws IOException {
    SentenceSplitter splitter = splitter(language);
    List<Executable> checks = new ArrayList<>();
    for (List<String> block : blocks(language)) {
      StringBuilder text = new StringBuilder();
      List<String> expected = new ArrayList<>();
      for (String line : block) {
        boolean joined = line.startsWith("+");
        text.append(joined || text.length() == 0 ? "" : " ")
            .append(line, joined ? 1 : 0, line.length());
        expected.add(stripped(line.substring(joined ? 1 : 0)));
      }
      checks.add(
          () ->
              assertEquals(expected, sentences(splitter, text.toString()), language + ": " + text));
    }
    int least = language.equals("en") ? 40 : 25;
    assertTrue(checks.size() >= least, language + " has only " + checks.size() + " blocks");
    assertAll(checks);
  }

  private static List<List<String>> blocks(String language) throws IOException {
    List<List<String>> blocks = new ArrayList<>();
    List<String> block = new ArrayList<>();
    String name = "sentences-" + language + ".txt";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SentenceSplitterTest.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
      for (String line : lines.lines().collect(toList())) {
        if (line.isEmpty() && !block.isEmpty()) {
          blocks.add(block);
          block = new ArrayList<>();
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          block.add(unescaped(line));
        }
      }
    }
    if (!block.isEmpty()) {
      blocks.add(block);
    }
    return blocks;
  }

  private static String unescaped(String line) {
    return line.replace("\\n", "\n")
        .replace("\\r", "\r")
        .replace("\\t", "\t")
        .replace("\\v", "\u000b")
        .replace("\\f", "\f")
        .replace("\\u0085", "\u0085")
        .replace("\\u2028", "\u2028");
  }

  private static String stripped(String line) {
    int start = 0;
    while (CharacterClasses.isWhiteSpace(line.charAt(start))) {
      start++;
    }
    return line.substring(start);
  }

  private static SentenceSplitter splitter(String language) {
    return SentenceSplitter.of(language.equals("general") ? null : language);
  }

  private static List<String> sentences(SentenceSplitter splitter, String text) {
    return splitter.split(text).stream()
        .map(range -> range.substringOf(text))
        .collect(Collectors.toList());
  }

  @Test
  void findsNoSentenceInWhiteSpace() {
    SentenceSplitter splitter = SentenceSplitter.of("en");
    assertEquals(List.of(), splitter.split(""));
    assertEquals(List.of(), splitter.split(" \n\t\u00a0\u3000\u2028\ufeff\u200b "));
    assertEquals(List.of(new TextRange(1, 2)), splitter.split(" a "));
  }

  @ParameterizedTest
  @CsvSource({
    "EN,en",
    "en-US,en",
    "pt-BR,pt",
    "PT_br,pt",
    "eng_Latn,en",
    "ger,de",
    "zh_Hans,nl",
    "xx,nl"
  })
  void knowsLanguagesByAnyUsualCode(String code, String same) {
    assertSame(SentenceSplitter.of(same), SentenceSplitter.of(code));
  }

  @Test
  void usesGeneralRulesWithoutALanguage() {
    assertSame(SentenceSplitter.of(null), SentenceSplitter.of(""));
    assertSame(SentenceSplitter.of(null), SentenceSplitter.of("-"));
  }

  @Test
  void holdsItsPromisesForAnyText() {
    for (int seed = 0; seed < 40_000; seed++) {
      Random random = new Random(seed);
      StringBuilder builder = new StringBuilder();
      for (int i = random.nextInt(40); i >= 0; i--) {
        builder.append(NASTY[random.nextInt(NASTY.length)]);
      }
      String text = builder.toString();
      String language = LANGUAGES[random.nextInt(LANGUAGES.length)];
      checkPromises(splitter(language), text, "seed " + seed + ", " + language + ": " + text);
    }
  }

  private static void checkPromises(SentenceSplitter splitter, String text, String message) {
    List<TextRange> ranges = splitter.split(text);
    int at = 0;
    for (TextRange range : ranges) {
      checkWhiteSpace(text, at, range.start(), message);
      assertTrue(range.length() > 0, message);
      assertTrue(!CharacterClasses.isWhiteSpace(text.charAt(range.start())), message);
      assertTrue(!CharacterClasses.isWhiteSpace(text.charAt(range.end() - 1)), message);
      at = range.end();
      String sentence = range.substringOf(text);
      assertEquals(List.of(sentence), sentences(splitter, sentence), message);
    }
    checkWhiteSpace(text, at, text.length(), message);
    assertEquals(ranges, splitter.split(text), message);
  }

  private static void checkWhiteSpace(String text, int from, int to, String message) {
    assertTrue(from <= to, message);
    for (int i = from; i < to; i++) {
      assertTrue(CharacterClasses.isWhiteSpace(text.charAt(i)), message);
    }
  }

  // Quadratic time would be hours for some of these.
  @Test
  void takesLinearTimeForAnyMegabyte() {
    String[] units = {
      ".",
      "a. ",
      "\"",
      " ",
      "(",
      ". (",
      "a",
      "! ",
      "!\ud83d\ude00",
      ". \"",
      "\u3002",
      "\u300c",
      "... ",
      "...a ",
      ". - ",
      "1. ",
      "A. ",
      "a.",
      "\t",
      "1.\t",
      ". \u00bb",
      "[1",
      "\ud800",
      "z. B. ",
      "\u0301",
      ") (! ",
      "\n"
    };
    SentenceSplitter splitter = SentenceSplitter.of("de");
    for (String unit : units) {
      String text = unit.repeat(1_000_000 / unit.length());
      assertTimeoutPreemptively(
          Duration.ofMinutes(2), () -> splitter.split("x" + text), () -> "1 MB of '" + unit + "'");
    }
  }
}
