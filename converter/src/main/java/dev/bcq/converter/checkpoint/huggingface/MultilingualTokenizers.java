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
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tokenizers of the families with a token for each language: mBART, mBART-50, NLLB, M2M100. */
final class MultilingualTokenizers {
  static final String MODEL = "sentencepiece.bpe.model";

  private static final int PAD = 1;
  private static final int END = 2;
  private static final int UNKNOWN = 3;
  private static final int FIRST_PIECE = 3;
  private static final int MADE_UP_WORDS = 8;

  private final TokenizerFolder folder;
  private final int tokens;

  /**
   * Prepares to read.
   *
   * @param tokens tokens of the model
   */
  MultilingualTokenizers(TokenizerFolder folder, int tokens) {
    this.folder = folder;
    this.tokens = tokens;
  }

  /** Returns the tokenizer of a model of mBART or mBART-50. */
  TokenizerModel mbart() {
    SentencePieceModel model = folder.sentencePiece(MODEL);
    int first = model.pieces().size() + 1;
    SortedMap<Integer, String> added = behind(first);
    if (added.isEmpty()) {
      boolean fifty = tokens - first > LanguageCodes.MBART.size() + 1;
      List<String> codes = new ArrayList<>(fifty ? LanguageCodes.MBART_50 : LanguageCodes.MBART);
      codes.add("<mask>");
      codes.forEach(code -> added.put(first + added.size(), code));
    }
    boolean fifty = LanguageCodes.among(added).size() > LanguageCodes.MBART.size();
    TextLanguages languages =
        languages(
            added,
            fifty ? SourcePlace.FIRST : SourcePlace.LAST,
            fifty ? TargetUse.FORCED_FIRST : TargetUse.START,
            "en_XX");
    return shifted(model, added, languages);
  }

  /**
   * Returns the tokenizer of NLLB.
   *
   * @throws CheckpointException if the folder does not say which languages there are
   */
  TokenizerModel nllb() {
    SentencePieceModel model = folder.sentencePiece(MODEL);
    SortedMap<Integer, String> added = behind(model.pieces().size() + 1);
    if (LanguageCodes.among(added).isEmpty()) {
      throw new CheckpointException(
          "the folder does not list the model's languages; add its tokenizer.json or"
              + " special_tokens_map.json");
    }
    boolean legacy = folder.config().path("legacy_behaviour").asBoolean();
    return shifted(
        model,
        added,
        languages(
            added,
            legacy ? SourcePlace.LAST : SourcePlace.FIRST,
            TargetUse.FORCED_FIRST,
            "eng_Latn"));
  }

  /** Returns the added tokens behind the pieces, by id. */
  private SortedMap<Integer, String> behind(int first) {
    SortedMap<Integer, String> added = new TreeMap<>(folder.addedTokens().tailMap(first));
    if (LanguageCodes.among(added).isEmpty()) {
      added.clear();
      for (String token : folder.additionalTokens()) {
        added.put(first + added.size(), token);
      }
    }
    return added;
  }

  private TextLanguages languages(
      SortedMap<Integer, String> added, SourcePlace place, TargetUse use, String usualSource) {
    return languages(folder, LanguageCodes.among(added), place, use, usualSource);
  }

  /**
   * Returns languages with the defaults that a folder names.
   *
   * @param usualSource source's language where the folder names none
   */
  static TextLanguages languages(
      TokenizerFolder folder,
      List<Language> all,
      SourcePlace place,
      TargetUse use,
      @Nullable String usualSource) {
    String source = folder.setting("src_lang");
    return new TextLanguages(
        all,
        place,
        use,
        LanguageCodes.find(all, source == null ? usualSource : source),
        LanguageCodes.find(all, folder.setting("tgt_lang")));
  }

  private TokenizerModel shifted(
      SentencePieceModel model, SortedMap<Integer, String> added, TextLanguages languages) {
    PieceOrder order =
        PieceOrder.from(model)
            .withoutUnknownSurface()
            .addControl("<s>", "<pad>", "</s>")
            .addUnknown("<unk>")
            .addPieces(FIRST_PIECE);
    added.forEach((id, token) -> order.fill(id).addControl(token));
    return new TokenizerModel(
        TextPipeline.of(order.model()),
        null,
        List.of(),
        List.of(),
        UNKNOWN,
        TokenFrame.endingIn(END),
        TokenFrame.endingIn(END),
        List.of(),
        languages,
        false);
  }

  /** Returns the tokenizer of M2M100: pieces are looked up in {@code vocab.json}. */
  TokenizerModel m2m100() {
    SentencePieceModel model = folder.sentencePiece(MODEL);
    List<String> vocabulary =
        new ArrayList<>(new PieceIds("vocab.json").addAll(folder.json("vocab.json")).pieces());
    List<String> codes =
        folder.additionalTokens().stream()
            .filter(token -> LanguageCodes.name(token) != null)
            .toList();
    if (codes.isEmpty()) {
      codes = LanguageCodes.M2M_100.stream().map(code -> "__" + code + "__").toList();
    }
    SortedMap<Integer, String> languages = new TreeMap<>();
    for (String code : codes) {
      languages.put(vocabulary.size(), code);
      vocabulary.add(code);
    }
    int madeUp = folder.config().path("num_madeup_words").asInt(MADE_UP_WORDS);
    for (int i = 0; i < madeUp && vocabulary.size() < tokens; i++) {
      vocabulary.add("madeupword" + i);
    }
    List<Integer> hidden = new ArrayList<>(List.of(0, PAD, END, UNKNOWN));
    for (int id = languages.firstKey(); id < vocabulary.size(); id++) {
      hidden.add(id);
    }
    return new TokenizerModel(
        TextPipeline.of(model),
        null,
        List.copyOf(vocabulary),
        List.of(),
        UNKNOWN,
        TokenFrame.endingIn(END),
        TokenFrame.endingIn(END),
        List.copyOf(hidden),
        languages(languages, SourcePlace.FIRST, TargetUse.FORCED_FIRST, "en"),
        false);
  }
}
