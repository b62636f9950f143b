package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.Positions;
import dev.bcq.runtime.ops.Sinusoids;
import java.util.List;

/** Position tables of Marian and Pegasus, which hold sinusoids unless someone has changed them. */
final class SinusoidTables {

  private SinusoidTables() {}

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
        same &= stored.count() == (long) count * width && close(stored, formula, width, count);
      }
    }
    return same ? formula : new Positions.Learned(count, 0);
  }

  private static boolean close(
      TensorSource stored, Positions.Sinusoidal formula, int width, int count) {
    float[] found = stored.readAll();
    float[] expected = Sinusoids.table(formula, width, count);
    float tolerance = stored.type().size() == 2 ? 1e-3f : 1e-5f;
    for (int i = 0; i < found.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= tolerance)) {
        return false;
      }
    }
    return true;
  }
}
