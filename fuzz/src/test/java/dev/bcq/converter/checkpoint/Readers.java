package dev.bcq.converter.checkpoint;

import dev.bcq.format.SentencePieceModel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;

/** The readers of checkpoint files, which the converter keeps to itself. */
public final class Readers {

  private Readers() {}

  /** Returns the tensors of a folder. */
  public static Map<String, TensorSource> weights(Path folder, Arena arena) {
    return Weights.read(folder, arena).tensors();
  }

  /** Returns the model that a file of SentencePiece holds. */
  public static SentencePieceModel sentencePiece(Path file) {
    return SentencePieceModelReader.read(file);
  }
}
