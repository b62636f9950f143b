package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.converter.checkpoint.SinusoidTables;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.Positions;
import java.util.List;

/** Position tables of Marian and Pegasus, which hold sinusoids unless someone has changed them. */
final class StoredPositions {

  private StoredPositions() {}

  /**
   * Returns the formula, all sines in front of the cosines, or that stored tables differ from it.
   */
  static Positions find(ConfigReader config, TensorPicker picker, int width) {
    int count = config.size("max_position_embeddings", 1024);
    Positions.Sinusoidal formula = new Positions.Sinusoidal(count, false, 0, false);
    boolean same = true;
    for (String stack : List.of("encoder", "decoder")) {
      TensorSource stored = picker.find(stack + ".embed_positions.weight");
      if (stored != null) {
        same &=
            stored.shape().equals(List.of((long) count, (long) width))
                && SinusoidTables.matches(stored, formula);
      }
    }
    return same ? formula : new Positions.Learned(count, 0);
  }
}
