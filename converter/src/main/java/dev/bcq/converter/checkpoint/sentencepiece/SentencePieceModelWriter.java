package dev.bcq.converter.checkpoint.sentencepiece;

import com.google.protobuf.CodedOutputStream;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes {@code .model} and {@code .spm} files of SentencePiece ({@code sentencepiece_model.proto})
 * with everything that tokenizing needs; how a model was trained is not known.
 */
public final class SentencePieceModelWriter {

  private SentencePieceModelWriter() {}

  /** A message's fields. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  /** Writes a model. */
  public static void write(SentencePieceModel model, Path file) throws IOException {
    Files.write(
        file,
        message(
            out -> {
              for (int i = 0; i < model.pieces().size(); i++) {
                int piece = i;
                out.writeByteArray(1, message(fields -> piece(model, piece, fields)));
              }
              out.writeByteArray(2, message(fields -> trainer(model, fields)));
              out.writeByteArray(3, message(fields -> normalizer(model, fields)));
            }));
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static void piece(SentencePieceModel model, int piece, CodedOutputStream out)
      throws IOException {
    out.writeString(1, model.pieces().get(piece));
    out.writeFloat(2, model.scores()[piece]);
    out.writeEnum(3, SentencePieceModelReader.code(model.kinds()[piece]));
  }

  private static void trainer(SentencePieceModel model, CodedOutputStream out) throws IOException {
    out.writeEnum(3, SentencePieceModelReader.code(model.algorithm()));
    out.writeInt32(4, model.pieces().size());
    out.writeBool(24, model.whitespaceAsSuffix());
    out.writeBool(35, model.byteFallback());
    out.writeInt32(40, Math.max(0, Arrays.asList(model.kinds()).indexOf(PieceKind.UNKNOWN)));
    out.writeString(44, model.unknownSurface());
  }

  private static void normalizer(SentencePieceModel model, CodedOutputStream out)
      throws IOException {
    out.writeByteArray(2, model.characterMap());
    out.writeBool(3, model.addDummyPrefix());
    out.writeBool(4, model.removeExtraWhitespaces());
    out.writeBool(5, model.escapeWhitespaces());
  }
}
