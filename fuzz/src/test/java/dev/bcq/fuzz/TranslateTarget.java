package dev.bcq.fuzz;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.TextTranslation;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationException;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Translates any text. The first byte of an input chooses the source's language and whether the
 * others are UTF-8 or UTF-16, which may have unpaired surrogates.
 */
public final class TranslateTarget {
  /** The text is UTF-16. */
  static final int UTF_16 = 0x80;

  /** What a translation allocates for a character: layers, beams and scores of one token. */
  private static final AllocationLimit LIMIT = new AllocationLimit(2 << 20, 16 << 10);

  private static final String FURTHER_SPACES = "\u0085\u200b\ufeff";

  private static final BatchOptions ONE_BY_ONE = BatchOptions.DEFAULT.withSegments(1);
  private static final List<Translator> TRANSLATORS =
      List.of("en", "de", "zh", "ar", "").stream().map(TranslateTarget::translator).toList();

  private TranslateTarget() {}

  private static Translator translator(String language) {
    InputFile files = new InputFile();
    BcqFile file = SmallModels.translating(files.folder().resolve("model.bcq"), language);
    return Translator.of(file, TranslatorOptions.DEFAULT.withKernels("scalar"));
  }

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, Translator::translateText);
  }

  static void run(byte[] input, BiFunction<Translator, String, TextTranslation> translate) {
    if (input.length == 0) {
      return;
    }
    Translator translator = TRANSLATORS.get((input[0] & 0x7f) % TRANSLATORS.size());
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    String text = text(bytes, (input[0] & UTF_16) != 0);
    LIMIT.check(bytes.length, () -> checkText(translator, text, translate));
    checkSegment(translator, text);
  }

  private static String text(byte[] bytes, boolean utf16) {
    if (!utf16) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    char[] units = new char[bytes.length / 2];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().get(units);
    return new String(units);
  }

  private static void checkText(
      Translator translator,
      String text,
      BiFunction<Translator, String, TextTranslation> translate) {
    TextTranslation found = translate.apply(translator, text);
    int source = 0;
    int target = 0;
    for (TextTranslation.Sentence sentence : found.sentences()) {
      requireSpace(text, source, sentence.source().start());
      requireSpace(found.text(), target, sentence.target().start());
      require(
          sentence.target().substringOf(found.text()).equals(sentence.translation().best().text()),
          "a sentence's range is not its translation");
      source = sentence.source().end();
      target = sentence.target().end();
    }
    requireSpace(text, source, text.length());
    requireSpace(found.text(), target, found.text().length());
    require(
        found.equals(translator.translateText(text, TranslationOptions.DEFAULT, ONE_BY_ONE)),
        "sentences have other translations alone");
  }

  private static void checkSegment(Translator translator, String text) {
    try {
      Translation first = translator.translate(text);
      require(first.equals(translator.translate(text)), "the second translation differs");
    } catch (TranslationException e) {
      require(
          translator.sourceIds(text, TranslationOptions.DEFAULT).length > SmallModels.POSITIONS,
          String.valueOf(e.getMessage()));
    }
  }

  private static void requireSpace(String text, int from, int to) {
    require(from <= to, "ranges overlap");
    for (int i = from; i < to; i++) {
      require(isSpace(text.charAt(i)), "no sentence covers unit " + i);
    }
  }

  /** As the documentation of the splitter says. */
  private static boolean isSpace(char c) {
    return (c >= '\t' && c <= '\r') || Character.isSpaceChar(c) || FURTHER_SPACES.indexOf(c) >= 0;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }
}
