package dev.bcq.converter.checkpoint.compressedtransformers;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.checkpoint.FolderFiles;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.WeightForm;
import dev.bcq.converter.checkpoint.pickle.PickleDict;
import dev.bcq.converter.checkpoint.pytorch.PyTorchFile;
import dev.bcq.converter.quantize.MatrixRules;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TransformerConfig;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads checkpoints of Compressed-Transformers: plain, rounded to few bits, or trained to compute
 * with signs. Which of these a file is to be taken as, it does not say.
 */
public final class CompressedTransformersReader implements CheckpointReader {
  private static final String NAME = "compressed-transformers";
  private static final String SUFFIX = ".pth";
  private static final String STATE = "state_dict";

  /** A tensor that each of its checkpoints has, and those of other projects have not. */
  private static final String OWN = "src_embedding.embeddings_table.weight";

  /** The one setting that counts and is not in the file. */
  private static final String HEADS = "heads";

  /** Tokens that its greedy search makes at most. */
  private static final int MOST_TOKENS = 100;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "Compressed-Transformers: float, rounded to few bits, or signs (--weights)";
  }

  @Override
  public String looksFor() {
    return "a .pth file of a dict with state_dict and src_embedding, or a folder with one";
  }

  @Override
  public boolean choosesWeights() {
    return true;
  }

  @Override
  public boolean recognizes(Path input) {
    Path file = file(input);
    if (file == null || Files.isDirectory(file)) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      return PyTorchFile.read(file, arena).root() instanceof PickleDict root
          && root.get(STATE) instanceof PickleDict state
          && state.get(OWN) != null;
    }
  }

  /** Returns the checkpoint itself or the last one of a folder, or null if there is none. */
  private static @Nullable Path file(Path input) {
    if (!Files.isDirectory(input)) {
      return input;
    }
    List<Path> found = FolderFiles.endingIn(input, SUFFIX);
    // Names end in the number of the epoch, with leading zeros.
    return found.isEmpty() ? null : found.get(found.size() - 1);
  }

  @Override
  public Checkpoint read(CheckpointInput input, Arena arena) {
    Path file = file(input.path());
    if (file == null) {
      throw new CheckpointException("%s has no %s file".formatted(input.path(), SUFFIX));
    }
    PyTorchFile saved = PyTorchFile.read(file, arena);
    if (!(saved.root() instanceof PickleDict root)
        || !(root.get(STATE) instanceof PickleDict state)) {
      throw new CheckpointException(
          "%s holds %s without a dict of tensors named %s; expected a checkpoint of Compressed-Transformers"
              .formatted(file.getFileName(), saved.root(), STATE));
    }
    Map<String, TensorSource> stored = saved.tensors(state);
    CompressedTransformer transformer = new CompressedTransformer(stored, heads(input));
    MatrixRules<WeightForm> rules =
        input.weights() == null ? WeightForm.rules("float") : input.weights();
    CompressedWeights weights = new CompressedWeights(stored, transformer.matrices(), rules);
    TensorPicker picker = new TensorPicker(weights.tensors());
    TransformerConfig config = transformer.read(picker, weights.hasSigns());
    picker.finish(NAME);
    List<String> warnings = new ArrayList<>(weights.notes());
    List<Path> files = new ArrayList<>(List.of(file));
    return new Checkpoint(
        NAME,
        config,
        picker.matrices(),
        picker.tensors(),
        GenerationSettings.builder()
            .beams(1)
            .maxTokens(Math.min(MOST_TOKENS, transformer.positions().count()))
            .startToken(CompressedTokens.START)
            .endTokens(List.of(CompressedTokens.END))
            .build(),
        Map.of(),
        CompressedTokens.tokenizer(input, file, config, files, warnings),
        weights.forms(),
        files,
        warnings);
  }

  private static int heads(CheckpointInput input) {
    for (String key : input.settings().keySet()) {
      if (!key.equals(HEADS)) {
        throw new CheckpointException(
            "--set %s: %s has no such setting that counts here; expected %s"
                .formatted(key, NAME, HEADS));
      }
    }
    String typed = input.settings().get(HEADS);
    if (typed == null) {
      throw new CheckpointException(
          "the checkpoint does not say how many heads its attention has; give the number that it was"
              + " trained with, 8 unless it was changed: --set heads=8");
    }
    if (!typed.matches("[1-9]\\d{0,5}")) {
      throw new CheckpointException("--set heads=%s: expected 1 or more".formatted(typed));
    }
    return Integer.parseInt(typed);
  }
}
