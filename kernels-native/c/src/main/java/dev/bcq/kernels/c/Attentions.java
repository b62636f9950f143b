package dev.bcq.kernels.c;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.RowNumbers;
import java.util.Objects;

/** The functions of C that attend: over floats, and over keys and values in 8 bits. */
final class Attentions<P> {
  private final MemoryViews<P> views;
  private final VectorFunctions<P> vectors;

  Attentions(MemoryViews<P> views, VectorFunctions<P> vectors) {
    this.views = views;
    this.vectors = vectors;
  }

  void attend(
      Activations queries,
      KeyValueRows memory,
      Activations context,
      int columnFrom,
      int columnTo,
      int headFrom,
      int headTo) {
    Objects.checkFromToIndex(headFrom, headTo, memory.heads());
    long width = (long) memory.heads() * memory.headWidth();
    Bounds.requireColumns(queries, columnFrom, columnTo, 0, width);
    Bounds.requireColumns(context, columnFrom, columnTo, 0, width);
    int columns = columnTo - columnFrom;
    if (columns == 0 || headFrom == headTo) {
      return;
    }
    Int8KeyValues int8 = memory.int8();
    if (int8 == null) {
      Bounds.requireRows(memory, columns, headFrom, headTo);
    } else {
      Bounds.requireRows(memory, int8, columns, headFrom, headTo);
    }
    long products = 2L * columns * memory.count() * memory.headWidth();
    int together = (int) Math.max(1, NativeKernels.MOST_PRODUCTS / products);
    for (int from = headFrom; from < headTo; ) {
      int to = Math.min(headTo - from, together) + from;
      if (int8 == null) {
        attendTo(queries, memory, context, columnFrom, columns, from, to);
      } else {
        attendTo(queries, memory, int8, context, columnFrom, columns, from, to);
      }
      from = to;
    }
  }

  private void attendTo(
      Activations queries,
      KeyValueRows memory,
      Activations context,
      int columnFrom,
      int columns,
      int from,
      int to) {
    P scores = views.of(memory.scores());
    Activations bias = memory.bias();
    // Without biases any pointer stands for them.
    P biases = bias == null ? scores : views.of(bias);
    vectors.attend(
        views.of(queries),
        queries.at(columnFrom),
        queries.stride(),
        columns,
        views.of(memory.keys()),
        views.of(memory.values()),
        memory.stride(),
        memory.headStride(),
        views.of(Objects.requireNonNull(memory.rows())),
        memory.rowsAt(),
        memory.count(),
        from,
        to,
        memory.headWidth(),
        memory.scale(),
        bias != null,
        biases,
        memory.biasOffset(),
        bias == null ? 0 : bias.stride(),
        memory.biasStep(),
        scores,
        views.of(context),
        context.at(columnFrom),
        context.stride());
  }

  private void attendTo(
      Activations queries,
      KeyValueRows memory,
      Int8KeyValues int8,
      Activations context,
      int columnFrom,
      int columns,
      int from,
      int to) {
    MemoryViews.Scaled<P> keyValues = views.of(int8);
    P scores = views.of(memory.scores());
    Activations bias = memory.bias();
    P biases = bias == null ? scores : views.of(bias);
    RowNumbers rows = memory.rows();
    P numbers = rows == null ? scores : views.of(rows);
    vectors.attendInt8(
        views.of(queries),
        queries.at(columnFrom),
        queries.stride(),
        columns,
        keyValues.weights(),
        keyValues.scales(),
        int8.capacity(),
        rows != null,
        numbers,
        memory.rowsAt(),
        memory.rowsStride(),
        memory.count(),
        from,
        to,
        memory.headWidth(),
        memory.scale(),
        bias != null,
        biases,
        memory.biasOffset(),
        bias == null ? 0 : bias.stride(),
        memory.biasStep(),
        scores,
        views.of(context),
        context.at(columnFrom),
        context.stride());
  }

  void store(
      Activations keys,
      Activations values,
      int columnFrom,
      int columnTo,
      Int8KeyValues memory,
      int row,
      int headFrom,
      int headTo) {
    Objects.checkFromToIndex(headFrom, headTo, memory.heads());
    long width = (long) memory.heads() * memory.headWidth();
    Bounds.requireColumns(keys, columnFrom, columnTo, 0, width);
    Bounds.requireColumns(values, columnFrom, columnTo, 0, width);
    int columns = columnTo - columnFrom;
    if (columns == 0) {
      return;
    }
    Bounds.requireRange(row, (long) row + columns, memory.capacity());
    MemoryViews.Scaled<P> keyValues = views.of(memory);
    vectors.storeKeyValues(
        views.of(keys),
        keys.at(columnFrom),
        keys.stride(),
        views.of(values),
        values.at(columnFrom),
        values.stride(),
        columns,
        headFrom,
        headTo,
        memory.headWidth(),
        keyValues.weights(),
        keyValues.scales(),
        memory.capacity(),
        row);
  }
}
