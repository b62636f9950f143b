package dev.bcq.converter.checkpoint;

import dev.bcq.converter.quantize.StoredForm;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint in canonical form.
 *
 * @param family architecture, for instance {@code marian}
 * @param config the transformer
 * @param matrices canonical name to weights [out, in], in the order of the file to be
 * @param tensors canonical name to norms, biases, tables, likewise
 * @param generation decoding defaults
 * @param tasks decoding defaults of named tasks
 * @param tokenizer the tokenizer, or null if there is none
 * @param stored how a model file stored the matrices, by canonical name, if the checkpoint was read
 *     out of one
 * @param files files that were read
 * @param warnings what the user should know
 */
public record Checkpoint(
    String family,
    TransformerConfig config,
    Map<String, TensorSource> matrices,
    Map<String, NamedTensor> tensors,
    GenerationSettings generation,
    Map<String, GenerationSettings> tasks,
    @Nullable TokenizerModel tokenizer,
    Map<String, StoredForm> stored,
    List<Path> files,
    List<String> warnings) {

  /**
   * A float tensor under the shape that the runtime wants.
   *
   * @param shape its dimensions
   * @param source its values
   */
  public record NamedTensor(List<Integer> shape, TensorSource source) {}
}
