package dev.bcq.format;

import dev.bcq.format.SentencePieceModel.PieceKind;
import dev.bcq.format.TokenizerEntry.SentencePieceEntry;
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
    SentencePieceModel source = model(entry.source());
    SentencePieceModel target = entry.target() == null ? null : model(entry.target());
    List<String> vocabulary =
        entry.vocabulary() == null ? List.of() : strings(entry.vocabulary(), "vocabulary");
    if (vocabulary.isEmpty()) {
      int most = Math.max(source.pieces().size(), target == null ? 0 : target.pieces().size());
      int tokens = Math.min(config.sourceVocabulary(), config.targetVocabulary());
      Checks.require(most <= tokens, "tokenizer pieces", most, "at most " + tokens + " tokens");
    } else {
      int tokens = Math.max(config.sourceVocabulary(), config.targetVocabulary());
      Checks.require(
          vocabulary.size() <= tokens, "vocabulary", vocabulary.size(), "at most " + tokens);
    }
    return new TokenizerModel(
        source, target, vocabulary, entry.unknown(), entry.end(), entry.languageTokens());
  }

  private SentencePieceModel model(SentencePieceEntry entry) {
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
    String defect = model.defect();
    if (defect != null) {
      throw new BcqFormatException("tokenizer: " + defect);
    }
    return model;
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
