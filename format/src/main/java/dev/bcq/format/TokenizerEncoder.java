package dev.bcq.format;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.TokenizerEntry.BytePairEntry;
import dev.bcq.format.TokenizerEntry.PipelineEntry;
import dev.bcq.format.TokenizerEntry.SentencePieceEntry;
import dev.bcq.format.TokenizerEntry.StepEntry;
import dev.bcq.format.TokenizerEntry.WordPieceEntry;
import dev.bcq.format.TokenizerEntry.WordsEntry;
import dev.bcq.format.generated.AddedToken;
import dev.bcq.format.generated.BytePair;
import dev.bcq.format.generated.Language;
import dev.bcq.format.generated.SentencePiece;
import dev.bcq.format.generated.StringList;
import dev.bcq.format.generated.TextPipeline;
import dev.bcq.format.generated.Tokenizer;
import dev.bcq.format.generated.WordPiece;
import dev.bcq.format.generated.Words;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tokenizer's part of a directory. What the first release of the format could say is
 * written as it did, so that its readers go on reading such files; they refuse all others, which
 * have no source in its sense.
 */
final class TokenizerEncoder {
  private final FlatBufferBuilder builder;

  TokenizerEncoder(FlatBufferBuilder builder) {
    this.builder = builder;
  }

  int encode(TokenizerEntry entry) {
    return entry.isPlain() ? plain(entry) : full(entry);
  }

  private int plain(TokenizerEntry entry) {
    int source = sentencePiece((SentencePieceEntry) entry.source().model());
    int target =
        entry.target() == null ? 0 : sentencePiece((SentencePieceEntry) entry.target().model());
    int vocabulary = strings(entry.vocabulary());
    Tokenizer.startTokenizer(builder);
    Tokenizer.addSource(builder, source);
    offset(target, Tokenizer::addTarget);
    offset(vocabulary, Tokenizer::addVocabulary);
    Tokenizer.addUnknown(builder, entry.unknown());
    Tokenizer.addEnd(builder, entry.sourceFrame().suffix().get(0));
    Tokenizer.addLanguageTokens(builder, entry.languageTokens());
    return Tokenizer.endTokenizer(builder);
  }

  private int full(TokenizerEntry entry) {
    int source = pipeline(entry.source());
    int target = entry.target() == null ? 0 : pipeline(entry.target());
    int vocabulary = strings(entry.vocabulary());
    int targetVocabulary = strings(entry.targetVocabulary());
    int prefix = vector(entry.sourceFrame().prefix());
    int suffix = vector(entry.sourceFrame().suffix());
    int targetPrefix = vector(entry.targetFrame().prefix());
    int targetSuffix = vector(entry.targetFrame().suffix());
    int hidden = vector(entry.hidden() == null ? List.of() : entry.hidden());
    TextLanguages languages = entry.languages();
    int all = tables(languages.all(), this::language);
    Tokenizer.startTokenizer(builder);
    offset(vocabulary, Tokenizer::addVocabulary);
    Tokenizer.addUnknown(builder, entry.unknown());
    Tokenizer.addLanguageTokens(builder, entry.languageTokens());
    Tokenizer.addSourcePipeline(builder, source);
    offset(target, Tokenizer::addTargetPipeline);
    offset(targetVocabulary, Tokenizer::addTargetVocabulary);
    Tokenizer.addPrefix(builder, prefix);
    Tokenizer.addSuffix(builder, suffix);
    Tokenizer.addTargetPrefix(builder, targetPrefix);
    Tokenizer.addTargetSuffix(builder, targetSuffix);
    Tokenizer.addHidden(builder, hidden);
    Tokenizer.addLanguages(builder, all);
    Tokenizer.addSourceLanguagePlace(builder, Codes.of(languages.sourcePlace()));
    Tokenizer.addTargetLanguageUse(builder, Codes.of(languages.targetUse()));
    optional(languages.source(), Tokenizer::addSourceLanguage);
    optional(languages.target(), Tokenizer::addTargetLanguage);
    return Tokenizer.endTokenizer(builder);
  }

  private int pipeline(PipelineEntry entry) {
    int normalizer = tables(entry.normalizer(), this::step);
    int splitter = tables(entry.splitter(), this::step);
    int decoder = tables(entry.decoder(), this::step);
    int added = tables(entry.added(), this::added);
    int model =
        entry.model() instanceof SentencePieceEntry pieces
            ? sentencePiece(pieces)
            : entry.model() instanceof BytePairEntry pairs
                ? bytePair(pairs)
                : entry.model() instanceof WordPieceEntry words
                    ? wordPiece(words)
                    : words((WordsEntry) entry.model());
    TextPipeline.startTextPipeline(builder);
    TextPipeline.addNormalizer(builder, normalizer);
    TextPipeline.addSplitter(builder, splitter);
    TextPipeline.addDecoder(builder, decoder);
    TextPipeline.addAdded(builder, added);
    if (entry.model() instanceof SentencePieceEntry) {
      TextPipeline.addSentencePiece(builder, model);
    } else if (entry.model() instanceof BytePairEntry) {
      TextPipeline.addBytePair(builder, model);
    } else if (entry.model() instanceof WordPieceEntry) {
      TextPipeline.addWordPiece(builder, model);
    } else {
      TextPipeline.addWords(builder, model);
    }
    return TextPipeline.endTextPipeline(builder);
  }

