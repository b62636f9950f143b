package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.format.GoldenSample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of released versions translate for ever as they did. */
class ReleasedVersionsTest {
  private static final List<String> TRANSLATIONS =
      List.of("eeuu<name><name> einfuiu w", "oovv<name>inuiiuu", "ovvo<name><name> einuuffuiiee");

  private final BcqFile file =
      BcqFile.open(
          Path.of("../../format/src/test/resources/dev/bcq/format/versions/version-1.bcq"));

  @TempDir Path folder;

  /** The file has a dense matrix that its model does without, so that its scores are exact. */
  private static void assertSame(GoldenSamples.Result result) {
    GoldenSample expected = result.expected();
    assertTrue(result.same(), expected.source());
    assertEquals(expected.targetIds(), result.found().ids());
    assertEquals(expected.score(), result.found().score(), 0f, expected.source());
  }

  @Test
  void version1TranslatesItsSamplesToTheSameBits() {
    List<GoldenSamples.Result> results = GoldenSamples.check(file);
    assertEquals(3, results.size());
    results.forEach(ReleasedVersionsTest::assertSame);
  }

  @Test
  void version1ReadsAndWritesTheSameText() {
    List<String> found = new ArrayList<>();
    try (Translator translator = Translator.of(file, GoldenSamples.OPTIONS)) {
      for (GoldenSample sample : file.directory().samples()) {
        int[] ids = translator.sourceIds(sample.source(), TranslationOptions.DEFAULT);
        assertEquals(sample.sourceIds(), Arrays.stream(ids).boxed().toList());
        found.add(GoldenSamples.translate(translator, ids).text());
      }
    }
    assertEquals(TRANSLATIONS, found);
  }

  /** Guards the recipe of the file, and with it today's writer. */
  @Test
  void theSameModelWrittenTodayHasTheSameSamples() {
    BcqFile today = VersionOneModel.write(folder.resolve("today.bcq"));
    today.verifyChecksums();
    assertEquals(file.directory().samples(), today.directory().samples());
    GoldenSamples.check(today).forEach(ReleasedVersionsTest::assertSame);
  }
}
