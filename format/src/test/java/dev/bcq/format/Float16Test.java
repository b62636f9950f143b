package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Float16Test {

  /** The definition: (-1)^s 2^(e-15) (1 + f/1024), or (-1)^s 2^-14 f/1024. */
  private static double value(int bits) {
    int exponent = (bits >> 10) & 31;
    int fraction = bits & 1023;
    double magnitude =
        exponent == 0
            ? Math.scalb(fraction / 1024.0, -14)
            : Math.scalb(1 + fraction / 1024.0, exponent - 15);
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @Test
  void readsAndWritesEveryFiniteValue() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if (((bits >> 10) & 31) != 31) {
        assertEquals((float) value(bits), Float16.toFloat((short) bits));
        assertEquals((short) bits, Float16.fromFloat(Float16.toFloat((short) bits)));
      }
    }
  }

  @Test
  void roundsToTheNearest() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      float x = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 26));
      if (Math.abs(x) < 65000) {
        int bits = Float16.fromFloat(x) & 0xffff;
        double error = Math.abs(value(bits) - x);
        double above = Math.abs(value(bits + 1) - x);
        double below = (bits & 0x7fff) == 0 ? above : Math.abs(value(bits - 1) - x);
        assertTrue(error <= above && error <= below, "for " + x);
      }
    }
  }

  @Test
  void keepsInfinityAndOverflowsToIt() {
    assertEquals(Float.POSITIVE_INFINITY, Float16.toFloat(Float16.fromFloat(1e6f)));
    assertEquals(Float.NEGATIVE_INFINITY, Float16.toFloat(Float16.fromFloat(-1e6f)));
    assertTrue(Float.isNaN(Float16.toFloat(Float16.fromFloat(Float.NaN))));
    assertEquals(65504f, Float16.toFloat(Float16.fromFloat(65519f)));
  }
}
