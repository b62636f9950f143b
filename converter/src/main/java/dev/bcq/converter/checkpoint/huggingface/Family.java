package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.ModelTensors;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TransformerConfig;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The configuration and the tensors' names of one family of models, to be read and written. */
interface Family {
  /** All families, by their {@code model_type}. */
  Map<String, Family> ALL =
      new TreeMap<>(
          Map.of(
              "bart", new BartFamily(),
              "m2m_100", new M2M100Family(),
              "marian", new MarianFamily(),
              "mbart", new MBartFamily(),
              "mt5", new MT5Family(),
              "pegasus", new PegasusFamily(),
              "t5", new T5Family(),
              "umt5", new UMT5Family()));

  /** Returns the transformer; tensors are put into the picker under their canonical names. */
  TransformerConfig read(ConfigReader config, TensorPicker picker);

  /**
   * Writes the keys of config.json that {@link #read} reads, and names the tensors as transformers
   * stores them. What the family cannot express is left out: {@link #read} then returns another
   * transformer, which whoever calls this has to compare.
   */
  void write(TransformerConfig transformer, ObjectNode config, ModelTensors tensors);

  /** Returns the class of transformers that runs the model. */
  String architecture();

  /**
   * Returns the file of a tokenizer that is one SentencePiece model whose pieces' numbers are the
   * ids, or null if the family's tokenizers are others, which cannot be written.
   */
  @Nullable String tokenizerFile();

  /** Whether pieces' numbers are the ids in a family's SentencePiece models. */
  static boolean hasPlainPieces(String name) {
    Family family = ALL.get(name);
    return family != null && family.tokenizerFile() != null;
  }

  /**
   * Returns the token that fills batches, or null if none is known. Model files do without; a
   * checkpoint needs one.
   */
  @Nullable Integer padToken(TransformerConfig transformer, GenerationSettings generation);

  /** Returns the number of a layer count, after comparing it with the tensors' names. */
  static int layers(ConfigReader config, String key, int found, TensorPicker picker, String names) {
    int counted = picker.layers(names);
    if (counted != found) {
      throw new CheckpointException(
          "%s: %s is %d, but the weights have %d layers named %sN"
              .formatted(config.file(), key, found, counted, names));
    }
    return found;
  }
}
