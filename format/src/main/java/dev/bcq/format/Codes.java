package dev.bcq.format;

import java.util.List;
import java.util.Locale;

/** Numbers of enumerations in the file. They never change; new ones are added at the end. */
final class Codes {
  static final List<NormKind> NORMS = List.of(NormKind.LAYER, NormKind.RMS);
  static final List<NormPlacement> PLACEMENTS = List.of(NormPlacement.PRE, NormPlacement.POST);
  static final List<Activation> ACTIVATIONS =
      List.of(Activation.RELU, Activation.GELU_ERF, Activation.GELU_TANH, Activation.SILU);
  static final List<EarlyStopping> EARLY_STOPPING =
      List.of(EarlyStopping.FALSE, EarlyStopping.TRUE, EarlyStopping.NEVER, EarlyStopping.FIRST);
  static final List<MatrixEntry.ScaleType> SCALE_TYPES =
      List.of(MatrixEntry.ScaleType.FLOAT16, MatrixEntry.ScaleType.FLOAT32);
  static final List<MatrixEntry.ScaleAxis> SCALE_AXES =
      List.of(MatrixEntry.ScaleAxis.OUTPUT, MatrixEntry.ScaleAxis.INPUT);
  static final List<SentencePieceModel.PieceKind> PIECE_KINDS =
      List.of(
          SentencePieceModel.PieceKind.NORMAL,
          SentencePieceModel.PieceKind.UNKNOWN,
          SentencePieceModel.PieceKind.CONTROL,
          SentencePieceModel.PieceKind.USER_DEFINED,
          SentencePieceModel.PieceKind.BYTE,
          SentencePieceModel.PieceKind.UNUSED);

  static final List<SentencePieceModel.Algorithm> ALGORITHMS =
      List.of(SentencePieceModel.Algorithm.UNIGRAM, SentencePieceModel.Algorithm.BPE);
  static final List<TextLanguages.SourcePlace> SOURCE_PLACES =
      List.of(
          TextLanguages.SourcePlace.NOWHERE,
          TextLanguages.SourcePlace.FIRST,
          TextLanguages.SourcePlace.LAST);
  static final List<TextLanguages.TargetUse> TARGET_USES =
      List.of(
          TextLanguages.TargetUse.NOTHING,
          TextLanguages.TargetUse.SOURCE_PREFIX,
          TextLanguages.TargetUse.START,
          TextLanguages.TargetUse.FORCED_FIRST);
  static final List<TextStep.Kind> TEXT_STEPS =
      List.of(
          TextStep.Kind.CHARACTER_MAP,
          TextStep.Kind.REPLACE,
          TextStep.Kind.REPLACE_SPACES,
          TextStep.Kind.STRIP,
          TextStep.Kind.LOWERCASE,
          TextStep.Kind.NFC,
          TextStep.Kind.NFD,
          TextStep.Kind.NFKC,
          TextStep.Kind.NFKD,
          TextStep.Kind.STRIP_MARKS,
          TextStep.Kind.CLEAN,
          TextStep.Kind.SPACE_CHINESE,
          TextStep.Kind.PREPEND,
          TextStep.Kind.WHITE_SPACE,
          TextStep.Kind.WORDS_AND_SYMBOLS,
          TextStep.Kind.WHITE_SPACE_AND_PUNCTUATION,
          TextStep.Kind.PUNCTUATION,
          TextStep.Kind.DIGITS,
          TextStep.Kind.BYTES,
          TextStep.Kind.METASPACE,
          TextStep.Kind.SPACES,
          TextStep.Kind.FROM_BYTES,
          TextStep.Kind.CONTINUATIONS,
          TextStep.Kind.REPLACE_IN_PIECES,
          TextStep.Kind.BYTE_PIECES,
          TextStep.Kind.FUSE,
          TextStep.Kind.STRIP_PIECES,
          TextStep.Kind.END_SUFFIXES,
          TextStep.Kind.JOINERS);

  static final int BIT_PLANES = 0;
  static final int FLOAT32 = 1;
  static final int INT8_ROWS = 2;
  static final int INT8_TILES = 3;

  static final int NO_POSITIONS = 0;
  static final int LEARNED = 1;
  static final int SINUSOIDAL = 2;
  static final int RELATIVE = 3;

  private Codes() {}

  static int of(NormKind value) {
    return NORMS.indexOf(value);
  }

  static int of(NormPlacement value) {
    return PLACEMENTS.indexOf(value);
  }

  static int of(Activation value) {
    return ACTIVATIONS.indexOf(value);
  }

  static int of(EarlyStopping value) {
    return EARLY_STOPPING.indexOf(value);
  }

  static int of(MatrixEntry.ScaleType value) {
    return SCALE_TYPES.indexOf(value);
  }

  static int of(MatrixEntry.ScaleAxis value) {
    return SCALE_AXES.indexOf(value);
  }

  static int of(SentencePieceModel.PieceKind value) {
    return PIECE_KINDS.indexOf(value);
  }

  static int of(TextLanguages.SourcePlace value) {
    return SOURCE_PLACES.indexOf(value);
  }

  static int of(TextLanguages.TargetUse value) {
    return TARGET_USES.indexOf(value);
  }

  static int of(TextStep.Kind value) {
    return TEXT_STEPS.indexOf(value);
  }

  static int of(SentencePieceModel.Algorithm value) {
    return ALGORITHMS.indexOf(value);
  }

  static int of(MatrixEntry.Storage storage) {
    if (storage instanceof MatrixEntry.BitPlanes) {
      return BIT_PLANES;
    }
    if (storage instanceof MatrixEntry.Int8 int8) {
      return int8.order() == MatrixEntry.Int8Order.TILES ? INT8_TILES : INT8_ROWS;
    }
    return FLOAT32;
  }

  static int of(Positions positions) {
    if (positions instanceof Positions.Learned) {
      return LEARNED;
    }
    if (positions instanceof Positions.Sinusoidal) {
      return SINUSOIDAL;
    }
    return positions instanceof Positions.Relative ? RELATIVE : NO_POSITIONS;
  }

  /** Returns the value of a number in a field. */
  static <T> T value(List<T> values, int code, String owner, String part) {
    if (code < 0 || code >= values.size()) {
      throw new BcqFormatException(
          String.format(
              Locale.ROOT,
              "%s %s is %d; this version knows 0 to %d",
              owner,
              part,
              code,
              values.size() - 1));
    }
    return values.get(code);
  }
}
