package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The attention of columns: a member of a team computes all of it, or some heads. */
final class ColumnAttention implements SharedProducts.Sequel {
  /** What the queries attend to. */
  interface Source {

    /** Does what has to be done for some heads before they are viewed. */
    default void prepare(int headFrom, int headTo) {}

    /** Points rows at the keys and values of a column, and says what becomes of its scores. */
    void view(int column, KeyValueRows rows);

    /** Returns the end of the stretch of columns that a call can compute with this one. */
    int end(int column);
  }

  private final KeyValueRows rows;
  private final int heads;
  private final int headWidth;
  private final Kernels kernels;
  private @Nullable Source source;
  private @Nullable Activations queries;
  private @Nullable Activations context;
  private int columns;

  /** Allocates scratch of a member. */
  ColumnAttention(Kernels kernels, int heads, int headWidth) {
    this.kernels = kernels;
    this.heads = heads;
    this.headWidth = headWidth;
    this.rows = new KeyValueRows(heads, headWidth);
  }

  /**
   * Attends with the queries of columns.
   *
   * @param from what they attend to
   * @param queriesOfColumns [columns][heads * head width]
   * @param found receives what the queries found, [columns][heads * head width]
   */
  void compute(Source from, Activations queriesOfColumns, Activations found, int count) {
    begin(from, queriesOfColumns, found, count);
    attend(0, heads);
  }

  /**
   * Attends with queries that are among products, which are computed first; each member's heads.
   */
  void compute(
      SharedProducts products,
      Source from,
      Activations queriesOfColumns,
      Activations found,
      int count) {
    begin(from, queriesOfColumns, found, count);
    products.compute(heads * headWidth, headWidth, this);
  }

  private void begin(Source from, Activations queriesOfColumns, Activations found, int count) {
    source = from;
    queries = queriesOfColumns;
    context = found;
    columns = count;
  }

  @Override
  public void compute(int rowFrom, int rowTo) {
    attend(rowFrom / headWidth, rowTo / headWidth);
  }

  private void attend(int headFrom, int headTo) {
    Source from = Objects.requireNonNull(source);
    Activations asking = Objects.requireNonNull(queries);
    Activations found = Objects.requireNonNull(context);
    from.prepare(headFrom, headTo);
    int column = 0;
    while (column < columns) {
      int next = Math.min(columns, from.end(column));
      from.view(column, rows);
      kernels.attend(asking, rows, found, column, next, headFrom, headTo);
      column = next;
    }
  }
}
