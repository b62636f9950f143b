package dev.bcq.converter.checkpoint.transformerbcq;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.checkpoint.FolderFiles;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.tensorflow.TensorBundle;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TransformerConfig;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what transformer_bcq saves: TensorFlow's checkpoints of its pre-training, and the {@code
 * .bcq.npy} files of its quantized training, whose planes and scales are taken as they are.
 */
public final class TransformerBcqReader implements CheckpointReader {
  private static final String NAME = "transformer_bcq";

  /** A variable that each of its checkpoints has, and those of other projects have not. */
  private static final String OWN = "encoder/pos_embedding/embedding/embeddings";

  /** Tokens that its translator makes at most. */
  private static final int MOST_TOKENS = 256;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "transformer_bcq: .bcq.npy files, and checkpoints of TensorFlow before quantization";
  }

  @Override
  public String looksFor() {
    return "a .bcq.npy file, or an .index file with encoder/pos_embedding, or a folder with one";
  }

  @Override
  public boolean recognizes(Path input) {
    Path file = file(input);
    if (file == null) {
      return false;
    }
    if (!file.toString().endsWith(TensorBundle.SUFFIX)) {
      return QuantizedFile.isOne(file);
    }
    try (Arena arena = Arena.ofConfined()) {
      return TensorBundle.read(file, arena).names().contains(OWN);
    }
  }

  /**
   * Returns the checkpoint itself or the last one of a folder, or null if there is none.
   *
   * @throws CheckpointException if the folder has quantized and other ones
   */
  private static @Nullable Path file(Path input) {
    if (!Files.isDirectory(input)) {
      return input;
    }
    List<Path> quantized = FolderFiles.endingIn(input, QuantizedFile.SUFFIX);
    List<Path> bundles = FolderFiles.endingIn(input, TensorBundle.SUFFIX);
    if (!quantized.isEmpty() && !bundles.isEmpty()) {
      throw new CheckpointException(
          "%s has quantized and other checkpoints, %s and %s among them: name one"
              .formatted(input, quantized.get(0).getFileName(), bundles.get(0).getFileName()));
    }
    List<Path> found = quantized.isEmpty() ? bundles : quantized;
    // Names end in the number of the epoch, with leading zeros.
    return found.isEmpty() ? null : found.get(found.size() - 1);
  }

  @Override
  public Checkpoint read(CheckpointInput input, Arena arena) {
    Path file = file(input.path());
    if (file == null) {
      throw new CheckpointException(
          "%s has no %s and no %s file"
              .formatted(input.path(), QuantizedFile.SUFFIX, TensorBundle.SUFFIX));
    }
    StoredWeights weights =
        file.toString().endsWith(TensorBundle.SUFFIX)
            ? bundle(file, arena)
            : QuantizedFile.read(file, arena);
    TransformerBcqModel model = new TransformerBcqModel(weights);
    TransformerConfig config = model.read(input.settings());
    model.picker().finish(NAME);
    List<String> warnings = new ArrayList<>();
    List<Path> files = new ArrayList<>(weights.files());
    return new Checkpoint(
        NAME,
        config,
        model.picker().matrices(),
        model.picker().tensors(),
        generation(),
        Map.of(),
        TransformerBcqTokens.tokenizer(input, file, config, files, warnings),
        model.forms(),
        files,
        warnings);
  }

  private static StoredWeights bundle(Path index, Arena arena) {
    TensorBundle bundle = TensorBundle.read(index, arena);
    Map<String, TensorSource> dense = new TreeMap<>();
    bundle
        .tensors(name -> KerasNames.ofVariable(name) != null)
        .forEach((name, tensor) -> dense.put(KerasNames.ofVariable(name), tensor));
    if (dense.isEmpty()) {
      throw new CheckpointException(
          "%s has no variable of transformer_bcq, such as %s".formatted(index.getFileName(), OWN));
    }
    return new StoredWeights(dense, Map.of(), bundle.files());
  }

  private static GenerationSettings generation() {
    return GenerationSettings.builder()
        .beams(1)
        .maxTokens(MOST_TOKENS)
        .startToken(TransformerBcqTokens.START)
        .endTokens(List.of(TransformerBcqTokens.END))
        .build();
  }
}
