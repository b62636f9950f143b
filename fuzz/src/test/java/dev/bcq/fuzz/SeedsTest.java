package dev.bcq.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.BcqFile;
import dev.bcq.format.SentencePieceModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What targets start from: right inputs are taken, and what was once wrong does no harm. */
@Execution(ExecutionMode.SAME_THREAD)
class SeedsTest {

  @Test
  void rightModelFilesAreOpened() {
    for (byte[] seed : Seeds.right(BcqFileTarget.class)) {
      List<BcqFile> opened = new ArrayList<>();
      BcqFileTarget.run(seed, opened::add);
      assertFalse(opened.isEmpty());
    }
  }

  @Test
  void rightWeightsAreRead() {
    for (byte[] seed : Seeds.right(SafetensorsTarget.class)) {
      List<TensorSource> tensors = new ArrayList<>();
      SafetensorsTarget.run(
          seed,
          (folder, arena) -> {
            Map<String, TensorSource> found = Readers.weights(folder, arena);
            tensors.addAll(found.values());
            return found;
          });
      assertFalse(tensors.isEmpty());
    }
  }

  @Test
  void rightPicklesAreRead() {
    for (byte[] seed : Seeds.right(PickleTarget.class)) {
      assertNotNull(PickleTarget.run(seed, Readers::pickle));
    }
  }

  @Test
  void rightWeightsOfPyTorchAreRead() {
    for (byte[] seed : Seeds.right(PyTorchTarget.class)) {
      List<TensorSource> tensors = new ArrayList<>();
      PyTorchTarget.run(
          seed,
          (file, arena) -> {
            Map<String, TensorSource> found = Readers.pyTorch(file, arena);
            tensors.addAll(found.values());
            return found;
          });
      assertFalse(tensors.isEmpty());
    }
  }

  @Test
  void rightModelsOfOthersAreRead() {
    List<Checkpoint> read = new ArrayList<>();
    for (byte[] seed : Seeds.right(CTranslate2Target.class)) {
      CTranslate2Target.run(
          seed, (folder, arena) -> added(read, Readers.cTranslate2(folder, arena)));
    }
    for (byte[] seed : Seeds.right(MarianTarget.class)) {
      MarianTarget.run(seed, (folder, arena) -> added(read, Readers.marian(folder, arena)));
    }
    int seeds =
        Seeds.right(CTranslate2Target.class).size() + Seeds.right(MarianTarget.class).size();
    for (byte[] seed : Seeds.right(TransformerBcqTarget.class)) {
      TransformerBcqTarget.run(
          seed, (folder, arena) -> added(read, Readers.transformerBcq(folder, arena)));
      seeds++;
    }
    for (byte[] seed : Seeds.right(CompressedTransformersTarget.class)) {
      CompressedTransformersTarget.run(
          seed, (folder, arena) -> added(read, Readers.compressedTransformers(folder, arena)));
      seeds++;
    }
    assertTrue(read.size() >= seeds, read.size() + " of " + seeds);
  }

  private static Checkpoint added(List<Checkpoint> read, Checkpoint checkpoint) {
    read.add(checkpoint);
    return checkpoint;
  }

  @Test
  void rightTokenizersAreRead() {
    for (byte[] seed : Seeds.right(SentencePieceTarget.class)) {
      List<SentencePieceModel> models = new ArrayList<>();
      SentencePieceTarget.run(
          seed,
          file -> {
            models.add(Readers.sentencePiece(file));
            return models.get(0);
          });
      assertFalse(models.isEmpty());
    }
  }

  @Test
  void noSeedDoesHarm() throws IOException {
    Seeds.of(BcqFileTarget.class).forEach(BcqFileTarget::fuzzerTestOneInput);
    Seeds.of(SafetensorsTarget.class).forEach(SafetensorsTarget::fuzzerTestOneInput);
    Seeds.of(PickleTarget.class).forEach(PickleTarget::fuzzerTestOneInput);
    Seeds.of(PyTorchTarget.class).forEach(PyTorchTarget::fuzzerTestOneInput);
    Seeds.of(CTranslate2Target.class).forEach(CTranslate2Target::fuzzerTestOneInput);
    Seeds.of(MarianTarget.class).forEach(MarianTarget::fuzzerTestOneInput);
    Seeds.of(TransformerBcqTarget.class).forEach(TransformerBcqTarget::fuzzerTestOneInput);
    Seeds.of(CompressedTransformersTarget.class)
        .forEach(CompressedTransformersTarget::fuzzerTestOneInput);
    Seeds.of(SentencePieceTarget.class).forEach(SentencePieceTarget::fuzzerTestOneInput);
    Seeds.of(TranslateTarget.class).forEach(TranslateTarget::fuzzerTestOneInput);
  }
}
