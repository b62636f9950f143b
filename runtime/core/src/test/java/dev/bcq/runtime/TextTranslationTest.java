package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.GenerationSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TextTranslationTest {
  private static final TranslationOptions OPTIONS =
      TranslationOptions.of(GenerationSettings.builder().beams(1).maxTokens(6).build());

  private static final TranslatorOptions SCALAR = TranslatorOptions.DEFAULT.withKernels("scalar");

  /** What is read of a page: the kernels of this test are slow. */
  private static final int LINES_OF_PAGE = 4;

  @SuppressWarnings("NullAway.Init")
  private Translator translator;

  @BeforeEach
  void open() {
    translator = Translator.open(Path.of(System.getProperty("bcq.default.model", "none")), SCALAR);
  }

  @AfterEach
  void close() {
    translator.close();
  }

  private TextTranslation translate(String text) {
    return translator.translateText(text, OPTIONS, BatchOptions.DEFAULT);
  }

  /** White space and nothing else lies outside the ranges, and it is that of the source. */
  private static void assertCovers(String source, TextTranslation translation) {
    int at = 0;
    int targetAt = 0;
    for (TextTranslation.Sentence sentence : translation.sentences()) {
      String gap = source.substring(at, sentence.source().start());
      String targetGap = translation.text().substring(targetAt, sentence.target().start());
      assertTrue(
          gap.isBlank()
              || gap.chars()
                  .allMatch(
                      c ->
                          Character.isSpaceChar(c)
                              || Character.isWhitespace(c)
                              || c == 0x85
                              || c == 0xfeff
                              || c == 0x200b),
          gap);
      assertTrue(gap.equals(targetGap) || (gap.isEmpty() && targetGap.equals(" ")), targetGap);
      assertEquals(
          sentence.translation().best().text(),
          translation.text().substring(sentence.target().start(), sentence.target().end()));
      at = sentence.source().end();
      targetAt = sentence.target().end();
    }
    assertEquals(source.substring(at), translation.text().substring(targetAt));
  }

  private void assertSentencesAsAlone(String source, TextTranslation translation) {
    for (TextTranslation.Sentence sentence : translation.sentences()) {
      String text = source.substring(sentence.source().start(), sentence.source().end());
      assertEquals(translator.translate(text, OPTIONS), sentence.translation(), text);
    }
  }

  private static String lineBreaks(String text) {
    return text.replaceAll("[^\n\r\u0085\u2028\u2029\f]", "");
  }

  @Test
  void whiteSpaceLineBreaksAndParagraphsStay() {
    String text =
        "\ufeff  Good morning.  How are you?\r\n\r\n\tThanks!\n\n\n- Yes.\n- No.\u2028Maybe.\n   \n";
    TextTranslation translation = translate(text);
    assertEquals(6, translation.sentences().size());
    assertCovers(text, translation);
    assertEquals(lineBreaks(text), lineBreaks(translation.text()));
    assertSentencesAsAlone(text, translation);
  }

  @Test
  void pagesOfNewsKeepTheirShape() throws IOException {
    List<String> pages = pages(10);
    for (String page : pages) {
      TextTranslation translation = translate(page);
      assertCovers(page, translation);
      assertEquals(lineBreaks(page), lineBreaks(translation.text()));
      assertSentencesAsAlone(page, translation);
    }
  }

  private static List<String> pages(int most) throws IOException {
    Path folder = Path.of(System.getProperty("bcq.shared", "none"), "data", "ntrex-128");
    Assumptions.assumeTrue(Files.isDirectory(folder), folder + " is missing: no pages of news");
    List<String> lines = lines(folder.resolve("newstest2019-src.eng.txt.gz"));
    List<String> documents = lines(folder.resolve("DOCUMENT_IDS.tsv.gz"));
    Map<String, StringBuilder> pages = new LinkedHashMap<>();
    Map<String, Integer> linesOfPage = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      if (linesOfPage.merge(documents.get(i), 1, Integer::sum) > LINES_OF_PAGE) {
        continue;
      }
      // Two sentences a line, three lines a paragraph.
      String end = i % 6 == 5 ? "\n\n" : i % 2 == 1 ? "\n" : " ";
      pages
          .computeIfAbsent(documents.get(i), document -> new StringBuilder())
          .append(lines.get(i))
          .append(end);
    }
    return pages.values().stream().limit(most).map(String::valueOf).toList();
  }

  private static List<String> lines(Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  @Test
  void oddTextsHaveAResult() {
    for (String text :
        List.of(
            "",
            " \u00a0\n\t ",
            "\ud83d\ude00\ud83d\ude00 \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "See https://example.org/a.b?c=d&e=f. Or mail me@example.org!",
            "name\tprice\nbread\t1.50\nmilk\t0.99\n",
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "\u202b\u05e9\u05dc\u05d5\u05dd. \u05de\u05d4 \u05e9\u05dc\u05d5\u05de\u05da?\u202c",
            "\u0645\u0631\u062d\u0628\u0627\u061f \u0643\u064a\u0641 \u062d\u0627\u0644\u0643\u061f",
            "\ud83d alone. And \ude00 too.",
            "\u0000\u0001\u001b[31m red \u001b[0m.",
            "\u4eca\u5929\u5929\u6c14\u597d\u3002\u6211\u4eec\u8d70\u5427\uff01")) {
      TextTranslation translation = translate(text);
      assertCovers(text, translation);
      assertSentencesAsAlone(text, translation);
    }
    assertEquals("", translate("").text());
    assertEquals(List.of(), translate(" \n").sentences());
  }

  @Test
  void randomTextsHaveAResult() {
    String alphabet = "aZ9.!?,;: \n\t\"'()\u00a0\u3002\uff01\u061f\ud83d\ude00\ud800\u0301\u4e00";
    for (long seed = 0; seed < 25; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      TextTranslation translation = translate(text.toString());
      assertCovers(text.toString(), translation);
    }
  }

  @Test
  void aSentenceThatIsTooLongIsCutWhereItHurtsLeast() {
    String clause = "the man who lives in the house next door sings every morning";
    String text = (clause + ", ").repeat(40) + "and so on.";
    TextTranslation translation = translate(text);
    assertCovers(text, translation);
    assertSentencesAsAlone(text, translation);
    assertTrue(translation.sentences().size() > 2);
    List<String> ends = new ArrayList<>();
    for (TextTranslation.Sentence sentence : translation.sentences()) {
      assertTrue(sentence.translation().sourceIds().size() <= SentenceSegments.MOST_TOKENS);
      ends.add(text.substring(sentence.source().end() - 1, sentence.source().end()));
    }
    assertEquals(".", ends.remove(ends.size() - 1));
    assertTrue(ends.stream().allMatch(","::equals), ends.toString());
  }

  @Test
  void aLongLineIsTranslatedInPieces() {
    for (String word : List.of("word ", "x")) {
      String text = word.repeat(2_000);
      TextTranslation translation =
          translator.translateText(
              text,
              TranslationOptions.of(GenerationSettings.builder().beams(1).maxTokens(1).build()),
              BatchOptions.DEFAULT);
      assertCovers(text, translation);
      assertTrue(translation.sentences().size() > 6);
    }
  }

  @Test
  void sentencesWithoutSpaceBetweenThemGetOne() {
    String text = "\u4eca\u5929\u3002\u6211\u4eec\u3002";
    TextTranslation translation = translate(text);
    assertEquals(2, translation.sentences().size());
    TextTranslation.Sentence second = translation.sentences().get(1);
    if (!second.translation().best().text().isEmpty()) {
      assertEquals(' ', translation.text().charAt(second.target().start() - 1));
    }
    assertCovers(text, translation);
  }
}
