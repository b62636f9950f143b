package dev.bcq.converter.checkpoint;

import dev.bcq.format.GenerationSettings;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import org.jspecify.annotations.Nullable;

/** Pegasus models. */
final class PegasusFamily extends BartArchitecture {

  PegasusFamily() {
    super(new Layout(NormPlacement.PRE, false, true, true), new Defaults(50265, "gelu", false));
  }

  @Override
  public String architecture() {
    return "PegasusForConditionalGeneration";
  }

  @Override
  public @Nullable String tokenizerFile() {
    return null;
  }

  @Override
  public @Nullable Integer padToken(TransformerConfig transformer, GenerationSettings generation) {
    return generation.startToken();
  }

  @Override
  Positions positions(ConfigReader config, TensorPicker picker, int width) {
    return SinusoidTables.find(config, picker, width);
  }
}