  private int step(StepEntry entry) {
    TextStep step = entry.step();
    int text = builder.createString(step.text());
    int content = builder.createString(step.content());
    dev.bcq.format.generated.TextStep.startTextStep(builder);
    dev.bcq.format.generated.TextStep.addKind(builder, Codes.of(step.kind()));
    dev.bcq.format.generated.TextStep.addText(builder, text);
    dev.bcq.format.generated.TextStep.addContent(builder, content);
    dev.bcq.format.generated.TextStep.addFirst(builder, step.first());
    dev.bcq.format.generated.TextStep.addSecond(builder, step.second());
    if (entry.map() != null) {
      dev.bcq.format.generated.TextStep.addMap(
          builder, DirectoryEncoder.block(builder, entry.map()));
    }
    return dev.bcq.format.generated.TextStep.endTextStep(builder);
  }

  private int added(dev.bcq.format.TextPipeline.AddedText added) {
    return AddedToken.createAddedToken(
        builder,
        builder.createString(added.text()),
        added.token(),
        added.leftStrip(),
        added.rightStrip(),
        added.normalized(),
        added.singleWord());
  }

  private int language(TextLanguages.Language language) {
    return Language.createLanguage(
        builder, builder.createString(language.name()), language.token());
  }

  private int bytePair(BytePairEntry entry) {
    int pieces = strings(entry.pieces());
    int prefix = builder.createString(entry.continuingPrefix());
    int suffix = builder.createString(entry.endSuffix());
    BytePair.startBytePair(builder);
    BytePair.addPieces(builder, pieces);
    BytePair.addMerges(builder, DirectoryEncoder.block(builder, entry.merges()));
    optional(entry.unknown(), BytePair::addUnknown);
    BytePair.addFuseUnknown(builder, entry.fuseUnknown());
    BytePair.addByteFallback(builder, entry.byteFallback());
    BytePair.addWholeWordsFirst(builder, entry.wholeWordsFirst());
    BytePair.addContinuingPrefix(builder, prefix);
    BytePair.addEndSuffix(builder, suffix);
    return BytePair.endBytePair(builder);
  }

  private int wordPiece(WordPieceEntry entry) {
    int pieces = strings(entry.pieces());
    int prefix = builder.createString(entry.continuingPrefix());
    return WordPiece.createWordPiece(
        builder, pieces, entry.unknown(), prefix, entry.mostCharacters());
  }

  private int words(WordsEntry entry) {
    int symbols = strings(entry.symbols());
    int joiner = builder.createString(entry.joiner());
    Words.startWords(builder);
    offset(symbols, Words::addSymbols);
    if (entry.merges() != null) {
      Words.addMerges(builder, DirectoryEncoder.block(builder, entry.merges()));
    }
    Words.addJoiner(builder, joiner);
    Words.addSeparateEnd(builder, entry.separateEnd());
    return Words.endWords(builder);
  }

  private int sentencePiece(SentencePieceEntry entry) {
    int pieces = strings(entry.pieces());
    int unknownSurface = builder.createString(entry.unknownSurface());
    SentencePiece.startSentencePiece(builder);
    SentencePiece.addPieces(builder, pieces);
    SentencePiece.addScores(builder, DirectoryEncoder.block(builder, entry.scores()));
    SentencePiece.addKinds(builder, DirectoryEncoder.block(builder, entry.kinds()));
    if (entry.characterMap() != null) {
      SentencePiece.addCharacterMap(builder, DirectoryEncoder.block(builder, entry.characterMap()));
    }
    SentencePiece.addAddDummyPrefix(builder, entry.addDummyPrefix());
    SentencePiece.addRemoveExtraWhitespaces(builder, entry.removeExtraWhitespaces());
    SentencePiece.addEscapeWhitespaces(builder, entry.escapeWhitespaces());
    SentencePiece.addWhitespaceAsSuffix(builder, entry.whitespaceAsSuffix());
    SentencePiece.addByteFallback(builder, entry.byteFallback());
    SentencePiece.addUnknownSurface(builder, unknownSurface);
    if (entry.algorithm() != Algorithm.UNIGRAM) {
      SentencePiece.addAlgorithm(builder, Codes.of(entry.algorithm()));
    }
    return SentencePiece.endSentencePiece(builder);
  }

  private int strings(TokenizerEntry.@Nullable StringList list) {
    if (list == null) {
      return 0;
    }
    StringList.startStringList(builder);
    StringList.addCount(builder, list.count());
    StringList.addEnds(builder, DirectoryEncoder.block(builder, list.ends()));
    StringList.addText(builder, DirectoryEncoder.block(builder, list.text()));
    return StringList.endStringList(builder);
  }

  private <T> int tables(List<T> list, ToIntFunction<T> write) {
    int[] written = list.stream().mapToInt(write).toArray();
    return builder.createVectorOfTables(written);
  }

  private int vector(List<Integer> list) {
    return DirectoryEncoder.vector(builder, list);
  }

  private void optional(@Nullable Integer value, DirectoryEncoder.AddField field) {
    if (value != null) {
      field.add(builder, value);
    }
  }

  private void offset(int value, DirectoryEncoder.AddField field) {
    if (value != 0) {
      field.add(builder, value);
    }
  }
}
