package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelWriter;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TokenizerModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes the files of a tokenizer that {@link TokenizerFiles} reads. */
final class TokenizerWriter {
  private static final String CONFIG = "tokenizer_config.json";
  private static final int MOST_EXTRA_IDS = 100;

  private final Path folder;
  private final TokenizerModel tokenizer;
  private final SentencePieceModel source;

  /**
   * Prepares to write.
   *
   * @param tokenizer a tokenizer that {@linkplain #canWrite can be written}
   */
  TokenizerWriter(Path folder, TokenizerModel tokenizer) {
    this.folder = folder;
    this.tokenizer = tokenizer;
    this.source = (SentencePieceModel) tokenizer.source().model();
  }

  /** Whether files can say all of a tokenizer: SentencePiece models, ids as they give them. */
  static boolean canWrite(TokenizerModel tokenizer) {
    return tokenizer.source().isBare()
        && tokenizer.targetOrSource().isBare()
        && tokenizer.source().model() instanceof SentencePieceModel
        && tokenizer.targetOrSource().model() instanceof SentencePieceModel
        && tokenizer.vocabulary().isEmpty() == (tokenizer.target() == null)
        && tokenizer.targetVocabulary().isEmpty()
        && tokenizer.sourceFrame().prefix().isEmpty()
        && tokenizer.sourceFrame().suffix().size() == 1
        && tokenizer.languages().sourcePlace() == TextLanguages.SourcePlace.NOWHERE;
  }

  /**
   * Writes a tokenizer.
   *
   * @param file name of the file of a tokenizer that is one SentencePiece model
   * @param tokens tokens of the model, at least those of the tokenizer
   */
  void write(String file, int tokens) throws IOException {
    if (tokenizer.target() != null) {
      marian((SentencePieceModel) tokenizer.target().model());
      return;
    }
    SentencePieceModelWriter.write(source, folder.resolve(file));
    // transformers drops unknown tokens from a text; sentencepiece prints a sign for them, and has
    // no such file.
    if (source.unknownSurface().isEmpty()) {
      List<String> pieces = source.pieces();
      JsonFile.write(
          folder.resolve(CONFIG),
          config(pieces).put("extra_ids", Math.min(MOST_EXTRA_IDS, tokens - pieces.size())));
    }
  }

  private void marian(SentencePieceModel target) throws IOException {
    SentencePieceModelWriter.write(source, folder.resolve("source.spm"));
    SentencePieceModelWriter.write(target, folder.resolve("target.spm"));
    List<String> vocabulary = tokenizer.vocabulary();
    ObjectNode ids = JsonFile.object();
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.get(id), id);
    }
    JsonFile.write(folder.resolve("vocab.json"), ids);
    JsonFile.write(
        folder.resolve(CONFIG),
        config(vocabulary).put("separate_vocabs", false).put("tokenizer_class", "MarianTokenizer"));
  }

  private ObjectNode config(List<String> tokens) {
    return JsonFile.object()
        .put("unk_token", tokens.get(tokenizer.unknown()))
        .put("eos_token", tokens.get(tokenizer.sourceFrame().suffix().get(0)));
  }
}
