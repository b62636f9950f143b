package dev.bcq.converter.checkpoint.sentencepiece;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads {@code .model} and {@code .spm} files of SentencePiece ({@code sentencepiece_model.proto}).
 * Whatever a file says, reading it and preparing its tokenizer allocates at most 256 KiB and 128
 * times its length.
 */
public final class SentencePieceModelReader {
  /** The algorithms of the types that are read and written, from type 1 on. */
  private static final Algorithm[] ALGORITHMS = {Algorithm.UNIGRAM, Algorithm.BPE};

  private static final List<String> TYPES = List.of("unigram", "BPE", "word", "character");
  private static final PieceKind[] KINDS = {
    PieceKind.NORMAL,
    PieceKind.UNKNOWN,
    PieceKind.CONTROL,
    PieceKind.USER_DEFINED,
    PieceKind.UNUSED,
    PieceKind.BYTE
  };

  private final Path file;
  private final List<String> pieces = new ArrayList<>();
  private final List<Float> scores = new ArrayList<>();
  private final List<PieceKind> kinds = new ArrayList<>();
  private int type = 1;
  private boolean whitespaceAsSuffix;
  private boolean byteFallback;
  private String unknownSurface = " \u2047 ";
  private byte[] characterMap = {};
  private boolean addDummyPrefix = true;
  private boolean removeExtraWhitespaces = true;
  private boolean escapeWhitespaces = true;

  private SentencePieceModelReader(Path file) {
    this.file = file;
  }

  /**
   * Reads a model.
   *
   * @throws CheckpointException if the file is damaged or neither a unigram nor a BPE model
   */
  public static SentencePieceModel read(Path file) {
    SentencePieceModelReader reader = new SentencePieceModelReader(file);
    try {
      reader.model(CodedInputStream.newInstance(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new CheckpointException(
          file.getFileName() + " is not a readable SentencePiece model: " + e.getMessage(), e);
    }
    return reader.result();
  }

  private SentencePieceModel result() {
    if (type < 1 || type > ALGORITHMS.length) {
      throw new CheckpointException(
          "%s is a SentencePiece model of type %s; unigram and BPE are supported"
              .formatted(
                  file.getFileName(),
                  type >= 1 && type <= TYPES.size() ? TYPES.get(type - 1) : "" + type));
    }
    if (pieces.isEmpty()) {
      throw new CheckpointException(file.getFileName() + " holds no SentencePiece pieces");
    }
    float[] values = new float[scores.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scores.get(i);
    }
    SentencePieceModel model =
        new SentencePieceModel(
            ALGORITHMS[type - 1],
            List.copyOf(pieces),
            values,
            kinds.toArray(PieceKind[]::new),
            characterMap,
            addDummyPrefix,
            removeExtraWhitespaces,
            escapeWhitespaces,
            whitespaceAsSuffix,
            byteFallback,
            unknownSurface);
    String defect = model.defect();
    if (defect != null) {
      throw new CheckpointException(file.getFileName() + " cannot be used: " + defect);
    }
    return model;
  }

  private interface Fields {
    /** Reads a field of this number and returns true, or returns false. */
    boolean read(CodedInputStream in, int field, int wireType) throws IOException;
  }

  private static void message(CodedInputStream in, Fields fields) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (!fields.read(in, field, WireFormat.getTagWireType(tag))) {
        in.skipField(tag);
      }
    }
  }

  private static boolean nested(CodedInputStream in, int wireType, Fields fields)
      throws IOException {
    if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      return false;
    }
    int limit = in.pushLimit(in.readRawVarint32());
    message(in, fields);
    in.checkLastTagWas(0);
    in.popLimit(limit);
    return true;
  }

  private void model(CodedInputStream in) throws IOException {
    message(
        in,
        (stream, field, wireType) ->
            switch (field) {
              case 1 -> piece(stream, wireType);
              case 2 -> nested(stream, wireType, this::trainerField);
              case 3 -> nested(stream, wireType, this::normalizerField);
              default -> false;
            });
  }

  private boolean piece(CodedInputStream in, int wireType) throws IOException {
    if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      return false;
    }
    int number = pieces.size();
    pieces.add("");
    scores.add(0f);
    kinds.add(PieceKind.NORMAL);
    return nested(
        in,
        wireType,
        (stream, field, type) -> {
          if (field == 1 && type == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            pieces.set(number, stream.readStringRequireUtf8());
          } else if (field == 2 && type == WireFormat.WIRETYPE_FIXED32) {
            scores.set(number, stream.readFloat());
          } else if (field == 3 && type == WireFormat.WIRETYPE_VARINT) {
            kinds.set(number, kind(stream.readEnum()));
          } else {
            return false;
          }
          return true;
        });
  }

  /** Returns the number of an algorithm in the file. */
  static int code(Algorithm algorithm) {
    return Arrays.asList(ALGORITHMS).indexOf(algorithm) + 1;
  }

  /** Returns the number of a kind in the file. */
  static int code(PieceKind kind) {
    return Arrays.asList(KINDS).indexOf(kind) + 1;
  }

  private PieceKind kind(int code) {
    if (code < 1 || code > KINDS.length) {
      throw new CheckpointException(
          file.getFileName() + " holds a piece of the unknown kind " + code);
    }
    return KINDS[code - 1];
  }

  private boolean trainerField(CodedInputStream in, int field, int wireType) throws IOException {
    if (wireType == WireFormat.WIRETYPE_VARINT && field == 3) {
      type = in.readEnum();
    } else if (wireType == WireFormat.WIRETYPE_VARINT && field == 24) {
      whitespaceAsSuffix = in.readBool();
    } else if (wireType == WireFormat.WIRETYPE_VARINT && field == 35) {
      byteFallback = in.readBool();
    } else if (wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED && field == 44) {
      unknownSurface = in.readStringRequireUtf8();
    } else {
      return false;
    }
    return true;
  }

  private boolean normalizerField(CodedInputStream in, int field, int wireType) throws IOException {
    if (wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED && field == 2) {
      characterMap = in.readByteArray();
    } else if (wireType == WireFormat.WIRETYPE_VARINT && field == 3) {
      addDummyPrefix = in.readBool();
    } else if (wireType == WireFormat.WIRETYPE_VARINT && field == 4) {
      removeExtraWhitespaces = in.readBool();
    } else if (wireType == WireFormat.WIRETYPE_VARINT && field == 5) {
      escapeWhitespaces = in.readBool();
    } else {
      return false;
    }
    return true;
  }
}
