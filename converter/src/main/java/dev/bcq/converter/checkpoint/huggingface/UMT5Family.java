package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.format.TransformerConfig;

/** UMT5 models: as T5 v1.1, with relative biases in every layer. */
final class UMT5Family extends T5Architecture {

  UMT5Family() {
    super(new Defaults(1024, 1024, 6, 8, 250112, "gated-gelu"), true);
  }

  @Override
  public String architecture() {
    return "UMT5ForConditionalGeneration";
  }

  @Override
  float outputScale(ConfigReader config, boolean tied, float tiedScale) {
    if (!tied) {
      config.warn(
          "tie_word_embeddings is false: the decoder's output is multiplied by d_model^-0.5, as in"
              + " transformers 5; transformers 4 does not scale it");
    }
    return tiedScale;
  }

  @Override
  void writeOutputScale(TransformerConfig transformer, ObjectNode config) {}
}
