package dev.bcq.format;

import static dev.bcq.format.Checks.range;
import static dev.bcq.format.Checks.size;
import static dev.bcq.format.Checks.text;
import static dev.bcq.format.DirectoryDecoder.block;
import static dev.bcq.format.DirectoryDecoder.list;
import static dev.bcq.format.TensorDecoder.sized;

import dev.bcq.format.TextPipeline.AddedText;
import dev.bcq.format.TokenizerEntry.BytePairEntry;
import dev.bcq.format.TokenizerEntry.PipelineEntry;
import dev.bcq.format.TokenizerEntry.SentencePieceEntry;
import dev.bcq.format.TokenizerEntry.StepEntry;
import dev.bcq.format.TokenizerEntry.SubwordEntry;
import dev.bcq.format.TokenizerEntry.WordPieceEntry;
import dev.bcq.format.TokenizerEntry.WordsEntry;
import dev.bcq.format.generated.AddedToken;
import dev.bcq.format.generated.BytePair;
import dev.bcq.format.generated.Language;
import dev.bcq.format.generated.SentencePiece;
import dev.bcq.format.generated.StringList;
import dev.bcq.format.generated.Tokenizer;
import dev.bcq.format.generated.WordPiece;
import dev.bcq.format.generated.Words;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads a tokenizer's part of a directory. */
final class TokenizerDecoder {
  private static final String OWNER = "tokenizer";
  private static final int MOST_STEPS = 32;
  private static final int MOST_CHARACTERS = 255;
  private static final int MOST_FRAME_TOKENS = 64;

  /** Bytes of a merge: three numbers. */
  static final int MERGE_BYTES = 12;

  /** Ids of both sides are below. */
  private final int tokens;

  private TokenizerDecoder(int tokens) {
    this.tokens = tokens;
  }

  static TokenizerEntry decode(Tokenizer tokenizer, TransformerConfig config) {
    int tokens = Math.max(config.sourceVocabulary(), config.targetVocabulary());
    TokenizerDecoder decoder = new TokenizerDecoder(tokens);
    return tokenizer.sourcePipeline() == null ? decoder.plain(tokenizer) : decoder.full(tokenizer);
  }

  private TokenizerEntry plain(Tokenizer tokenizer) {
    TokenFrame frame = TokenFrame.endingIn(token(tokenizer.end(), "end token"));
    return new TokenizerEntry(
        bare(Checks.present(tokenizer.source(), "source tokenizer"), "source tokenizer"),
        tokenizer.target() == null ? null : bare(tokenizer.target(), "target tokenizer"),
        optional(tokenizer.vocabulary(), "vocabulary"),
        null,
        token(tokenizer.unknown(), "unknown token"),
        frame,
        frame,
        null,
        TextLanguages.NONE,
        tokenizer.languageTokens());
  }

  private static PipelineEntry bare(SentencePiece found, String name) {
    return new PipelineEntry(
        List.of(), List.of(), sentencePiece(found, name), List.of(), List.of());
  }

  private TokenizerEntry full(Tokenizer tokenizer) {
    if (tokenizer.source() != null || tokenizer.target() != null) {
      throw new BcqFormatException("the tokenizer has a source or target beside source_pipeline");
    }
    return new TokenizerEntry(
        pipeline(Checks.present(tokenizer.sourcePipeline(), "source pipeline"), "source tokenizer"),
        tokenizer.targetPipeline() == null
            ? null
            : pipeline(tokenizer.targetPipeline(), "target tokenizer"),
        optional(tokenizer.vocabulary(), "vocabulary"),
        optional(tokenizer.targetVocabulary(), "target vocabulary"),
        token(tokenizer.unknown(), "unknown token"),
        new TokenFrame(
            tokens(tokenizer.prefixLength(), MOST_FRAME_TOKENS, tokenizer::prefix, "prefix"),
            tokens(tokenizer.suffixLength(), MOST_FRAME_TOKENS, tokenizer::suffix, "suffix")),
        new TokenFrame(
            tokens(
                tokenizer.targetPrefixLength(),
                MOST_FRAME_TOKENS,
                tokenizer::targetPrefix,
                "target prefix"),
            tokens(
                tokenizer.targetSuffixLength(),
                MOST_FRAME_TOKENS,
                tokenizer::targetSuffix,
                "target suffix")),
        tokens(tokenizer.hiddenLength(), tokens, tokenizer::hidden, "hidden tokens"),
        languages(tokenizer),
        tokenizer.languageTokens());
  }

