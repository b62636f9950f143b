package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.converter.checkpoint.ModelTensors;
import dev.bcq.converter.checkpoint.StoredForms;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.TransformerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * Writes a model file as a checkpoint folder that {@code from_pretrained} of Hugging Face
 * transformers loads: every weight is the float32 value that the file stands for.
 */
public final class HuggingFaceWriter {
  private final BcqFile file;
  private final BcqDirectory directory;
  private final String familyName;
  private final Family family;
  private final Path folder;

  private HuggingFaceWriter(BcqFile file, Path folder) {
    this.file = file;
    this.directory = file.directory();
    this.familyName = directory.provenance().family();
    this.folder = folder;
    Family found = Family.ALL.get(familyName);
    if (found == null) {
      throw new CheckpointException(
          "the model was a '%s' checkpoint; checkpoints that can be written: %s"
              .formatted(familyName, String.join(", ", Family.ALL.keySet())));
    }
    this.family = found;
  }

  /**
   * Writes a folder. It appears whole or not at all, and is read back before.
   *
   * @param folder a folder that does not exist, or is empty
   * @param written is told of the number of weights after each tensor
   * @return whether the model's tokenizer could be written, or there is none
   * @throws CheckpointException if transformers has no such model
   * @throws UncheckedIOException if the folder holds something or cannot be written
   */
  public static boolean write(BcqFile file, Path folder, LongConsumer written) {
    try (DraftFolder draft = DraftFolder.create(folder)) {
      HuggingFaceWriter writer = new HuggingFaceWriter(file, draft.path());
      writer.write(written);
      writer.readBack();
      draft.commit();
      return file.tokenizer() == null || writer.writesTokenizer();
    } catch (IOException e) {
      String reason =
          e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
      throw new UncheckedIOException(folder + " cannot be written: " + reason, e);
    }
  }

  private void write(LongConsumer written) throws IOException {
    ObjectNode config = JsonFile.object();
    config.putArray("architectures").add(family.architecture());
    config.put("model_type", familyName);
    config.put("is_encoder_decoder", true);
    config.put("torch_dtype", "float32");
    ModelTensors tensors = new ModelTensors(file);
    family.write(directory.config(), config, tensors);
    tensors.finish(familyName);
    Integer pad = family.padToken(directory.config(), directory.generation());
    // With the other file there, transformers wants these of its configuration alone.
    GenerationWriter.writeSpecialTokens(directory.generation(), pad, config);
    ObjectNode tasks = JsonFile.object();
    directory.tasks().forEach((name, task) -> GenerationWriter.write(task, tasks.putObject(name)));
    if (!tasks.isEmpty()) {
      config.set("task_specific_params", tasks);
    }
    JsonFile.write(folder.resolve(HuggingFaceReader.CONFIG), config);

    ObjectNode generation = JsonFile.object();
    GenerationWriter.writeSpecialTokens(directory.generation(), pad, generation);
    GenerationWriter.write(directory.generation(), generation);
    JsonFile.write(folder.resolve(HuggingFaceReader.GENERATION), generation);

    if (writesTokenizer()) {
      new TokenizerWriter(folder, Objects.requireNonNull(file.tokenizer()))
          .write(
              Objects.requireNonNull(family.tokenizerFile()),
              directory.config().targetVocabulary());
    }
    StoredForms.write(file, folder.resolve(StoredForms.NAME));
    Files.writeString(folder.resolve("README.md"), ModelCard.of(directory));
    SafetensorsWriter.write(folder.resolve(Safetensors.SINGLE), tensors.named(), written);
  }

  private boolean writesTokenizer() {
    return file.tokenizer() != null
        && family.tokenizerFile() != null
        && TokenizerWriter.canWrite(file.tokenizer());
  }

  private void readBack() {
    try (Arena arena = Arena.ofConfined()) {
      Checkpoint found = HuggingFaceReader.read(folder, arena);
      TransformerConfig config = directory.config();
      compare("configuration", config, found.config());
      compare("generation defaults", directory.generation(), found.generation());
      compare("tasks", directory.tasks(), found.tasks());
    }
  }

  private void compare(String what, Object stored, Object found) {
    if (!stored.equals(found)) {
      throw new CheckpointException(
          "a %s checkpoint cannot express the model: its %s would become %s; expected %s"
              .formatted(familyName, what, found, stored));
    }
  }
}
