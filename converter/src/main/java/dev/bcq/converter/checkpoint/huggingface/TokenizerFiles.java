package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.tokenizers.BytePairFiles;
import dev.bcq.converter.checkpoint.tokenizers.TokenizerJson;
import dev.bcq.converter.checkpoint.tokenizers.WordPieceFile;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.PieceKind;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextLanguages.Language;
import dev.bcq.format.TextLanguages.SourcePlace;
import dev.bcq.format.TextLanguages.TargetUse;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Finds and reads the tokenizer of a checkpoint folder. */
final class TokenizerFiles {
  private static final String PEGASUS_MODEL = "spiece.model";
  private static final int PEGASUS_OFFSET = 103;

  private final TokenizerFolder folder;
  private final String family;
  private final int tokens;
  private final int end;

  private TokenizerFiles(TokenizerFolder folder, String family, int tokens, int end) {
    this.folder = folder;
    this.family = family;
    this.tokens = tokens;
    this.end = end;
  }

  /**
   * Returns the tokenizer of a folder, or null if it has none.
   *
   * @param family the model's {@code model_type}
   * @param tokens most tokens that both sides of the model have
   * @param end token that ends texts
   * @param files receives the files that were read
   * @throws CheckpointException if a file is damaged or says what is not known, or the tokenizer
   *     has more tokens
   */
  static @Nullable TokenizerModel read(
      Path folder, String family, int tokens, int end, List<Path> files) {
    TokenizerFolder opened = new TokenizerFolder(folder);
    TokenizerModel model = new TokenizerFiles(opened, family, tokens, end).read();
    files.addAll(opened.files());
    if (model != null) {
      requireRows(model.source(), model.vocabulary(), tokens);
      requireRows(model.targetOrSource(), model.targetOrSourceVocabulary(), tokens);
    }
    return model;
  }

  private static void requireRows(TextPipeline pipeline, List<String> vocabulary, int tokens) {
    int size = vocabulary.isEmpty() ? pipeline.model().pieces().size() : vocabulary.size();
    if (size > tokens) {
      throw new CheckpointException(
          ("the tokenizer has %d tokens, the model's embedding %d rows; expected the files of the"
                  + " tokenizer that the model was trained with")
              .formatted(size, tokens));
    }
  }

  // Where the rule from a family's SentencePiece model to its ids is known, that model is the
  // source: the other file is made of it, and not always alike.
  private @Nullable TokenizerModel read() {
    if (folder.has(MarianTokenizer.SOURCE)) {
      return MarianTokenizer.read(folder, end);
    }
    if (folder.has(MultilingualTokenizers.MODEL)) {
      MultilingualTokenizers reader = new MultilingualTokenizers(folder, tokens);
      if (family.equals("mbart")) {
        return reader.mbart();
      }
      if (family.equals("m2m_100")) {
        return folder.has("vocab.json") ? reader.m2m100() : reader.nllb();
      }
    }
    if (family.equals("pegasus") && folder.has(PEGASUS_MODEL)) {
      return pegasus();
    }
    String model = sentencePieceName();
    if (model != null && Family.hasPlainPieces(family)) {
      return plain(folder.sentencePiece(model));
    }
    return withoutModel();
  }

  private @Nullable TokenizerModel withoutModel() {
    if (folder.has(TokenizerFolder.JSON)) {
      return withLanguages(TokenizerJson.read(folder.file(TokenizerFolder.JSON)));
    }
    if (folder.has("vocab.json") && folder.has("merges.txt")) {
      return bytePairs();
    }
    return folder.has("vocab.txt") ? wordPieces() : null;
  }

  private @Nullable String sentencePieceName() {
    for (String name : List.of("spiece.model", "spm.model")) {
      if (folder.has(name)) {
        return name;
      }
    }
    return folder.only(List.of(".model", ".spm"));
  }

  private TokenizerModel plain(SentencePieceModel model) {
    int unknown = Math.max(0, Arrays.asList(model.kinds()).indexOf(PieceKind.UNKNOWN));
    return TokenizerModel.of(model, null, List.of(), unknown, end, false);
  }

