package dev.bcq.converter.quantize;

/** Adds up squared errors and squared weights. */
final class ErrorSum {
  private double errors;
  private double weights;

  void add(float weight, float stored) {
    double difference = (double) weight - stored;
    errors += difference * difference;
    weights += (double) weight * weight;
  }

  void add(
      float[] row,
      int from,
      int length,
      int[] codes,
      float[] slots,
      int at,
      Levels levels,
      boolean offset) {
    for (int i = from; i < from + length; i++) {
      add(row[i], levels.sum(codes[i], slots, at, offset));
    }
  }

  double relative() {
    return weights == 0 ? 0 : errors / weights;
  }
}
