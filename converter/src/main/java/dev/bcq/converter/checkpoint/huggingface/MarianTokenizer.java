package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.tokenizers.PieceIds;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextLanguages.Language;
import dev.bcq.format.TextLanguages.SourcePlace;
import dev.bcq.format.TextLanguages.TargetUse;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import java.util.List;
import java.util.TreeMap;

/**
 * The tokenizer of a Marian folder: a SentencePiece model for each side, whose pieces are looked up
 * in one vocabulary or in two.
 */
final class MarianTokenizer {
  static final String SOURCE = "source.spm";

  private static final String UNKNOWN = "<unk>";

  private MarianTokenizer() {}

  static TokenizerModel read(TokenizerFolder folder, int end) {
    for (String name : List.of("target.spm", "vocab.json")) {
      if (!folder.has(name)) {
        throw new CheckpointException("the folder has " + SOURCE + " but no " + name);
      }
    }
    SentencePieceModel source = folder.sentencePieceAsIs(SOURCE);
    SentencePieceModel target = folder.sentencePieceAsIs("target.spm");
    List<String> vocabulary = vocabulary(folder, "vocab.json");
    List<String> targetVocabulary =
        folder.has("target_vocab.json") ? vocabulary(folder, "target_vocab.json") : List.of();
    int unknown = vocabulary.indexOf(UNKNOWN);
    List<String> shown = targetVocabulary.isEmpty() ? vocabulary : targetVocabulary;
    int shownUnknown = shown.indexOf(UNKNOWN);
    if (unknown < 0 || shownUnknown < 0) {
      throw new CheckpointException(
          (unknown < 0 ? "vocab.json" : "target_vocab.json") + " has no " + UNKNOWN);
    }
    return new TokenizerModel(
        TextPipeline.of(source),
        TextPipeline.of(target),
        vocabulary,
        targetVocabulary,
        unknown,
        TokenFrame.endingIn(end),
        TokenFrame.endingIn(end),
        TokenizerModel.hidden(shown, shownUnknown, end),
        languages(vocabulary),
        true);
  }

  // One language token is no choice: the text may name it or not.
  private static TextLanguages languages(List<String> vocabulary) {
    TreeMap<Integer, String> tokens = new TreeMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.get(id).startsWith(">>")) {
        tokens.put(id, vocabulary.get(id));
      }
    }
    List<Language> languages = LanguageCodes.among(tokens);
    return languages.size() < 2
        ? TextLanguages.NONE
        : new TextLanguages(languages, SourcePlace.NOWHERE, TargetUse.SOURCE_PREFIX, null, null);
  }

  private static List<String> vocabulary(TokenizerFolder folder, String name) {
    return new PieceIds(name).addAll(folder.json(name)).pieces();
  }
}