  private TokenizerModel pegasus() {
    SentencePieceModel model = folder.sentencePiece(PEGASUS_MODEL);
    int offset = folder.config().path("offset").asInt(PEGASUS_OFFSET);
    PieceOrder order = PieceOrder.from(model).withoutUnknownSurface().addControl("<pad>", "</s>");
    if (offset > 1) {
      order.addControl("<mask_1>", "<mask_2>");
    }
    IntStream.range(2, offset).forEach(i -> order.addControl("<unk_" + i + ">"));
    return plain(order.addPieces(2).model());
  }

  private TokenizerModel bytePairs() {
    TextPipeline pipeline =
        BytePairFiles.read(
            folder.file("vocab.json"),
            folder.file("merges.txt"),
            folder.config().path("add_prefix_space").asBoolean());
    return framed(pipeline, "bos_token", "<s>", "eos_token", "</s>", "<unk>");
  }

  private TokenizerModel wordPieces() {
    boolean lowercase = folder.config().path("do_lower_case").asBoolean(true);
    TextPipeline pipeline = WordPieceFile.bert(folder.file("vocab.txt"), lowercase);
    return framed(pipeline, "cls_token", "[CLS]", "sep_token", "[SEP]", "[UNK]");
  }

  private TokenizerModel framed(
      TextPipeline pipeline,
      String firstKey,
      String first,
      String lastKey,
      String last,
      String unknown) {
    List<String> pieces = pipeline.model().pieces();
    TokenFrame frame =
        new TokenFrame(
            List.of(id(pieces, special(firstKey, first))),
            List.of(id(pieces, special(lastKey, last))));
    List<Integer> hidden = new ArrayList<>();
    Predicate<String> isSpecial =
        Predicate.<String>isEqual(unknown)
            .or(List.of(special(firstKey, first), special(lastKey, last))::contains)
            .or(List.of("<pad>", "<mask>", "[PAD]", "[MASK]")::contains);
    for (int id = 0; id < pieces.size(); id++) {
      if (isSpecial.test(pieces.get(id))) {
        hidden.add(id);
      }
    }
    return new TokenizerModel(
        pipeline,
        null,
        List.of(),
        List.of(),
        Math.max(0, pieces.indexOf(unknown)),
        frame,
        frame,
        List.copyOf(hidden),
        TextLanguages.NONE,
        false);
  }

  private String special(String key, String usual) {
    JsonNode token = folder.config().path(key);
    return token.isObject() ? token.path("content").asText(usual) : token.asText(usual);
  }

  private static int id(List<String> pieces, String token) {
    int id = pieces.indexOf(token);
    if (id < 0) {
      throw new CheckpointException("the vocabulary has no '" + token + "'");
    }
    return id;
  }

  /** Takes the token of a language out of what is put around every text. */
  private TokenizerModel withLanguages(TokenizerModel model) {
    if (!family.equals("mbart") && !family.equals("m2m_100")) {
      return model;
    }
    List<Language> all = LanguageCodes.among(folder.addedTokens());
    if (all.isEmpty()) {
      return model;
    }
    List<Integer> ids = all.stream().map(Language::token).toList();
    boolean last = model.sourceFrame().suffix().stream().anyMatch(ids::contains);
    boolean starts = family.equals("mbart") && all.size() <= LanguageCodes.MBART.size();
    TokenFrame frame =
        new TokenFrame(
            model.sourceFrame().prefix().stream().filter(id -> !ids.contains(id)).toList(),
            model.sourceFrame().suffix().stream().filter(id -> !ids.contains(id)).toList());
    String written =
        all.stream()
            .filter(
                language ->
                    model.sourceFrame().prefix().contains(language.token())
                        || model.sourceFrame().suffix().contains(language.token()))
            .map(Language::name)
            .findFirst()
            .orElse(null);
    return new TokenizerModel(
        model.source(),
        model.target(),
        model.vocabulary(),
        model.targetVocabulary(),
        model.unknown(),
        frame,
        frame,
        model.hidden(),
        MultilingualTokenizers.languages(
            folder,
            all,
            last ? SourcePlace.LAST : SourcePlace.FIRST,
            starts ? TargetUse.START : TargetUse.FORCED_FIRST,
            written),
        false);
  }
}
