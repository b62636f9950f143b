package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.Elementary;
import dev.bcq.runtime.kernels.PreparedInput;

/** Rounds activations to bytes, in the order of int8 tiles. */
final class Int8 {
  private static final int CHUNK = 32;
  private static final int LINES = 8;
  private static final int OCTETS = 4;

  private Int8() {}

  static void prepare(PreparedInput input) {
    int padded = input.chunks() * CHUNK;
    for (int column = 0; column < input.columns(); column++) {
      for (int span = 0; span < input.spans(); span++) {
        int from = column * padded + span * PreparedInput.SPAN;
        int to = Math.min(from + PreparedInput.SPAN, (column + 1) * padded);
        prepare(input, from, to, column * input.spans() + span);
      }
    }
  }

  private static void prepare(PreparedInput input, int from, int to, int span) {
    float[] x = input.floats();
    float maximum = Lanes.largestMagnitude(x, from, to);
    float factor = PreparedInput.factor(maximum);
    input.byteScales()[span] = PreparedInput.scale(maximum);
    for (int chunk = from; chunk < to; chunk += CHUNK) {
      input.byteSums()[chunk / CHUNK] = chunk(x, chunk, factor, input.bytes());
    }
  }

  private static int chunk(float[] x, int at, float factor, byte[] bytes) {
    int sum = 0;
    for (int octet = 0; octet < OCTETS; octet++) {
      for (int line = 0; line < LINES; line++) {
        byte value = (byte) Elementary.round(x[at + octet * LINES + line] * factor);
        bytes[at + line * OCTETS + octet] = value;
        sum += value;
      }
    }
    return sum;
  }
}
