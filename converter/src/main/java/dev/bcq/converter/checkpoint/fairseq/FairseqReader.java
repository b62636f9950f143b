package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.checkpoint.FolderFiles;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.pickle.PickleDict;
import dev.bcq.converter.checkpoint.pytorch.PyTorchFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads checkpoints of fairseq's transformer for translation, of all versions: with {@code args} or
 * {@code cfg}, plain, trained with noise of quantization, or quantized by products (iPQ).
 */
public final class FairseqReader implements CheckpointReader {
  private static final String NAME = "fairseq";
  private static final String SUFFIX = ".pt";

  /** Files of a training, the preferred one first. */
  private static final List<String> FILES =
      List.of("checkpoint_best.pt", "model.pt", "checkpoint_last.pt");

  /** From here on, stacks that begin layers with norms end in one. */
  private static final float VERSION_OF_FINAL_NORMS = 3;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "fairseq: transformers for translation, Quant-Noise and iPQ";
  }

  @Override
  public String looksFor() {
    return "a .pt file of a dict with model, or a folder with one";
  }

  @Override
  public boolean recognizes(Path input) {
    Path file = file(input);
    if (file == null || Files.isDirectory(file)) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      return PyTorchFile.read(file, arena).root() instanceof PickleDict root
          && root.get("model") instanceof PickleDict;
    }
  }

  /** Returns the checkpoint itself or the one of a folder, or null if there is none. */
  private static @Nullable Path file(Path input) {
    if (!Files.isDirectory(input)) {
      return input;
    }
    for (String name : FILES) {
      if (Files.isRegularFile(input.resolve(name))) {
        return input.resolve(name);
      }
    }
    List<Path> found = FolderFiles.endingIn(input, SUFFIX);
    return found.size() == 1 ? found.get(0) : null;
  }

  @Override
  public Checkpoint read(CheckpointInput input, Arena arena) {
    Path file = file(input.path());
    if (file == null) {
      throw new CheckpointException(
          "%s has none of %s, nor one other %s file"
              .formatted(input.path(), String.join(", ", FILES), SUFFIX));
    }
    PyTorchFile saved = PyTorchFile.read(file, arena);
    if (!(saved.root() instanceof PickleDict root)
        || !(root.get("model") instanceof PickleDict model)) {
      throw new CheckpointException(
          "%s holds %s without a dict of tensors named model; expected a checkpoint of fairseq"
              .formatted(file.getFileName(), saved.root()));
    }
    FairseqSettings settings = FairseqSettings.of(root, input.settings());
    Map<String, TensorSource> stored = saved.tensors(model);
    checkArchitecture(settings, stored);
    int width = settings.size("encoder_embed_dim");
    settings.checkMissing();
    List<String> warnings = new ArrayList<>();
    TensorPicker picker = new TensorPicker(FairseqTensors.of(stored, width));
    TransformerConfig config =
        new FairseqTransformer(settings, picker, endsInNorms(stored), arena, warnings).read();
    picker.finish(NAME);

    GenerationSettings generation = FairseqGeneration.read(settings);
    List<Path> files = new ArrayList<>(List.of(file));
    Path folder = file.toAbsolutePath().resolveSibling("");
    TokenizerModel tokenizer =
        new FairseqTokenizer(input, folder, settings, config, files, warnings).read();
    settings.checkGiven();
    return new Checkpoint(
        NAME,
        config,
        picker.matrices(),
        picker.tensors(),
        generation,
        Map.of(),
        tokenizer,
        Map.of(),
        files,
        warnings);
  }

  private static boolean endsInNorms(Map<String, TensorSource> stored) {
    TensorSource version = stored.get("encoder.version");
    return version != null
        && version.count() == 1
        && version.readAll()[0] >= VERSION_OF_FINAL_NORMS;
  }

  private static void checkArchitecture(
      FairseqSettings settings, Map<String, TensorSource> stored) {
    for (String part : List.of("encoder.layers.0.self_attn.", "decoder.layers.0.encoder_attn.")) {
      if (stored.keySet().stream().noneMatch(name -> name.startsWith(part))) {
        String named =
            settings.text("arch") == null ? settings.text("_name") : settings.text("arch");
        throw new CheckpointException(
            "the model%s has no %s*; supported: transformer, an encoder and a decoder with attention"
                .formatted(named == null ? "" : " (" + FairseqSettings.shown(named) + ")", part));
      }
    }
  }
}
