package dev.bcq.runtime.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SentenceCutTest {
  private static final SentenceSplitter SPLITTER = SentenceSplitter.of("en");

  private static List<String> cut(String text, int wanted) {
    return SPLITTER.cut(text, new TextRange(0, text.length()), wanted).stream()
        .map(range -> range.substringOf(text))
        .collect(Collectors.toList());
  }

  @Test
  void prefersClauseMarksToWhiteSpace() {
    assertEquals(
        List.of("one two three,", "four five six seven"),
        cut("one two three, four five six seven", 19));
    assertEquals(
        List.of("one two \u201cthree\u201d;", "four five six"),
        cut("one two \u201cthree\u201d; four five six", 16));
  }

  @Test
  void needsNoWhiteSpaceBehindEastAsianMarks() {
    assertEquals(
        List.of("\u4e00\u4e8c\u4e09\uff0c", "\u56db\u4e94\u516d"),
        cut("\u4e00\u4e8c\u4e09\uff0c\u56db\u4e94\u516d", 3));
  }

  @Test
  void takesNoClauseMarkWithinAWordOrNumber() {
    assertEquals(List.of("abc 1,000", "defgh"), cut("abc 1,000 defgh", 8));
  }

  @Test
  void takesWhiteSpaceWithoutClauseMarks() {
    assertEquals(List.of("one two", "three four"), cut("one two  three four", 10));
  }

  @Test
  void regardsNoPlaceFarFromTheWantedOne() {
    assertEquals(List.of("a, bcdefgh", "ijklmnop"), cut("a, bcdefghijklmnop", 10));
  }

  @Test
  void keepsCharactersTogether() {
    assertEquals(List.of("ab", "e\u0301cd"), cut("abe\u0301cd", 3));
    String family = "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67";
    assertEquals(List.of("abcdef", family + "ghijkl"), cut("abcdef" + family + "ghijkl", 8));
  }

  @Test
  void cutsMarksButNoSurrogatePairsWhereThereIsNothingElse() {
    assertEquals(List.of("\u0301\u0301", "\u0301\u0301"), cut("\u0301\u0301\u0301\u0301", 2));
    assertEquals(List.of("\ud83d\ude00", "\ud83d\ude00"), cut("\ud83d\ude00\ud83d\ude00", 1));
    assertEquals(List.of("\ud83d\ude00"), cut("\ud83d\ude00", 1));
  }

  @Test
  void movesPlacesOutsideToTheNearerEnd() {
    assertEquals(List.of("a", "bcd"), cut("abcd", -5));
    assertEquals(List.of("abc", "d"), cut("abcd", 50));
    assertEquals(List.of(), cut(" \n ", 1));
    assertEquals(List.of(), cut("", 0));
  }

  @Test
  void cutsAnyTextIntoAnySize() {
    String[] alphabet = {
      "a", "bc", " ", ", ", ".", "\u3001", "\ud83d\ude00", "\u200d", "\u0301", "\ud83d", "\"", "\n"
    };
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      StringBuilder builder = new StringBuilder();
      for (int i = random.nextInt(60); i >= 0; i--) {
        builder.append(alphabet[random.nextInt(alphabet.length)]);
      }
      check(builder.toString(), 2 + random.nextInt(20), "seed " + seed + ": " + builder);
    }
  }

  private static void check(String text, int most, String message) {
    Deque<TextRange> open = new ArrayDeque<>();
    open.push(new TextRange(0, text.length()));
    StringBuilder joined = new StringBuilder();
    while (!open.isEmpty()) {
      TextRange range = open.pop();
      if (range.length() <= most) {
        joined.append(range.substringOf(text));
        continue;
      }
      List<TextRange> parts = SPLITTER.cut(text, range, range.start() + most);
      for (int i = parts.size() - 1; i >= 0; i--) {
        assertTrue(parts.get(i).length() < range.length(), message);
        assertTrue(parts.get(i).length() > 0, message);
        open.push(parts.get(i));
      }
    }
    assertEquals(withoutWhiteSpace(text), withoutWhiteSpace(joined.toString()), message);
  }

  private static String withoutWhiteSpace(String text) {
    return text.replaceAll("[ \n]", "");
  }
}
