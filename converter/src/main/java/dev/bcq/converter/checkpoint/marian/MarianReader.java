package dev.bcq.converter.checkpoint.marian;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.checkpoint.FolderFiles;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.numpy.Npz;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads models of Marian: transformers in {@code .npz} files, with their options inside. */
public final class MarianReader implements CheckpointReader {
  private static final String NAME = "marian";
  private static final String SUFFIX = ".npz";
  private static final String OPTIONS = "special:model.yml";
  private static final String DECODER = "decoder.yml";

  /** Options of decoding that the user may choose, whatever the file has. */
  private static final List<String> DECODING =
      List.of("allow-unk", "beam-size", "max-length-factor", "normalize");

  /** Options of the model that the user may give where the file lacks them. */
  private static final List<String> MODEL =
      List.of(
          "dec-depth",
          "enc-depth",
          "tied-embeddings",
          "tied-embeddings-all",
          "transformer-dim-ffn",
          "transformer-ffn-activation",
          "transformer-heads",
          "transformer-postprocess",
          "transformer-postprocess-emb",
          "transformer-postprocess-top",
          "transformer-preprocess");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "Marian: transformers for translation, among them OPUS-MT";
  }

  @Override
  public String looksFor() {
    return "a .npz file with " + OPTIONS + ", or a folder with one";
  }

  @Override
  public boolean recognizes(Path input) {
    Path file = file(input);
    return file != null
        && file.toString().endsWith(SUFFIX)
        && Files.isRegularFile(file)
        && Npz.has(file, OPTIONS);
  }

  /** Returns the model itself or the one of a folder, or null if there is none. */
  private static @Nullable Path file(Path input) {
    if (!Files.isDirectory(input)) {
      return input;
    }
    if (Files.isRegularFile(input.resolve("model.npz"))) {
      return input.resolve("model.npz");
    }
    List<Path> found = FolderFiles.endingIn(input, SUFFIX);
    return found.size() == 1 ? found.get(0) : null;
  }

  @Override
  public Checkpoint read(CheckpointInput input, Arena arena) {
    Path file = file(input.path());
    if (file == null || !Files.isRegularFile(file)) {
      throw new CheckpointException(
          "%s has no model.npz, nor one other %s file".formatted(input.path(), SUFFIX));
    }
    Map<String, TensorSource> arrays = new TreeMap<>(Npz.read(file, arena));
    MarianSettings model = model(file, arrays.remove(OPTIONS));
    List<Path> files = new ArrayList<>(List.of(file));
    List<String> warnings = new ArrayList<>();
    Path folder = file.toAbsolutePath().resolveSibling("");
    MarianSettings decoder = decoder(folder, files, input.settings());
    MarianConventions conventions = given(input.settings(), model, decoder);
    TensorPicker picker = new TensorPicker(arrays);
    TransformerConfig config = new MarianTransformer(model, picker, conventions).read();
    // The model that training goes on with has a record of it.
    picker.find("special:training.yml");
    picker.finish(NAME);

    MarianTokens tokens = new MarianTokens(input, folder, decoder, config, files, warnings);
    MarianVocabulary target = tokens.target();
    GenerationSettings generation =
        MarianGeneration.read(
            decoder, target.end(), target.unknown(), config.targetVocabulary() - 1);
    model.unused().forEach(key -> unknown(OPTIONS, key, warnings));
    decoder.unused().forEach(key -> unknown(DECODER, key, warnings));
    TokenizerModel tokenizer = tokens.tokenizer();
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

  private static void unknown(String where, String key, List<String> warnings) {
    warnings.add(where + ": " + FlatYaml.shown(key) + " was not looked at");
  }

  private static MarianSettings model(Path file, @Nullable TensorSource options) {
    if (options == null || options.type() != TensorSource.Type.I8) {
      throw new CheckpointException(
          "%s has no %s; expected a model of Marian".formatted(file.getFileName(), OPTIONS));
    }
    float[] values = options.readAll();
    byte[] bytes = new byte[values.length];
    int length = 0;
    // Padded with zeros, by one or to a multiple of 256.
    while (length < values.length && values[length] != 0) {
      bytes[length] = (byte) values[length];
      length++;
    }
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    return new MarianSettings(OPTIONS, FlatYaml.read(OPTIONS, text));
  }

  private static MarianSettings decoder(Path folder, List<Path> files, Map<String, String> given) {
    Path file = folder.resolve(DECODER);
    Map<String, Object> options = new TreeMap<>();
    if (Files.isRegularFile(file)) {
      files.add(file);
      options.putAll(FlatYaml.read(file));
    }
    DECODING.stream().filter(given::containsKey).forEach(options::remove);
    return new MarianSettings(DECODER, options);
  }

  /** Divides what the user gives between model and decoder. */
  private static MarianConventions given(
      Map<String, String> given, MarianSettings model, MarianSettings decoder) {
    for (Map.Entry<String, String> typed : given.entrySet()) {
      String key = typed.getKey();
      if (DECODING.contains(key)) {
        decoder.give(key, typed.getValue());
      } else if (MODEL.contains(key)) {
        model.give(key, typed.getValue());
      } else if (!key.equals(MarianConventions.KEY)) {
        throw new CheckpointException(
            "--set %s: expected one of %s, %s, %s"
                .formatted(
                    key,
                    MarianConventions.KEY,
                    String.join(", ", DECODING),
                    String.join(", ", MODEL)));
      }
    }
    return MarianConventions.of(given.getOrDefault(MarianConventions.KEY, NAME));
  }
}
