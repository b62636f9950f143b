package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads models that CTranslate2 has converted, of all its versions: transformers with an encoder
 * and a decoder, in floats or with 8 or 16 bits per weight.
 */
public final class CTranslate2Reader implements CheckpointReader {
  private static final String NAME = "ctranslate2";
  private static final String MODEL = "model.bin";
  private static final String CONFIG = "config.json";

  /** From this version on, settings are in a file of their own. */
  private static final int CONFIG_FROM = 6;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "CTranslate2: transformers for translation, float32 to int8";
  }

  @Override
  public String looksFor() {
    return "model.bin of version 1 to " + ModelBin.MOST_VERSION + ", or a folder with one";
  }

  @Override
  public boolean recognizes(Path input) {
    Path file = file(input);
    return Files.isRegularFile(file) && ModelBin.begins(file);
  }

  private static Path file(Path input) {
    return Files.isDirectory(input) ? input.resolve(MODEL) : input;
  }

  @Override
  public Checkpoint read(CheckpointInput input, Arena arena) {
    Path file = file(input.path());
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "%s has no %s; expected a folder that a converter of CTranslate2 has written"
              .formatted(input.path(), MODEL));
    }
    ModelBin model = ModelBin.read(file, arena);
    checkSpecification(model);
    List<Path> files = new ArrayList<>(List.of(file));
    List<String> warnings = new ArrayList<>();
    Map<String, TensorSource> variables = Variables.of(model, warnings);
    TensorPicker picker = new TensorPicker(variables);
    Path folder = file.toAbsolutePath().resolveSibling("");
    CTranslate2Settings settings = settings(model, folder, picker, input, files, warnings);
    CTranslate2Transformer transformer =
        new CTranslate2Transformer(model, variables, picker, settings, warnings);
    TransformerConfig config = transformer.read();
    picker.finish(NAME);

    boolean zeroStart = transformer.startsFromZero();
    int added = zeroStart ? 1 : 0;
    int targetTokens = config.targetVocabulary() - added;
    int sourceTokens = config.sourceVocabulary() - (config.sharedEmbedding() ? added : 0);
    CTranslate2Tokens tokens =
        new CTranslate2Tokens(input, folder, settings, sourceTokens, targetTokens, files, warnings);
    GenerationSettings generation =
        tokens.generation(zeroStart ? targetTokens : null, config.positions().limit());
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

  private static CTranslate2Settings settings(
      ModelBin model,
      Path folder,
      TensorPicker picker,
      CheckpointInput input,
      List<Path> files,
      List<String> warnings) {
    if (model.version() < CONFIG_FROM) {
      return CTranslate2Settings.of(new Scalars(picker), input.settings());
    }
    Path config = folder.resolve(CONFIG);
    if (!Files.isRegularFile(config)) {
      return CTranslate2Settings.of(JsonFile.object(), input.settings(), warnings);
    }
    files.add(config);
    return CTranslate2Settings.of(JsonFile.read(config), input.settings(), warnings);
  }

  private static void checkSpecification(ModelBin model) {
    if (!CTranslate2Transformer.HEADS.containsKey(model.specification())) {
      throw new CheckpointException(
          "the model is a %s; supported: TransformerSpec, an encoder and a decoder"
              .formatted(model.specification()));
    }
  }
}
