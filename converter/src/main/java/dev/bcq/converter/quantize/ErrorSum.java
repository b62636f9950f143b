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

  double relative() {
    return weights == 0 ? 0 : errors / weights;
  }
}
