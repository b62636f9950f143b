package dev.bcq.kernels.jni;

import dev.bcq.kernels.c.VectorFunctions;

/**
 * Functions on activations and rows, by way of {@link JniMethods}: each pointer as its two parts.
 */
final class JniVectorFunctions implements VectorFunctions<Pointer> {

  @Override
  public void attend(
      Pointer query,
      int queryOffset,
      int queryStride,
      int columns,
      Pointer keys,
      Pointer values,
      int stride,
      int headStride,
      Pointer rows,
      int rowsOffset,
      int count,
      int headFrom,
      int headTo,
      int headWidth,
      float scale,
      boolean biased,
      Pointer bias,
      int biasOffset,
      int biasStride,
      int biasStep,
      Pointer scores,
      Pointer output,
      int outputOffset,
      int outputStride) {
    JniMethods.attend(
        query.owner(),
        query.address(),
        queryOffset,
        queryStride,
        columns,
        keys.owner(),
        keys.address(),
        values.owner(),
        values.address(),
        stride,
        headStride,
        rows.owner(),
        rows.address(),
        rowsOffset,
        count,
        headFrom,
        headTo,
        headWidth,
        scale,
        biased,
        bias.owner(),
        bias.address(),
        biasOffset,
        biasStride,
        biasStep,
        scores.owner(),
        scores.address(),
        output.owner(),
        output.address(),
        outputOffset,
        outputStride);
  }

  @Override
  public void attendInt8(
      Pointer query,
      int queryOffset,
      int queryStride,
      int columns,
      Pointer tiles,
      Pointer scales,
      int capacity,
      boolean listed,
      Pointer rows,
      int rowsOffset,
      int rowsStride,
      int count,
      int headFrom,
      int headTo,
      int headWidth,
      float scale,
      boolean biased,
      Pointer bias,
      int biasOffset,
      int biasStride,
      int biasStep,
      Pointer scores,
      Pointer output,
      int outputOffset,
      int outputStride) {
    JniMethods.attendInt8(
        query.owner(),
        query.address(),
        queryOffset,
        queryStride,
        columns,
        tiles.owner(),
        tiles.address(),
        scales.owner(),
        scales.address(),
        capacity,
        listed,
        rows.owner(),
        rows.address(),
        rowsOffset,
        rowsStride,
        count,
        headFrom,
        headTo,
        headWidth,
        scale,
        biased,
        bias.owner(),
        bias.address(),
        biasOffset,
        biasStride,
        biasStep,
        scores.owner(),
        scores.address(),
        output.owner(),
        output.address(),
        outputOffset,
        outputStride);
  }

  @Override
  public void storeKeyValues(
      Pointer keys,
      int keysOffset,
      int keysStride,
      Pointer values,
      int valuesOffset,
      int valuesStride,
      int columns,
      int headFrom,
      int headTo,
      int headWidth,
      Pointer tiles,
      Pointer scales,
      int capacity,
      int row) {
    JniMethods.storeKeyValues(
        keys.owner(),
        keys.address(),
        keysOffset,
        keysStride,
        values.owner(),
        values.address(),
        valuesOffset,
        valuesStride,
        columns,
        headFrom,
        headTo,
        headWidth,
        tiles.owner(),
        tiles.address(),
        scales.owner(),
        scales.address(),
        capacity,
        row);
  }

  @Override
  public float sumOfExponentials(Pointer x, int from, int length, float maximum) {
    return JniMethods.sumOfExponentials(x.owner(), x.address(), from, length, maximum);
  }

  @Override
  public void subtract(Pointer x, int from, int length, float number) {
    JniMethods.subtract(x.owner(), x.address(), from, length, number);
  }

  @Override
  public float maximum(Pointer x, int from, int length) {
    return JniMethods.maximum(x.owner(), x.address(), from, length);
  }

  @Override
  public int firstAbove(Pointer x, int from, int to, float addend, float bound) {
    return JniMethods.firstAbove(x.owner(), x.address(), from, to, addend, bound);
  }

  @Override
  public void normalize(
      boolean centered,
      Pointer x,
      int xOffset,
      int xStride,
      int columns,
      int width,
      Pointer weight,
      boolean biased,
      Pointer bias,
      float epsilon,
      Pointer y,
      int yOffset,
      int yStride) {
    JniMethods.normalize(
        centered,
        x.owner(),
        x.address(),
        xOffset,
        xStride,
        columns,
        width,
        weight.owner(),
        weight.address(),
        biased,
        bias.owner(),
        bias.address(),
        epsilon,
        y.owner(),
        y.address(),
        yOffset,
        yStride);
  }

  @Override
  public void add(
      Pointer terms,
      int termsOffset,
      int termsStride,
      Pointer sums,
      int sumsOffset,
      int sumsStride,
      int columns,
      int length) {
    JniMethods.add(
        terms.owner(),
        terms.address(),
        termsOffset,
        termsStride,
        sums.owner(),
        sums.address(),
        sumsOffset,
        sumsStride,
        columns,
        length);
  }

  @Override
  public void activate(int function, Pointer x, int from, int length) {
    JniMethods.activate(function, x.owner(), x.address(), from, length);
  }

  @Override
  public void readRow(
      Pointer bits,
      Pointer scales,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int row,
      int cols,
      Pointer to,
      int toOffset) {
    JniMethods.readRow(
        bits.owner(),
        bits.address(),
        scales.owner(),
        scales.address(),
        chunks,
        planes,
        groupChunks,
        offset,
        row,
        cols,
        to.owner(),
        to.address(),
        toOffset);
  }
}
