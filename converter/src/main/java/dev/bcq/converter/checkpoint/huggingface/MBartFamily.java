package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import org.jspecify.annotations.Nullable;

/** mBART models: BART with norms in front of sublayers. */
final class MBartFamily extends BartArchitecture {

  MBartFamily() {
    super(new Layout(NormPlacement.PRE, true, false, true), new Defaults(50265, "gelu", false));
  }

  @Override
  public String architecture() {
    return "MBartForConditionalGeneration";
  }

  @Override
  public @Nullable String tokenizerFile() {
    return null;
  }

  @Override
  public @Nullable Integer padToken(TransformerConfig transformer, GenerationSettings generation) {
    return BartFamily.PAD;
  }

  @Override
  Positions positions(ConfigReader config, TensorPicker picker, int width) {
    return new Positions.Learned(
        config.size("max_position_embeddings", 1024), BartFamily.FIRST_ROW);
  }
}
