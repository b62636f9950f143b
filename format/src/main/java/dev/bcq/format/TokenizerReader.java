package dev.bcq.format;

import dev.bcq.format.SentencePieceModel.PieceKind;
import dev.bcq.format.TextPipeline.AddedText;
import dev.bcq.format.TokenizerEntry.BytePairEntry;
import dev.bcq.format.TokenizerEntry.PipelineEntry;
import dev.bcq.format.TokenizerEntry.SentencePieceEntry;
import dev.bcq.format.TokenizerEntry.StepEntry;
import dev.bcq.format.TokenizerEntry.SubwordEntry;
import dev.bcq.format.TokenizerEntry.WordPieceEntry;
import dev.bcq.format.TokenizerEntry.WordsEntry;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and checks the tokenizer's blocks. */
final class TokenizerReader {
  private final BcqFile file;

  TokenizerReader(BcqFile file) {
    this.file = file;
  }

  TokenizerModel read(TokenizerEntry entry, TransformerConfig config) {
    TextPipeline source = pipeline(entry.source());
    TextPipeline target = entry.target() == null ? null : pipeline(entry.target());
    List<String> vocabulary = optional(entry.vocabulary(), "vocabulary");
    List<String> targetVocabulary = optional(entry.targetVocabulary(), "target vocabulary");
    if (entry.isPlain()) {
      checkSizes(entry, vocabulary, config);
      int end = entry.sourceFrame().suffix().get(0);
      return TokenizerModel.of(
          (SentencePieceModel) source.model(),
          target == null ? null : (SentencePieceModel) target.model(),
          vocabulary,
          entry.unknown(),
          end,
          entry.languageTokens());
    }
    checkSide(source, vocabulary, config.sourceVocabulary(), "source");
    checkSide(
        target == null ? source : target,
        targetVocabulary.isEmpty() ? vocabulary : targetVocabulary,
        config.targetVocabulary(),
        "target");
    checkTokens(entry.sourceFrame(), config.sourceVocabulary(), "source");
    checkTokens(entry.targetFrame(), config.targetVocabulary(), "target");
    checkTokens(entry.languages(), config);
    return new TokenizerModel(
        source,
        target,
        vocabulary,
        targetVocabulary,
        entry.unknown(),
        entry.sourceFrame(),
        entry.targetFrame(),
        entry.hidden() == null ? List.of() : entry.hidden(),
        entry.languages(),
        entry.languageTokens());
  }

  private static void checkSizes(
      TokenizerEntry entry, List<String> vocabulary, TransformerConfig config) {
    if (vocabulary.isEmpty()) {
      int target = entry.target() == null ? 0 : entry.target().model().size();
      int most = Math.max(entry.source().model().size(), target);
      int tokens = Math.min(config.sourceVocabulary(), config.targetVocabulary());
      Checks.require(most <= tokens, "tokenizer pieces", most, "at most " + tokens + " tokens");
    } else {
      int tokens = Math.max(config.sourceVocabulary(), config.targetVocabulary());
      Checks.require(
          vocabulary.size() <= tokens, "vocabulary", vocabulary.size(), "at most " + tokens);
    }
  }

  private static void checkSide(
      TextPipeline pipeline, List<String> vocabulary, int tokens, String side) {
    if (vocabulary.isEmpty()) {
      int size = pipeline.model().pieces().size();
      Checks.require(
          !(pipeline.model() instanceof WordsModel), side + " vocabulary", "empty", "words");
      Checks.require(size <= tokens, side + " pieces", size, "at most " + tokens + " tokens");
    } else {
      Checks.require(
          vocabulary.size() <= tokens,
          side + " vocabulary",
          vocabulary.size(),
          "at most " + tokens + " tokens");
    }
    for (AddedText added : pipeline.added()) {
      Checks.require(added.token() < tokens, side + " added token", added.token(), "" + tokens);
    }
  }

  private static void checkTokens(TokenFrame frame, int tokens, String side) {
    for (List<Integer> ids : List.of(frame.prefix(), frame.suffix())) {
      for (int id : ids) {
        Checks.range(id, 0, tokens - 1, side, "token around texts");
      }
    }
  }

  private static void checkTokens(TextLanguages languages, TransformerConfig config) {
    TextLanguages.TargetUse use = languages.targetUse();
    boolean decoded =
        use == TextLanguages.TargetUse.START || use == TextLanguages.TargetUse.FORCED_FIRST;
    boolean encoded =
        use == TextLanguages.TargetUse.SOURCE_PREFIX
            || languages.sourcePlace() != TextLanguages.SourcePlace.NOWHERE;
    int tokens =
        Math.min(
            decoded ? config.targetVocabulary() : Integer.MAX_VALUE,
            encoded ? config.sourceVocabulary() : Integer.MAX_VALUE);
    for (TextLanguages.Language language : languages.all()) {
      Checks.range(language.token(), 0, tokens - 1, "tokenizer", "language");
    }
    checkDefault(languages, languages.source());
    checkDefault(languages, languages.target());
  }

