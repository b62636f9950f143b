package dev.bcq.converter.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of a mapped checkpoint file, read as float32 wherever it lies; nothing is copied before.
 * Some are computed of others as they are read. Values that do not follow each other in the file,
 * as those of a transposed matrix, are gathered.
 */
public final class TensorSource {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int BLOCK = 1 << 14;

  private final String name;
  private final Type type;
  private final List<Long> shape;
  private final long count;
  private final MemorySegment bytes;

  /** Values from one index of a dimension to the next; empty if the values lie in order. */
  private final long[] strides;

  /** Gives the values that lie in no file; null for those that do. */
  private final @Nullable Values computed;

  /** Values that are computed as they are read. */
  @FunctionalInterface
  public interface Values {

    /** Reads values as {@link TensorSource#read}. */
    void read(long from, float[] into, int offset, int values);
  }

  /** A number type that tensors may have, under its name in safetensors. */
  public enum Type {
    /** 64-bit floats. */
    F64(8, true),
    /** 32-bit floats. */
    F32(4, true),
    /** IEEE 754 binary16. */
    F16(2, true),
    /** The upper half of a 32-bit float. */
    BF16(2, true),
    /** 64-bit integers. */
    I64(8, false),
    /** 32-bit integers. */
    I32(4, false),
    /** 16-bit integers. */
    I16(2, false),
    /** 8-bit integers. */
    I8(1, false),
    /** 8-bit integers from 0. */
    U8(1, false),
    /** 0 or 1 in a byte. */
    BOOL(1, false);

    private final int size;
    private final boolean isFloat;

    Type(int size, boolean isFloat) {
      this.size = size;
      this.isFloat = isFloat;
    }

    /** Returns the bytes of one value. */
    public int size() {
      return size;
    }

    /** Returns whether values are floats, as weights have to be. */
    public boolean isFloat() {
      return isFloat;
    }
  }

  /** Creates a tensor whose values fill bytes in row-major order. */
  public TensorSource(String name, Type type, List<Long> shape, MemorySegment bytes) {
    this(name, type, shape, bytes, new long[0], null);
  }

  private TensorSource(
      String name,
      Type type,
      List<Long> shape,
      MemorySegment bytes,
      long[] strides,
      @Nullable Values computed) {
    this.name = name;
    this.type = type;
    this.shape = List.copyOf(shape);
    this.count = shape.contains(0L) ? 0 : shape.stream().reduce(1L, Math::multiplyExact);
    this.bytes = bytes;
    this.strides = strides;
    this.computed = computed;
  }

  /** Returns a tensor of floats that lies in no file. */
  public static TensorSource computed(String name, List<Long> shape, Values values) {
    return new TensorSource(name, Type.F32, shape, MemorySegment.NULL, new long[0], values);
  }

  /** Returns a view of some indices of the first dimension. */
  public TensorSource rows(String part, long from, long rows) {
    List<Long> partShape = new ArrayList<>(shape);
    partShape.set(0, rows);
    long row = shape.get(0) == 0 ? 0 : count / shape.get(0);
    if (computed != null) {
      return computed(
          part,
          partShape,
          (first, into, offset, values) -> read(from * row + first, into, offset, values));
    }
    long step = strides.length == 0 ? row : strides[0];
    MemorySegment rest = bytes.asSlice(from * step * type.size());
    return strides.length == 0
        ? new TensorSource(part, type, partShape, rest.asSlice(0, rows * row * type.size()))
        : new TensorSource(part, type, partShape, rest, strides, null);
  }

  /** Returns a view of a matrix in the file with rows and columns exchanged. */
  public TensorSource transposed() {
    List<Long> turned = List.of(shape.get(1), shape.get(0));
    return strides.length == 0
        ? view(name, type, turned, bytes, 1, shape.get(1))
        : view(name, type, turned, bytes, strides[1], strides[0]);
  }

  /** Returns the same values under other dimensions. */
  public TensorSource reshaped(List<Long> dimensions) {
    if (strides.length > 0) {
      throw new IllegalStateException(name + " does not lie in order");
    }
    return new TensorSource(name, type, dimensions, bytes, strides, computed);
  }

  /** Returns the same values times a factor, as floats. */
  public TensorSource times(float factor) {
    return computed(
        name,
        shape,
        (from, into, offset, values) -> {
          read(from, into, offset, values);
          for (int i = 0; i < values; i++) {
            into[offset + i] *= factor;
          }
        });
  }

