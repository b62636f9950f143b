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
  /** Columns of a thread that are enough to compute several at once. */
  private static final int LEAST_COLUMNS = 8;

  /** What the queries attend to. */
  interface Source {

    /** Points rows at the keys and values of a column, and says what becomes of its scores. */
    void view(int column, KeyValueRows rows);

    /** Returns the end of the stretch of columns that a call can compute with this one. */
    int end(int column);

    /** Returns about how many positions a column attends to. */
    int positions();
  }

  private final ThreadTeam team;
  private final KeyValueRows[] rows;
  private final int heads;
  private final int width;
  private final Kernels kernels;
  private @Nullable Source source;
  private @Nullable Activations queries;
  private @Nullable Activations context;
  private int columns;

  /** Allocates scratch for the threads of a team. */
  ColumnAttention(Kernels kernels, ThreadTeam team, int heads, int headWidth) {
    this.kernels = kernels;
    this.team = team;
    this.heads = heads;
    this.width = heads * headWidth;
    this.rows = new KeyValueRows[team.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new KeyValueRows(heads, headWidth);
    }
  }

  /**
   * Attends with the queries of columns.
   *
   * @param from what they attend to
   * @param queriesOfColumns [columns][heads * head width]
   * @param found receives what the queries found, [columns][heads * head width]
   */
  void compute(Source from, Activations queriesOfColumns, Activations found, int count) {
    source = from;
    queries = queriesOfColumns;
    context = found;
    columns = count;
    long bytes = 2L * count * from.positions() * width;
    team.run(this, Math.min(team.parts(bytes), team.size()));
  }

  // Many columns are shared out whole, few by their heads: queries that see the same keys and
  // values stay together.
  @Override
  public void compute(int part, int parts) {
    Source from = Objects.requireNonNull(source);
    Activations asking = Objects.requireNonNull(queries);
    Activations found = Objects.requireNonNull(context);
    boolean byHeads = columns < LEAST_COLUMNS * parts;
    int headFrom = byHeads ? heads * part / parts : 0;
    int headTo = byHeads ? heads * (part + 1) / parts : heads;
    int column = byHeads ? 0 : columns * part / parts;
    int end = byHeads ? columns : columns * (part + 1) / parts;
    while (headFrom < headTo && column < end) {
      int next = Math.min(end, from.end(column));
      from.view(column, rows[part]);
      kernels.attend(asking, rows[part], found, column, next, headFrom, headTo);
      column = next;
    }
  }
}
