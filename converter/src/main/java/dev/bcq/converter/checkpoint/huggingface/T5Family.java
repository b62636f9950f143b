package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.format.TransformerConfig;

/** T5 models: v1.0, v1.1, Flan. */
final class T5Family extends T5Architecture {
  private static final String SCALED = "scale_decoder_outputs";

  T5Family() {
    super(new Defaults(512, 2048, 8, 6, 32128, "relu"), false);
  }

  @Override
  public String architecture() {
    return "T5ForConditionalGeneration";
  }

  @Override
  float outputScale(ConfigReader config, boolean tied, float tiedScale) {
    return config.flag(SCALED, tied) ? tiedScale : 1f;
  }

  @Override
  void writeOutputScale(TransformerConfig transformer, ObjectNode config) {
    config.put(SCALED, transformer.outputScale() != 1f);
  }
}
