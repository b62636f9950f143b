package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.converter.checkpoint.StoredForms;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Reads checkpoint folders as {@code save_pretrained} of Hugging Face transformers writes them. */
public final class HuggingFaceReader implements CheckpointReader {
  static final String CONFIG = "config.json";
  static final String GENERATION = "generation_config.json";

  /** Keys of config.json that do not change what the model computes. */
  private static final Set<String> NEUTRAL =
      Set.of(
          "architectures",
          "model_type",
          "_name_or_path",
          "_num_labels",
          "dtype",
          "torch_dtype",
          "torchscript",
          "dropout",
          "dropout_rate",
          "attention_dropout",
          "activation_dropout",
          "classifier_dropout",
          "classif_dropout",
          "encoder_layerdrop",
          "decoder_layerdrop",
          "init_std",
          "initializer_factor",
          "initializer_range",
          "is_encoder_decoder",
          "is_decoder",
          "add_cross_attention",
          "output_past",
          "gradient_checkpointing",
          "num_labels",
          "id2label",
          "label2id",
          "problem_type",
          "tokenizer_class",
          "finetuning_task",
          "chunk_size_feed_forward",
          "pruned_heads",
          "sep_token_id",
          "max_position_embeddings");

  @Override
  public String name() {
    return "huggingface";
  }

  @Override
  public String description() {
    return "Hugging Face transformers: " + String.join(", ", Family.ALL.keySet());
  }

  @Override
  public String looksFor() {
    return "a folder with config.json";
  }

  @Override
  public boolean recognizes(Path input) {
    return Files.isRegularFile(input.resolve(CONFIG));
  }

  @Override
  public Checkpoint read(CheckpointInput input, Arena arena) {
    input.refuseOptions(name());
    return read(input.path(), arena);
  }

  /**
   * Reads a folder.
   *
   * @param arena as long as it is open, the tensors can be read
   * @throws CheckpointException if it is not a model that can be expressed; everything that is
   *     wrong with its tensors is listed
   */
  public static Checkpoint read(Path folder, Arena arena) {
    checkFolder(folder);
    ConfigReader config = new ConfigReader(CONFIG, JsonFile.read(folder.resolve(CONFIG)));
    String family = config.text("model_type", "");
    Family reader = Family.ALL.get(family);
    if (reader == null) {
      throw new CheckpointException(
          "%s: model_type is '%s'; supported: %s"
              .formatted(CONFIG, family, String.join(", ", Family.ALL.keySet())));
    }
    Weights weights = Weights.read(folder, arena);
    TensorPicker picker = new TensorPicker(weights.tensors());
    TransformerConfig transformer = reader.read(config, picker);
    picker.finish(family);

    List<Path> files = new ArrayList<>(List.of(folder.resolve(CONFIG)));
    List<String> warnings = new ArrayList<>();
    int vocabulary = transformer.targetVocabulary();
    Map<String, GenerationSettings> tasks = tasks(config, vocabulary);
    config.ignore(NEUTRAL);
    GenerationSettings generation = generation(folder, config, vocabulary, files, warnings);
    files.addAll(weights.files());
    TokenizerModel tokenizer =
        TokenizerFiles.read(
            folder,
            family,
            Math.min(transformer.sourceVocabulary(), transformer.targetVocabulary()),
            Objects.requireNonNull(generation.endTokens()).get(0),
            files);
    if (tokenizer == null) {
      warnings.add("the folder has no tokenizer: the model will serve token ids only (--ids)");
    }
    Path forms = folder.resolve(StoredForms.NAME);
    boolean stored = Files.exists(forms);
    if (stored) {
      files.add(forms);
    }
    return new Checkpoint(
        family,
        transformer,
        picker.matrices(),
        picker.tensors(),
        generation,
        tasks,
        tokenizer,
        stored ? StoredForms.read(forms, picker.matrices()) : Map.of(),
        files,
        warnings);
  }

  private static void checkFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          folder + (Files.exists(folder) ? " is not a folder" : " does not exist"));
    }
    if (!Files.exists(folder.resolve(CONFIG))) {
      throw new CheckpointException(
          folder + " has no config.json; expected a folder that save_pretrained has written");
    }
  }

  private static GenerationSettings generation(
      Path folder, ConfigReader config, int vocabulary, List<Path> files, List<String> warnings) {
    Path file = folder.resolve(GENERATION);
    if (!Files.exists(file)) {
      GenerationSettings settings = GenerationReader.read(config, vocabulary);
      warnings.addAll(config.warnings());
      return settings;
    }
    // Decoding keys of config.json are ignored when the other file exists, even those that it
    // lacks.
    config.ignore(GenerationReader.KEYS);
    warnings.addAll(config.warnings());
    files.add(file);
    ConfigReader generation = new ConfigReader(GENERATION, JsonFile.read(file));
    GenerationSettings settings = GenerationReader.read(generation, vocabulary);
    warnings.addAll(generation.warnings());
    return settings;
  }

  private static Map<String, GenerationSettings> tasks(ConfigReader config, int vocabulary) {
    Map<String, GenerationSettings> tasks = new LinkedHashMap<>();
    JsonNode described = config.node("task_specific_params");
    for (Map.Entry<String, JsonNode> task : described.properties()) {
      ConfigReader reader = new ConfigReader(CONFIG + ", task " + task.getKey(), task.getValue());
      tasks.put(task.getKey(), GenerationReader.readTask(reader, vocabulary));
    }
    return tasks;
  }
}
