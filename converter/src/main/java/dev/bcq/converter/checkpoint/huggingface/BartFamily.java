package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import org.jspecify.annotations.Nullable;

/** BART models. */
final class BartFamily extends BartArchitecture {
  /** Rows of position tables that no token gets; fairseq kept them for padding. */
  static final int FIRST_ROW = 2;

  static final int PAD = 1;

  BartFamily() {
    super(new Layout(NormPlacement.POST, true, false, true), new Defaults(50265, "gelu", false));
  }

  @Override
  public String architecture() {
    return "BartForConditionalGeneration";
  }

  @Override
  public @Nullable String tokenizerFile() {
    return null;
  }

  @Override
  public @Nullable Integer padToken(TransformerConfig transformer, GenerationSettings generation) {
    return PAD;
  }

  @Override
  Positions positions(ConfigReader config, TensorPicker picker, int width) {
    return new Positions.Learned(config.size("max_position_embeddings", 1024), FIRST_ROW);
  }
}
