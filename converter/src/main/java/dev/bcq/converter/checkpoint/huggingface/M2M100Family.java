package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import org.jspecify.annotations.Nullable;

/** M2M100 models, and the dense ones of NLLB. */
final class M2M100Family extends BartArchitecture {
  private static final int VOCABULARY = 128112;
  private static final int PAD = 1;

  M2M100Family() {
    super(
        new Layout(NormPlacement.PRE, false, true, false), new Defaults(VOCABULARY, "relu", true));
  }

  @Override
  public String architecture() {
    return "M2M100ForConditionalGeneration";
  }

  @Override
  public @Nullable String tokenizerFile() {
    return null;
  }

  @Override
  public @Nullable Integer padToken(TransformerConfig transformer, GenerationSettings generation) {
    return transformer.positions() instanceof Positions.Sinusoidal sinusoidal
        ? sinusoidal.first() - 1
        : null;
  }

  /** Positions count from the one behind the padding token's id, without end. */
  @Override
  Positions positions(ConfigReader config, TensorPicker picker, int width) {
    int pad = config.integer("pad_token_id", PAD);
    if (pad < 0 || pad >= config.size("vocab_size", VOCABULARY)) {
      throw config.wrong("pad_token_id", config.node("pad_token_id"), "the id of a token");
    }
    // Old files hold the tables, which transformers computes anew.
    picker.find("encoder.embed_positions.weights");
    picker.find("decoder.embed_positions.weights");
    return new Positions.Sinusoidal(0, false, pad + 1, true);
  }
}
