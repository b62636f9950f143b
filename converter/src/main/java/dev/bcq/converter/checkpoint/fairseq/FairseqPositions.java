package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.Positions;
import dev.bcq.runtime.ops.Sinusoids;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The positions of both stacks. Sinusoids stay a formula where both stacks have them; where only
 * one has, or a matrix follows them, both get tables.
 */
final class FairseqPositions {
  /** Rows of tables in front of the first token's: padding has number 1, and 0 is unused. */
  private static final int FIRST_ROW = 2;

  /** More than any model was trained with, and little enough to be computed. */
  private static final int MOST_ROWS = 1 << 16;

  private final int width;
  private final int sourceRows;
  private final int targetRows;
  private final int limit;
  private final boolean learnedSource;
  private final boolean learnedTarget;
  private final Positions positions;

  FairseqPositions(FairseqSettings settings, int width, boolean tables, List<String> warnings) {
    this.width = width;
    this.sourceRows = settings.size("max_source_positions", 1024);
    this.targetRows = settings.size("max_target_positions", 1024);
    this.limit = Math.min(sourceRows, targetRows);
    boolean none = settings.flag("no_token_positional_embeddings");
    this.learnedSource = !none && settings.flag("encoder_learned_pos");
    this.learnedTarget = !none && settings.flag("decoder_learned_pos");
    if (sourceRows != targetRows) {
      warnings.add(
          "max_source_positions is %d and max_target_positions %d: both became %d"
              .formatted(sourceRows, targetRows, limit));
    }
    if (!none && limit > MOST_ROWS) {
      throw new CheckpointException(
          "max_source_positions is %d and max_target_positions %d; supported: up to %d of one"
              .formatted(sourceRows, targetRows, MOST_ROWS));
    }
    Positions.Sinusoidal formula = new Positions.Sinusoidal(limit, false, FIRST_ROW, true);
    this.positions =
        none
            ? new Positions.None()
            : learnedSource || learnedTarget || tables ? new Positions.Learned(limit, 0) : formula;
    if (!none && !(learnedSource && learnedTarget) && (width % 2 != 0 || width < 4)) {
      throw new CheckpointException(
          "encoder_embed_dim is %d; sinusoidal positions need an even width from 4"
              .formatted(width));
    }
  }

  Positions positions() {
    return positions;
  }

  /**
   * Adds the tables, where there are any.
   *
   * @param sourceMatrix matrix that follows the encoder's positions, or null
   */
  void pick(TensorPicker picker, @Nullable TensorSource sourceMatrix, Arena arena) {
    if (positions instanceof Positions.Learned) {
      TensorSource source = table(picker, "encoder", learnedSource, sourceRows);
      if (source != null) {
        pick(
            picker,
            "encoder",
            sourceMatrix == null
                ? source
                : MatrixProducts.timesTransposed(source, sourceMatrix, arena));
      }
      TensorSource target = table(picker, "decoder", learnedTarget, targetRows);
      if (target != null) {
        pick(picker, "decoder", target);
      }
    }
  }

  private void pick(TensorPicker picker, String stack, TensorSource table) {
    List<Integer> shape = List.of(limit, width);
    picker.tensor(stack + ".positions.weight", table, shape, shape);
  }

  private @Nullable TensorSource table(
      TensorPicker picker, String stack, boolean learned, int rows) {
    if (!learned) {
      Positions.Sinusoidal formula = new Positions.Sinusoidal(0, false, FIRST_ROW, true);
      float[] values = Sinusoids.table(formula, width, limit);
      return TensorSource.computed(
          stack + " sinusoids",
          List.of((long) limit, (long) width),
          (from, into, offset, count) ->
              System.arraycopy(values, Math.toIntExact(from), into, offset, count));
    }
    String name = stack + ".embed_positions.weight";
    TensorSource table = picker.find(name);
    List<Long> expected = List.of((long) rows + FIRST_ROW, (long) width);
    if (table == null) {
      picker.problem("missing: " + name + " " + expected);
      return null;
    }
    if (!table.shape().equals(expected)) {
      picker.problem("wrong shape: %s is %s, expected %s".formatted(name, table.shape(), expected));
      return null;
    }
    return table.rows(name, FIRST_ROW, limit);
  }
}
