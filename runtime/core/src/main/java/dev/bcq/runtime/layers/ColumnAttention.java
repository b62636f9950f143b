package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.tensor.Activations;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attention of all columns, computed as one task: their heads in a row, a stretch of them for
 * each thread.
 */
final class ColumnAttention implements ThreadTeam.Task {
  /** Columns times positions times width that take longer than two threads need to share them. */
  private static final long LEAST_WORK = 128 << 10;

  /** What the queries attend to. */
  interface Source {

    /** Points rows at the keys and values of a column, and says what becomes of its scores. */
    void view(int column, KeyValueRows rows);

    /** Returns about how many positions a column attends to. */
    int positions();
  }

  private final ThreadTeam team;
  private final KeyValueRows[] rows;
  private final Activations queries;
  private final Activations context;
  private final int heads;
  private final int width;
  private final Kernels kernels;
  private @Nullable Source source;
  private int columns;

  /**
   * Allocates scratch for the threads of a team.
   *
   * @param queries [columns][heads * head width]
   * @param context receives what the queries found, [columns][heads * head width]
   */
  ColumnAttention(
      Kernels kernels,
      ThreadTeam team,
      int heads,
      int headWidth,
      Activations queries,
      Activations context) {
    this.kernels = kernels;
    this.team = team;
    this.queries = queries;
    this.context = context;
    this.heads = heads;
    this.width = heads * headWidth;
    this.rows = new KeyValueRows[team.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new KeyValueRows(heads, headWidth);
    }
  }

  /** Attends with the queries of the first columns. */
  void compute(Source from, int count) {
    source = from;
    columns = count;
    team.run(this, (long) count * from.positions() * width >= LEAST_WORK);
  }

  @Override
  public void compute(int part, int parts) {
    Source from = Objects.requireNonNull(source);
    KeyValueRows view = rows[part];
    int units = columns * heads;
    int unit = (int) ((long) units * part / parts);
    int end = (int) ((long) units * (part + 1) / parts);
    while (unit < end) {
      int column = unit / heads;
      int headFrom = unit % heads;
      int headTo = Math.min(heads, headFrom + end - unit);
      from.view(column, view);
      kernels.attend(queries, view, context, column, headFrom, headTo);
      unit += headTo - headFrom;
    }
  }
}