  /**
   * Returns a view of other values.
   *
   * @param bytes begin with the first value and hold the last
   * @param strides values from one index of a dimension to the next, one for each
   */
  public static TensorSource view(
      String name, Type type, List<Long> shape, MemorySegment bytes, long... strides) {
    long next = 1;
    boolean inOrder = true;
    for (int i = strides.length - 1; i >= 0; i--) {
      long size = shape.get(i);
      inOrder &= size <= 1 || strides[i] == next;
      next *= size;
    }
    return inOrder || next == 0
        ? new TensorSource(name, type, shape, bytes.asSlice(0, next * type.size()))
        : new TensorSource(name, type, shape, bytes, strides.clone(), null);
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

  /** Returns where the values lie in row-major order, as bytes of the file. */
  public MemorySegment bytes() {
    if (computed != null || strides.length > 0) {
      throw new IllegalStateException(name + " does not lie in order");
    }
    return bytes;
  }

  /** Returns the number of values. */
  public long count() {
    return count;
  }

  /** Returns the bytes that the values take. */
  public long byteSize() {
    return count * type.size();
  }

  /**
   * Reads values as float32; those that are none are rounded.
   *
   * @param from number of the first
   * @param into receives them from {@code offset}
   */
  public void read(long from, float[] into, int offset, int values) {
    if (computed != null) {
      computed.read(from, into, offset, values);
      return;
    }
    if (strides.length == 0) {
      readRun(from, 1, into, offset, values);
      return;
    }
    long row = shape.get(shape.size() - 1);
    int done = 0;
    while (done < values) {
      int run = (int) Math.min(values - done, row - (from + done) % row);
      readRun(place(from + done), strides[strides.length - 1], into, offset + done, run);
      done += run;
    }
  }

  private void readRun(long from, long stride, float[] into, int offset, int values) {
    if (type == Type.F32 && stride == 1) {
      MemorySegment.copy(bytes, FLOAT, 4 * from, into, offset, values);
      return;
    }
    long step = stride * type.size;
    long at = from * type.size;
    switch (type) {
      case F32 -> {
        for (int i = 0; i < values; i++) {
          into[offset + i] = bytes.get(FLOAT, at + step * i);
        }
      }
      case F16 -> {
        for (int i = 0; i < values; i++) {
          into[offset + i] = Float.float16ToFloat(bytes.get(SHORT, at + step * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values; i++) {
          into[offset + i] = Float.intBitsToFloat(bytes.get(SHORT, at + step * i) << 16);
        }
      }
      case F64 -> {
        for (int i = 0; i < values; i++) {
          into[offset + i] = (float) bytes.get(DOUBLE, at + step * i);
        }
      }
      default -> {
        for (int i = 0; i < values; i++) {
          into[offset + i] = integer(at + step * i);
        }
      }
    }
  }

  /**
   * Reads integers.
   *
   * @param from number of the first
   * @param into receives them from {@code offset}
   * @throws CheckpointException if the tensor has floats
   */
  public void readIntegers(long from, long[] into, int offset, int values) {
    if (type.isFloat) {
      throw new CheckpointException(
          "tensor %s has values of the type %s; expected integers".formatted(name, type));
    }
    for (int i = 0; i < values; i++) {
      long place = strides.length == 0 ? from + i : place(from + i);
      into[offset + i] = integer(place * type.size);
    }
  }

  private long integer(long at) {
    return switch (type) {
      case I64 -> bytes.get(LONG, at);
      case I32 -> bytes.get(INT, at);
      case I16 -> bytes.get(SHORT, at);
      case I8 -> bytes.get(ValueLayout.JAVA_BYTE, at);
      case U8 -> bytes.get(ValueLayout.JAVA_BYTE, at) & 0xff;
      case BOOL -> bytes.get(ValueLayout.JAVA_BYTE, at) == 0 ? 0 : 1;
      case F64, F32, F16, BF16 -> throw new IllegalStateException(type + " is no integer");
    };
  }

  /** Returns where a value lies, in values from the first. */
  private long place(long number) {
    long place = 0;
    long rest = number;
    for (int i = strides.length - 1; i >= 0; i--) {
      long size = shape.get(i);
      place += rest % size * strides[i];
      rest /= size;
    }
    return place;
  }

  /** Returns all values of a tensor that fits an array. */
  public float[] readAll() {
    float[] values = new float[Math.toIntExact(count)];
    read(0, values, 0, values.length);
    return values;
  }

  /** Returns whether another tensor has the same shape and the same values. */
  public boolean sameAs(TensorSource other) {
    if (!shape.equals(other.shape) || type.isFloat != other.type.isFloat) {
      return false;
    }
    if (this == other) {
      return true;
    }
    boolean inFiles = computed == null && other.computed == null;
    boolean inOrder = strides.length == 0 && other.strides.length == 0;
    if (type == other.type && inFiles && inOrder) {
      return bytes.mismatch(other.bytes) < 0;
    }
    return type.isFloat ? sameFloats(other) : sameIntegers(other);
  }

  private boolean sameFloats(TensorSource other) {
    int step = (int) Math.min(BLOCK, count);
    float[] mine = new float[step];
    float[] others = new float[step];
    for (long from = 0; from < count; from += step) {
      int size = (int) Math.min(step, count - from);
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

  private boolean sameIntegers(TensorSource other) {
    int step = (int) Math.min(BLOCK, count);
    long[] mine = new long[step];
    long[] others = new long[step];
    for (long from = 0; from < count; from += step) {
      int size = (int) Math.min(step, count - from);
      readIntegers(from, mine, 0, size);
      other.readIntegers(from, others, 0, size);
      if (Arrays.mismatch(mine, 0, size, others, 0, size) >= 0) {
        return false;
      }
    }
    return true;
  }
}
