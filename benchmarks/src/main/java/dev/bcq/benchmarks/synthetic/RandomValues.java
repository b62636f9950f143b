package dev.bcq.benchmarks.synthetic;

import dev.bcq.format.Int8TileLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random weights of any amount out of one chunk of each kind, read again and again. A chunk's
 * length is odd: rows, whose lengths are powers of two, begin at another place of it each, so that
 * no two rows are the same.
 */
final class RandomValues {
  private static final int CHUNK = (1 << 18) + 3;

  private final long seed;
  private final ByteBuffer bits;
  private final ByteBuffer bytes;
  private final float[] normal = new float[CHUNK];
  private final Map<Float, ByteBuffer> floats = new HashMap<>();

  RandomValues(long seed) {
    this.seed = seed;
    Random random = new Random(seed);
    byte[] any = new byte[CHUNK];
    random.nextBytes(any);
    this.bits = ByteBuffer.wrap(any);
    byte[] symmetric = new byte[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
      symmetric[i] =
          (byte) (random.nextInt(2 * Byte.MAX_VALUE + 1) - Byte.MAX_VALUE + Int8TileLayout.ZERO);
      normal[i] = (float) random.nextGaussian();
    }
    this.bytes = ByteBuffer.wrap(symmetric);
  }

  /** Returns bytes of which each bit is one or zero. */
  List<ByteBuffer> bits(String name, long length) {
    return parts(bits, 1, name, length);
  }

  /** Returns weights of -127 to 127, all as likely, as {@link Int8TileLayout} has them. */
  List<ByteBuffer> bytes(String name, long length) {
    return parts(bytes, 1, name, length);
  }

  /** Returns little-endian floats of a normal distribution around zero. */
  List<ByteBuffer> floats(String name, long count, float deviation) {
    ByteBuffer chunk = floats.computeIfAbsent(deviation, this::scaled);
    return parts(chunk, Float.BYTES, name, count * Float.BYTES);
  }

  /** Returns numbers of a tensor that need no file. */
  Random random(String name) {
    return new Random(seed * 31 + name.hashCode());
  }

  private ByteBuffer scaled(float deviation) {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : normal) {
      chunk.putFloat(value * deviation);
    }
    return chunk.flip();
  }

  private List<ByteBuffer> parts(ByteBuffer chunk, int unit, String name, long length) {
    List<ByteBuffer> parts = new ArrayList<>();
    int from = random(name).nextInt(CHUNK) * unit;
    for (long left = length; left > 0; from = 0) {
      int taken = (int) Math.min(left, chunk.limit() - from);
      parts.add(chunk.slice(from, taken));
      left -= taken;
    }
    return parts;
  }
}
