package dev.bcq.converter.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** A tensor of a mapped checkpoint file, read as float32. */
public final class TensorSource {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final Type type;
  private final List<Long> shape;
  private final MemorySegment bytes;

  /** A number type that weights may have. */
  public enum Type {
    /** 64-bit floats. */
    F64(8),
    /** 32-bit floats. */
    F32(4),
    /** IEEE 754 binary16. */
    F16(2),
    /** The upper half of a 32-bit float. */
    BF16(2);

    private final int size;

    Type(int size) {
      this.size = size;
    }

    /** Returns the bytes of one value. */
    public int size() {
      return size;
    }
  }

  TensorSource(String name, Type type, List<Long> shape, MemorySegment bytes) {
    this.name = name;
    this.type = type;
    this.shape = List.copyOf(shape);
    this.bytes = bytes;
  }

  /** Returns the name in the checkpoint. */
  public String name() {
    return name;
  }

  /** Returns the number type in the checkpoint. */
  public Type type() {
    return type;
  }

  /** Returns the dimensions, row-major. */
  public List<Long> shape() {
    return shape;
  }

  /** Returns the number of values. */
  public long count() {
    return bytes.byteSize() / type.size();
  }

  /** Returns the bytes that the tensor takes in the checkpoint. */
  public long byteSize() {
    return bytes.byteSize();
  }

  /**
   * Reads values as float32.
   *
   * @param from number of the first
   * @param into receives them from {@code offset}
   */
  public void read(long from, float[] into, int offset, int count) {
    long at = from * type.size();
    switch (type) {
      case F32 -> MemorySegment.copy(bytes, FLOAT, at, into, offset, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          into[offset + i] = Float.float16ToFloat(bytes.get(SHORT, at + 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          into[offset + i] = Float.intBitsToFloat(bytes.get(SHORT, at + 2L * i) << 16);
        }
      }
      case F64 -> {
        for (int i = 0; i < count; i++) {
          into[offset + i] = (float) bytes.get(DOUBLE, at + 8L * i);
        }
      }
    }
  }

  /** Returns all values of a tensor that fits an array. */
  public float[] readAll() {
    float[] values = new float[Math.toIntExact(count())];
    read(0, values, 0, values.length);
    return values;
  }

  /** Returns whether another tensor has the same shape and the same values. */
  public boolean sameAs(TensorSource other) {
    if (!shape.equals(other.shape)) {
      return false;
    }
    if (type == other.type) {
      return bytes.mismatch(other.bytes) < 0;
    }
    int step = 1 << 16;
    float[] mine = new float[step];
    float[] others = new float[step];
    for (long from = 0; from < count(); from += step) {
      int size = (int) Math.min(step, count() - from);
      read(from, mine, 0, size);
      other.read(from, others, 0, size);
      for (int i = 0; i < size; i++) {
        if (mine[i] != others[i]) {
          return false;
        }
      }
    }
    return true;
  }
}
