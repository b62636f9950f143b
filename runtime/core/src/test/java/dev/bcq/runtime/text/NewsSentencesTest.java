package dev.bcq.runtime.text;

import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** News of five languages (NTREX-128), split again where people have split it. */
class NewsSentencesTest {
  private static final String TERMINATORS = ".!?\u2026";
  private static final String CLOSERS = "\"'\u201c\u201d\u2018\u2019\u00ab\u00bb) \u00a0\u202f";

  /**
   * Headlines end without a terminator, so they cannot be found. Lines of translations often hold
   * two sentences of which the source made one: the least precision is that of right splits.
   */
  @ParameterizedTest
  @CsvSource({
    "en, src.eng, .99, .99",
    "de, ref.deu, .99, .93",
    "fr, ref.fra, .99, .96",
    "es, ref.spa, .99, .97",
    "pt, ref.por, .99, .97"
  })
  void findsWhereTranslatorsSplit(
      String language, String file, double leastRecall, double leastPrecision) throws IOException {
    List<String> documents = lines("DOCUMENT_IDS.tsv.gz");
    List<String> lines = lines("newstest2019-" + file + ".txt.gz");
    assertEquals(documents.size(), lines.size());
    int expected = 0;
    int found = 0;
    int right = 0;
    int at = 0;
    while (at < lines.size()) {
      StringBuilder text = new StringBuilder();
      Set<Integer> ends = new HashSet<>();
      int first = at;
      for (; at < lines.size() && documents.get(at).equals(documents.get(first)); at++) {
        text.append(at == first ? "" : " ").append(lines.get(at).strip());
        if (isTerminated(text)) {
          ends.add(text.length());
        }
      }
      Set<Integer> splits =
          SentenceSplitter.of(language).split(text.toString()).stream()
              .map(range -> range.end())
              .collect(toSet());
      ends.remove(text.length());
      splits.remove(text.length());
      expected += ends.size();
      found += splits.size();
      splits.retainAll(ends);
      right += splits.size();
    }
    double recall = right / (double) expected;
    double precision = right / (double) found;
    assertTrue(recall >= leastRecall, language + ": recall " + recall);
    assertTrue(precision >= leastPrecision, language + ": precision " + precision);
  }

  private static boolean isTerminated(CharSequence text) {
    int at = text.length() - 1;
    while (at > 0 && CLOSERS.indexOf(text.charAt(at)) >= 0) {
      at--;
    }
    return TERMINATORS.indexOf(text.charAt(at)) >= 0;
  }

  private static List<String> lines(String name) throws IOException {
    Path path =
        Path.of(System.getProperty("bcq.shared", "../shared"), "data/ntrex-128", name).normalize();
    assumeTrue(
        Files.exists(path), () -> path + " is missing: give its parent with -Dbcq.shared=FOLDER");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
      return reader.lines().collect(toList());
    }
  }
}
