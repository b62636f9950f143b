package dev.bcq.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link TokenizerModel} lies in the file.
 *
 * @param source source pipeline
 * @param target target pipeline; null if it is the source's
 * @param vocabulary count, ends and text of the vocabulary; null if pieces' numbers are ids
 * @param targetVocabulary likewise of the target; null if it is the source's
 * @param unknown see {@link TokenizerModel#unknown}
 * @param sourceFrame see {@link TokenizerModel#sourceFrame}
 * @param targetFrame see {@link TokenizerModel#targetFrame}
 * @param hidden see {@link TokenizerModel#hidden}; null if their names say it
 * @param languages see {@link TokenizerModel#languages}
 * @param languageTokens see {@link TokenizerModel#languageTokens}
 */
public record TokenizerEntry(
    PipelineEntry source,
    @Nullable PipelineEntry target,
    @Nullable StringList vocabulary,
    @Nullable StringList targetVocabulary,
    int unknown,
    TokenFrame sourceFrame,
    TokenFrame targetFrame,
    @Nullable List<Integer> hidden,
    TextLanguages languages,
    boolean languageTokens) {

  /** Whether the fields of the first release of the format say everything. */
  boolean isPlain() {
    return hidden == null;
  }

  /** Strings as one block of UTF-8 and one of 32-bit end offsets. */
  public record StringList(int count, DataBlock ends, DataBlock text) {}

  /** A pipeline; the fields are those of {@link TextPipeline}. */
  public record PipelineEntry(
      List<StepEntry> normalizer,
      List<StepEntry> splitter,
      SubwordEntry model,
      List<StepEntry> decoder,
      List<TextPipeline.AddedText> added) {}

  /** A step; its map lies in a block, if it has one. */
  public record StepEntry(TextStep step, @Nullable DataBlock map) {}

  /** A model. */
  public sealed interface SubwordEntry
      permits SentencePieceEntry, BytePairEntry, WordPieceEntry, WordsEntry {
    /** Returns the name of the kind, for people. */
    String kind();

    /** Returns the number of pieces; 0 if the vocabulary alone has them. */
    int size();
  }

  /** A SentencePiece model; the fields are those of {@link SentencePieceModel}. */
  public record SentencePieceEntry(
      SentencePieceModel.Algorithm algorithm,
      StringList pieces,
      DataBlock scores,
      DataBlock kinds,
      @Nullable DataBlock characterMap,
      boolean addDummyPrefix,
      boolean removeExtraWhitespaces,
      boolean escapeWhitespaces,
      boolean whitespaceAsSuffix,
      boolean byteFallback,
      String unknownSurface)
      implements SubwordEntry {
    @Override
    public String kind() {
      return algorithm == SentencePieceModel.Algorithm.BPE
          ? "SentencePiece BPE"
          : "SentencePiece unigram";
    }

    @Override
    public int size() {
      return pieces.count();
    }
  }

  /** Byte-pair encoding; the fields are those of {@link BytePairModel}. */
  public record BytePairEntry(
      StringList pieces,
      DataBlock merges,
      @Nullable Integer unknown,
      boolean fuseUnknown,
      boolean byteFallback,
      boolean wholeWordsFirst,
      String continuingPrefix,
      String endSuffix)
      implements SubwordEntry {
    @Override
    public String kind() {
      return "BPE";
    }

    @Override
    public int size() {
      return pieces.count();
    }
  }

  /** WordPiece; the fields are those of {@link WordPieceModel}. */
  public record WordPieceEntry(
      StringList pieces, int unknown, String continuingPrefix, int mostCharacters)
      implements SubwordEntry {
    @Override
    public String kind() {
      return "WordPiece";
    }

    @Override
    public int size() {
      return pieces.count();
    }
  }

  /**
   * Words; the fields are those of {@link WordsModel}, symbols and merges null if there are none.
   */
  public record WordsEntry(
      @Nullable StringList symbols, @Nullable DataBlock merges, String joiner, boolean separateEnd)
      implements SubwordEntry {
    @Override
    public String kind() {
      return symbols == null ? "words" : "subword-nmt BPE";
    }

    @Override
    public int size() {
      return symbols == null ? 0 : symbols.count();
    }
  }
}
