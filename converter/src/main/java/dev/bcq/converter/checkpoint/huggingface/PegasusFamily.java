package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.checkpoint.ModelTensors;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.ops.Sinusoids;
import java.util.List;
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
    return StoredPositions.find(config, picker, width);
  }

  /** transformers stores the tables of this family, and warns when they are missing. */
  @Override
  public void write(TransformerConfig transformer, ObjectNode config, ModelTensors tensors) {
    super.write(transformer, config, tensors);
    if (transformer.positions() instanceof Positions.Sinusoidal sinusoidal) {
      int width = transformer.width();
      float[] table = Sinusoids.table(sinusoidal, width, sinusoidal.count());
      for (String stack : List.of("encoder", "decoder")) {
        tensors.table(
            "model." + stack + ".embed_positions.weight", table, sinusoidal.count(), width);
      }
    }
  }
}
