package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.decoding.DecodingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TranslatorTest {
  private static final int[] SOURCE = {7, 3, 44, 20, 9, 1};

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private BcqFile file;

  @BeforeEach
  void write() {
    file = RandomModels.marian(folder.resolve("m.bcq"), 3);
  }

  private Translator open() {
    return Translator.of(file, TranslatorOptions.DEFAULT.withKernels("scalar"));
  }

  private static TranslationOptions with(GenerationSettings.Builder settings) {
    return TranslationOptions.of(settings.build());
  }

  @Test
  void givesAsManyHypothesesAsAskedForBestFirst() {
    try (Translator translator = open()) {
      Translation translation =
          translator.translate(SOURCE, with(GenerationSettings.builder().beams(5).nBest(5)));
      assertEquals(5, translation.hypotheses().size());
      for (int i = 1; i < 5; i++) {
        assertTrue(
            translation.hypotheses().get(i - 1).score() >= translation.hypotheses().get(i).score());
      }
    }
  }

  @Test
  void scoresOfHypothesesAreThoseOfTeacherForcing() {
    try (Translator translator = open()) {
      TranslationOptions options = with(GenerationSettings.builder().beams(4).nBest(4));
      for (Translation.TargetText text : translator.translate(SOURCE, options).hypotheses()) {
        int[] target = text.ids().stream().mapToInt(Integer::intValue).toArray();
        TargetScore score = translator.score(SOURCE, target, options);
        assertEquals(text.score(), score.score(), 1e-5);
        assertEquals(text.ids(), score.targetIds());
      }
    }
  }

  @Test
  void anEmptySourceHasAnEmptyTranslation() {
    try (Translator translator = open()) {
      Translation translation = translator.translate(new int[0], TranslationOptions.DEFAULT);
      assertEquals(List.of(), translation.best().ids());
      assertEquals("", translation.best().text());
    }
  }

  @Test
  void refusesASourceBeyondThePositionsWithBothNumbers() {
    try (Translator translator = open()) {
      TranslationException e =
          assertThrows(
              TranslationException.class,
              () -> translator.translate(new int[301], TranslationOptions.DEFAULT));
      assertTrue(String.valueOf(e.getMessage()).contains("301 tokens"), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).contains("at most 300"), e.getMessage());
    }
  }

  @Test
  void refusesIdsOutsideTheVocabulary() {
    try (Translator translator = open()) {
      assertThrows(
          TranslationException.class,
          () -> translator.translate(new int[] {50}, TranslationOptions.DEFAULT));
      assertThrows(
          DecodingException.class,
          () -> translator.score(SOURCE, new int[] {-1}, TranslationOptions.DEFAULT));
    }
  }

  @Test
  void refusesOptionsThatContradictEachOther() {
    try (Translator translator = open()) {
      DecodingException e =
          assertThrows(
              DecodingException.class,
              () ->
                  translator.translate(
                      SOURCE, with(GenerationSettings.builder().beams(2).nBest(3))));
      assertTrue(String.valueOf(e.getMessage()).contains("n-best is 3"), e.getMessage());
      assertThrows(
          DecodingException.class,
          () -> translator.translate(SOURCE, with(GenerationSettings.builder().maxTokens(301))));
      assertThrows(
          DecodingException.class,
          () ->
              translator.translate(
                  SOURCE, with(GenerationSettings.builder().forcedFirstToken(50))));
      assertThrows(
          TranslationException.class,
          () ->
              translator.translate(
                  SOURCE, new TranslationOptions("summarize", GenerationSettings.NONE)));
    }
  }

  @Test
  void refusesTextWithoutATokenizer() {
    try (Translator translator = open()) {
      TranslationException e =
          assertThrows(TranslationException.class, () -> translator.translate("hello"));
      assertTrue(String.valueOf(e.getMessage()).contains("no tokenizer"), e.getMessage());
    }
  }

  @Test
  void aClosedTranslatorRefusesCalls() {
    Translator translator = open();
    translator.close();
    assertThrows(
        IllegalStateException.class,
        () -> translator.translate(SOURCE, TranslationOptions.DEFAULT));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileThatIsCutWhileItIsInUseIsReported() throws IOException {
    Path path = folder.resolve("cut.bcq");
    Files.copy(Path.of(System.getProperty("bcq.default.model", "none")), path);
    try (Translator translator =
        Translator.open(path, TranslatorOptions.DEFAULT.withKernels("scalar"))) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(8192);
      }
      BcqFormatException e =
          assertThrows(
              BcqFormatException.class,
              () -> translator.translate(SOURCE, TranslationOptions.DEFAULT));
      assertTrue(String.valueOf(e.getMessage()).contains("was cut"), e.getMessage());
    }
  }

  @Test
  void aModelInTheMiddleOfAFileTranslatesAsItDoesAlone() throws IOException {
    RandomModels.t5(folder.resolve("t5.bcq"), 5);
    RandomModels.inputScaled(folder.resolve("scaled.bcq"), 6);
    for (String name : List.of("m.bcq", "t5.bcq", "scaled.bcq")) {
      byte[] model = Files.readAllBytes(folder.resolve(name));
      TranslatorOptions scalar = TranslatorOptions.DEFAULT.withKernels("scalar");
      Translation alone;
      try (Translator translator = Translator.open(folder.resolve(name), scalar)) {
        alone = translator.translate(SOURCE, TranslationOptions.DEFAULT);
      }
      for (int offset : new int[] {1, 2, 4, 63, 4097, 65539}) {
        byte[] all = new byte[offset + model.length + 5];
        System.arraycopy(model, 0, all, offset, model.length);
        Path larger = Files.write(folder.resolve("package"), all);
        try (FileChannel channel = FileChannel.open(larger, StandardOpenOption.READ);
            Translator translator = Translator.open(channel, offset, model.length, scalar)) {
          assertEquals(
              alone,
              translator.translate(SOURCE, TranslationOptions.DEFAULT),
              name + " at byte " + offset);
        }
      }
    }
  }

  @Test
  void anyTextHasATranslationOrOneReasonWhyNot() {
    Path path = Path.of(System.getProperty("bcq.default.model", "none"));
    TranslationOptions options = with(GenerationSettings.builder().beams(1).maxTokens(8));
    try (Translator translator =
        Translator.open(path, TranslatorOptions.DEFAULT.withKernels("scalar"))) {
      for (long seed = 0; seed < 150; seed++) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
          int kind = random.nextInt(4);
          int range = kind == 0 ? 0x80 : kind == 1 ? 0x3000 : 0x10000;
          text.append((char) random.nextInt(range));
        }
        Translation translation = translator.translate(text.toString(), options);
        assertTrue(translation.best().ids().size() <= 8, "seed " + seed);
      }
      assertEquals("", translator.translate(" \u00a0\n\t ").best().text());
      String megabyte = "word ".repeat(200_000);
      TranslationException e =
          assertThrows(TranslationException.class, () -> translator.translate(megabyte));
      assertTrue(String.valueOf(e.getMessage()).contains("at most 512"), e.getMessage());
    }
  }

  @Test
  void closingLetsRunningCallsFinish() throws Exception {
    TranslationOptions options = with(GenerationSettings.builder().minTokens(200).maxTokens(299));
    Translator translator = open();
    Translation expected = translator.translate(SOURCE, options);
    ExecutorService workers = Executors.newFixedThreadPool(2);
    List<Future<Translation>> running = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      running.add(workers.submit(() -> translator.translate(SOURCE, options)));
    }
    Thread.sleep(5);
    translator.close();
    for (Future<Translation> call : running) {
      try {
        assertEquals(expected, call.get());
      } catch (ExecutionException e) {
        // It had not begun yet.
        assertInstanceOf(IllegalStateException.class, e.getCause());
      }
    }
    workers.shutdown();
  }

  @Test
  void callsSideBySideGiveTheSame() throws Exception {
    try (Translator translator = open()) {
      Translation expected = translator.translate(SOURCE, TranslationOptions.DEFAULT);
      ExecutorService workers = Executors.newFixedThreadPool(4);
      List<Future<Translation>> futures = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        futures.add(workers.submit(() -> translator.translate(SOURCE, TranslationOptions.DEFAULT)));
      }
      for (Future<Translation> future : futures) {
        assertEquals(expected, future.get());
      }
      workers.shutdown();
    }
  }
}
