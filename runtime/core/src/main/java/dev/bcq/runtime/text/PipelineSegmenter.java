package dev.bcq.runtime.text;

import dev.bcq.format.BytePairModel;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SubwordModel;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TextPipeline.AddedText;
import dev.bcq.format.WordPieceModel;
import dev.bcq.format.WordsModel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pipeline as in Hugging Face tokenizers: added texts are cut out, the rest is normalized, split
 * into words, and the words cut into pieces.
 */
final class PipelineSegmenter implements Segmenter {
  private final AddedTexts raw;
  private final AddedTexts normalized;
  private final TextNormalizer normalizer;
  private final WordSplitter splitter;
  private final WordModel model;
  private final PieceDecoder decoder;
  private final Map<Integer, String> added = new HashMap<>();

  /**
   * Prepares a pipeline.
   *
   * @param vocabulary where words are looked up
   * @param hidden ids that no text gives
   */
  PipelineSegmenter(TextPipeline pipeline, Vocabulary vocabulary, BitSet hidden) {
    this.normalizer = new TextNormalizer(pipeline.normalizer());
    this.splitter = new WordSplitter(pipeline.splitter());
    this.model = model(pipeline.model(), vocabulary, hidden);
    this.decoder = new PieceDecoder(pipeline.decoder());
    List<AddedText> ofRaw = new ArrayList<>();
    List<AddedText> ofNormalized = new ArrayList<>();
    for (AddedText text : pipeline.added()) {
      added.put(text.token(), text.text());
      if (text.normalized()) {
        ofNormalized.add(normalized(text));
      } else {
        ofRaw.add(text);
      }
    }
    this.raw = new AddedTexts(ofRaw);
    this.normalized = new AddedTexts(ofNormalized);
  }

  private AddedText normalized(AddedText text) {
    return new AddedText(
        normalizer.normalize(text.text()),
        text.token(),
        text.leftStrip(),
        text.rightStrip(),
        true,
        text.singleWord());
  }

  private static WordModel model(SubwordModel model, Vocabulary vocabulary, BitSet hidden) {
    Set<String> special = Tokenizer.texts(model.pieces(), hidden);
    if (model instanceof SentencePieceModel pieces) {
      return new UnigramWords(pieces);
    }
    if (model instanceof BytePairModel pairs) {
      return new BytePairs(pairs, special);
    }
    return model instanceof WordPieceModel words
        ? new LongestPieces(words, special)
        : new VocabularyWords((WordsModel) model, vocabulary);
  }

  @Override
  public int[] encode(String text) {
    Run run = new Run();
    raw.cut(Utf8.repaired(text), run);
    return run.ids.toArray();
  }

  /** One text on its way. */
  private final class Run implements AddedTexts.Parts {
    private final Ids ids = new Ids();
    private boolean first = true;

    @Override
    public void text(String text) {
      normalized.cut(
          normalizer.normalize(text),
          new AddedTexts.Parts() {
            @Override
            public void text(String section) {
              for (String word : splitter.split(section, first)) {
                model.encode(word, ids);
              }
              first = false;
            }

            @Override
            public void token(int id) {
              Run.this.token(id);
            }
          });
    }

    @Override
    public void token(int id) {
      ids.add(id);
      first = false;
    }
  }

  @Override
  public String decode(int[] tokens) {
    List<String> pieces = new ArrayList<>(tokens.length);
    for (int token : tokens) {
      String text = added.get(token);
      String piece = text == null ? model.piece(token) : text;
      if (piece != null) {
        pieces.add(piece);
      }
    }
    return decoder.decode(pieces);
  }
}
