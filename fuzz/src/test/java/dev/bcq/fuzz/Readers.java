package dev.bcq.fuzz;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.WeightForm;
import dev.bcq.converter.checkpoint.compressedtransformers.CompressedTransformersReader;
import dev.bcq.converter.checkpoint.ctranslate2.CTranslate2Reader;
import dev.bcq.converter.checkpoint.huggingface.Weights;
import dev.bcq.converter.checkpoint.marian.MarianReader;
import dev.bcq.converter.checkpoint.pickle.Unpickler;
import dev.bcq.converter.checkpoint.pytorch.PyTorchFile;
import dev.bcq.converter.checkpoint.pytorch.PyTorchGlobals;
import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelReader;
import dev.bcq.converter.checkpoint.transformerbcq.TransformerBcqReader;
import dev.bcq.format.SentencePieceModel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;

/** The readers under test, each as one function. */
final class Readers {

  private Readers() {}

  /** Returns the tensors of a folder. */
  static Map<String, TensorSource> weights(Path folder, Arena arena) {
    return Weights.read(folder, arena).tensors();
  }

  /** Returns the tensors of a file that PyTorch has saved. */
  static Map<String, TensorSource> pyTorch(Path path, Arena arena) {
    PyTorchFile file = PyTorchFile.read(path, arena);
    return file.tensors(file.root());
  }

  /** Returns the model of CTranslate2 that lies in a folder. */
  static Checkpoint cTranslate2(Path folder, Arena arena) {
    return new CTranslate2Reader().read(CheckpointInput.of(folder), arena);
  }

  /** Returns the model of Marian that lies in a folder. */
  static Checkpoint marian(Path folder, Arena arena) {
    return new MarianReader().read(CheckpointInput.of(folder), arena);
  }

  /** Returns the model of transformer_bcq that lies in a folder. */
  static Checkpoint transformerBcq(Path folder, Arena arena) {
    return new TransformerBcqReader().read(CheckpointInput.of(folder), arena);
  }

  /** Returns the model of Compressed-Transformers that lies in a folder, as its codes say. */
  static Checkpoint compressedTransformers(Path folder, Arena arena) {
    return new CompressedTransformersReader()
        .read(
            new CheckpointInput(
                folder, null, null, Map.of("heads", "4"), WeightForm.rules("codes")),
            arena);
  }

  /** Returns the value of a pickle that may name what those of PyTorch may. */
  static Object pickle(MemorySegment bytes) {
    return new Unpickler("pickle", bytes, PyTorchGlobals.ALLOWED).read();
  }

  /** Returns the model that a file of SentencePiece holds. */
  static SentencePieceModel sentencePiece(Path file) {
    return SentencePieceModelReader.read(file);
  }
}
