package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.format.TransformerConfig;

/** mT5 models: T5 v1.1 for many languages. */
final class MT5Family extends T5Architecture {

  MT5Family() {
    super(new Defaults(1024, 1024, 6, 8, 250112, "gated-gelu"), false);
  }

  @Override
  public String architecture() {
    return "MT5ForConditionalGeneration";
  }

  @Override
  float outputScale(ConfigReader config, boolean tied, float tiedScale) {
    if (tied) {
      config.warn(
          "tie_word_embeddings is true: the decoder's output is not scaled, as in transformers 5;"
              + " transformers 4 multiplies it by d_model^-0.5");
    }
    return 1f;
  }

  @Override
  void writeOutputScale(TransformerConfig transformer, ObjectNode config) {}
}
