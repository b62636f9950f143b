package dev.bcq.format;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything small in a {@code .bcq} file.
 *
 * @param config the transformer
 * @param info name, languages, licence
 * @param provenance where the file comes from
 * @param generation decoding defaults
 * @param tasks decoding defaults of named tasks, laid over {@code generation}; in order
 * @param tokenizer the tokenizer, or null: the model then serves token ids only
 * @param matrices all matrices, in order of the file
 * @param tensors all float tensors, in order of the file
 * @param samples translations that the file must give
 */
public record BcqDirectory(
    TransformerConfig config,
    ModelInfo info,
    Provenance provenance,
    GenerationSettings generation,
    Map<String, GenerationSettings> tasks,
    @Nullable TokenizerEntry tokenizer,
    List<MatrixEntry> matrices,
    List<FloatTensorEntry> tensors,
    List<GoldenSample> samples) {}