  private static void checkDefault(TextLanguages languages, @Nullable Integer id) {
    Checks.require(
        id == null
            || languages.all().stream().map(TextLanguages.Language::token).anyMatch(id::equals),
        "default language",
        String.valueOf(id),
        "one of the languages");
  }

  private TextPipeline pipeline(PipelineEntry entry) {
    return new TextPipeline(
        steps(entry.normalizer()),
        steps(entry.splitter()),
        model(entry.model()),
        steps(entry.decoder()),
        entry.added());
  }

  private List<TextStep> steps(List<StepEntry> entries) {
    List<TextStep> steps = new ArrayList<>(entries.size());
    for (StepEntry entry : entries) {
      TextStep step = entry.step();
      byte[] map = characterMap(entry.map());
      refuse(entry.map() == null ? null : SentencePieceModel.defectOfMap(map));
      steps.add(
          new TextStep(step.kind(), step.text(), step.content(), step.first(), step.second(), map));
    }
    return Collections.unmodifiableList(steps);
  }

  private SubwordModel model(SubwordEntry entry) {
    if (entry instanceof SentencePieceEntry pieces) {
      return sentencePiece(pieces);
    }
    if (entry instanceof BytePairEntry pairs) {
      return new BytePairModel(
          strings(pairs.pieces(), "pieces"),
          merges(pairs.merges(), pairs.pieces().count()),
          pairs.unknown(),
          pairs.fuseUnknown(),
          pairs.byteFallback(),
          pairs.wholeWordsFirst(),
          pairs.continuingPrefix(),
          pairs.endSuffix());
    }
    if (entry instanceof WordPieceEntry words) {
      return new WordPieceModel(
          strings(words.pieces(), "pieces"),
          words.unknown(),
          words.continuingPrefix(),
          words.mostCharacters());
    }
    WordsEntry words = (WordsEntry) entry;
    return new WordsModel(
        optional(words.symbols(), "symbols"),
        words.merges() == null ? new int[0] : merges(words.merges(), words.size()),
        words.joiner(),
        words.separateEnd());
  }

  private int[] merges(DataBlock block, int pieces) {
    ByteBuffer bytes = file.block(block);
    int[] merges = new int[bytes.remaining() / 4];
    bytes.asIntBuffer().get(merges);
    for (int number : merges) {
      Checks.range(number, 0, pieces - 1, "tokenizer", "piece of a merge");
    }
    return merges;
  }

  private SentencePieceModel sentencePiece(SentencePieceEntry entry) {
    int count = entry.pieces().count();
    float[] scores = new float[count];
    file.block(entry.scores()).asFloatBuffer().get(scores);
    ByteBuffer codes = file.block(entry.kinds());
    PieceKind[] kinds = new PieceKind[count];
    for (int i = 0; i < count; i++) {
      kinds[i] = Codes.value(Codes.PIECE_KINDS, codes.get(i), "tokenizer", "kind of a piece");
    }
    SentencePieceModel model =
        new SentencePieceModel(
            entry.algorithm(),
            strings(entry.pieces(), "pieces"),
            scores,
            kinds,
            characterMap(entry.characterMap()),
            entry.addDummyPrefix(),
            entry.removeExtraWhitespaces(),
            entry.escapeWhitespaces(),
            entry.whitespaceAsSuffix(),
            entry.byteFallback(),
            entry.unknownSurface());
    refuse(model.defect());
    return model;
  }

  private static void refuse(@Nullable String defect) {
    if (defect != null) {
      throw new BcqFormatException("tokenizer: " + defect);
    }
  }

  private byte[] characterMap(@Nullable DataBlock block) {
    if (block == null) {
      return new byte[0];
    }
    ByteBuffer bytes = file.block(block);
    byte[] map = new byte[bytes.remaining()];
    bytes.get(map);
    return map;
  }

  private List<String> optional(TokenizerEntry.@Nullable StringList list, String name) {
    return list == null ? List.of() : strings(list, name);
  }

  private List<String> strings(TokenizerEntry.StringList list, String name) {
    ByteBuffer ends = file.block(list.ends());
    ByteBuffer text = file.block(list.text());
    int length = text.remaining();
    List<String> strings = new ArrayList<>(list.count());
    int from = 0;
    for (int i = 0; i < list.count(); i++) {
      int to = ends.getInt(4 * i);
      Checks.range(to, from, length, "tokenizer", "end of a string");
      ((Buffer) text).limit(to).position(from);
      strings.add(Checks.text(text, name));
      from = to;
    }
    Checks.require(from == length, "text of " + name, length + " bytes", from + " bytes");
    return Collections.unmodifiableList(strings);
  }
}