  private TextLanguages languages(Tokenizer tokenizer) {
    TextLanguages languages =
        new TextLanguages(
            list(tokenizer.languagesLength(), i -> language(tokenizer.languages(i))),
            Codes.value(
                Codes.SOURCE_PLACES, tokenizer.sourceLanguagePlace(), OWNER, "source language"),
            Codes.value(Codes.TARGET_USES, tokenizer.targetLanguageUse(), OWNER, "target language"),
            tokenizer.hasSourceLanguage()
                ? token(tokenizer.sourceLanguage(), "source language")
                : null,
            tokenizer.hasTargetLanguage()
                ? token(tokenizer.targetLanguage(), "target language")
                : null);
    boolean chosen =
        languages.sourcePlace() != TextLanguages.SourcePlace.NOWHERE
            || languages.targetUse() != TextLanguages.TargetUse.NOTHING
            || languages.source() != null
            || languages.target() != null;
    Checks.require(
        chosen != languages.all().isEmpty(),
        "languages",
        languages.all().size(),
        chosen ? "at least 1, as tokens of languages are used" : "none, as they are not used");
    return languages;
  }

  private TextLanguages.Language language(Language found) {
    return new TextLanguages.Language(
        text(found.nameAsByteBuffer(), "name of a language"), token(found.token(), "language"));
  }

  private PipelineEntry pipeline(dev.bcq.format.generated.TextPipeline found, String name) {
    return new PipelineEntry(
        list(
            size(found.normalizerLength(), MOST_STEPS, name),
            i -> step(found.normalizer(i), name, TextStep.Phase.NORMALIZER)),
        list(
            size(found.splitterLength(), MOST_STEPS, name),
            i -> step(found.splitter(i), name, TextStep.Phase.SPLITTER)),
        model(found, name),
        list(
            size(found.decoderLength(), MOST_STEPS, name),
            i -> step(found.decoder(i), name, TextStep.Phase.DECODER)),
        list(found.addedLength(), i -> added(found.added(i), name)));
  }

  private static int size(int found, int most, String name) {
    return range(found, 0, most, name, "steps");
  }

  private static StepEntry step(
      dev.bcq.format.generated.TextStep found, String name, TextStep.Phase phase) {
    TextStep.Kind kind = Codes.value(Codes.TEXT_STEPS, found.kind(), name, "kind of a step");
    if (kind.phase() != phase) {
      throw Checks.wrong(name, "step", kind, "a step of a " + phase);
    }
    boolean mapped = kind == TextStep.Kind.CHARACTER_MAP;
    if (mapped != (found.map() != null)) {
      throw Checks.wrong(
          name, "map of " + kind, mapped ? "missing" : "there", mapped ? "one" : "none");
    }
    TextStep step =
        TextStep.of(
            kind,
            shortText(found.textAsByteBuffer(), name),
            shortText(found.contentAsByteBuffer(), name),
            range(found.first(), 0, Checks.MAX_SIZE, name, "number of a step"),
            range(found.second(), 0, Checks.MAX_SIZE, name, "number of a step"));
    if (step.text().isEmpty() && kind.needsText()) {
      throw Checks.wrong(name, "text of " + kind, "empty", "at least one character");
    }
    return new StepEntry(step, mapped ? block(found.map(), name) : null);
  }

  private AddedText added(AddedToken found, String name) {
    String text = shortText(found.textAsByteBuffer(), name);
    if (text.isEmpty()) {
      throw Checks.wrong(name, "added token", "empty", "at least one character");
    }
    return new AddedText(
        text,
        token(found.token(), "added token"),
        found.leftStrip(),
        found.rightStrip(),
        found.normalized(),
        found.singleWord());
  }

  private static SubwordEntry model(dev.bcq.format.generated.TextPipeline found, String name) {
    int models =
        (found.sentencePiece() == null ? 0 : 1)
            + (found.bytePair() == null ? 0 : 1)
            + (found.wordPiece() == null ? 0 : 1)
            + (found.words() == null ? 0 : 1);
    if (models != 1) {
      throw Checks.wrong(name, "models", models, "1 that this version knows");
    }
    if (found.sentencePiece() != null) {
      return sentencePiece(found.sentencePiece(), name);
    }
    if (found.bytePair() != null) {
      return bytePair(found.bytePair(), name);
    }
    return found.wordPiece() != null
        ? wordPiece(found.wordPiece(), name)
        : words(Checks.present(found.words(), name), name);
  }

  private static BytePairEntry bytePair(BytePair found, String name) {
    TokenizerEntry.StringList pieces = strings(Checks.present(found.pieces(), name), name);
    return new BytePairEntry(
        pieces,
        merges(block(found.merges(), name), name),
        found.hasUnknown()
            ? (Integer) range(found.unknown(), 0, pieces.count() - 1, name, "unknown piece")
            : null,
        found.fuseUnknown(),
        found.byteFallback(),
        found.wholeWordsFirst(),
        shortText(found.continuingPrefixAsByteBuffer(), name),
        shortText(found.endSuffixAsByteBuffer(), name));
  }

  private static WordPieceEntry wordPiece(WordPiece found, String name) {
    TokenizerEntry.StringList pieces = strings(Checks.present(found.pieces(), name), name);
    return new WordPieceEntry(
        pieces,
        range(found.unknown(), 0, pieces.count() - 1, name, "unknown piece"),
        shortText(found.continuingPrefixAsByteBuffer(), name),
        // The cut of a word takes its length squared.
        range(found.mostCharacters(), 1, 1000, name, "characters of a word"));
  }

  private static WordsEntry words(Words found, String name) {
    if ((found.symbols() == null) != (found.merges() == null)) {
      throw new BcqFormatException(name + " has symbols without merges, or merges without symbols");
    }
    return new WordsEntry(
        optional(found.symbols(), name),
        found.merges() == null ? null : merges(block(found.merges(), name), name),
        shortText(found.joinerAsByteBuffer(), name),
        found.separateEnd());
  }

  /** Returns a text of a step or token: long ones would make much of a text, or take long. */
  private static String shortText(@Nullable ByteBuffer bytes, String name) {
    String found = text(bytes, name);
    range(found.length(), 0, MOST_CHARACTERS, name, "characters of a text");
    return found;
  }

  private static DataBlock merges(DataBlock block, String name) {
    if (block.length() % MERGE_BYTES != 0) {
      throw Checks.wrong(name, "merges", block.length() + " bytes", "a multiple of 12");
    }
    return block;
  }

  private static SentencePieceEntry sentencePiece(SentencePiece found, String name) {
    TokenizerEntry.StringList pieces = strings(Checks.present(found.pieces(), name), name);
    return new SentencePieceEntry(
        Codes.value(Codes.ALGORITHMS, found.algorithm(), name, "algorithm"),
        pieces,
        sized(block(found.scores(), name), pieces.count() * 4L, name, "scores"),
        sized(block(found.kinds(), name), pieces.count(), name, "kinds"),
        found.characterMap() == null ? null : block(found.characterMap(), name),
        found.addDummyPrefix(),
        found.removeExtraWhitespaces(),
        found.escapeWhitespaces(),
        found.whitespaceAsSuffix(),
        found.byteFallback(),
        text(found.unknownSurfaceAsByteBuffer(), name + " unknown surface"));
  }

  private static TokenizerEntry.@Nullable StringList optional(
      @Nullable StringList list, String name) {
    return list == null ? null : strings(list, name);
  }

  private static TokenizerEntry.StringList strings(StringList list, String name) {
    int count = Checks.size(list.count(), name, "strings");
    return new TokenizerEntry.StringList(
        count, sized(block(list.ends(), name), count * 4L, name, "ends"), block(list.text(), name));
  }

  private List<Integer> tokens(int count, int most, IntUnaryOperator token, String name) {
    return list(range(count, 0, most, OWNER, name), i -> token(token.applyAsInt(i), name));
  }

  private int token(int found, String name) {
    return range(found, 0, tokens - 1, OWNER, name);
  }
}
