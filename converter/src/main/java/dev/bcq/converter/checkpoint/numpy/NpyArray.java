package dev.bcq.converter.checkpoint.numpy;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@code .npy} array of numbers, used where it lies. */
public final class NpyArray {
  private static final Map<String, TensorSource.Type> TYPES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("<f2", TensorSource.Type.F16),
              Map.entry("<f4", TensorSource.Type.F32),
              Map.entry("<f8", TensorSource.Type.F64),
              Map.entry("<i1", TensorSource.Type.I8),
              Map.entry("|i1", TensorSource.Type.I8),
              Map.entry("<i2", TensorSource.Type.I16),
              Map.entry("<i4", TensorSource.Type.I32),
              Map.entry("<i8", TensorSource.Type.I64),
              Map.entry("|u1", TensorSource.Type.U8),
              Map.entry("<u1", TensorSource.Type.U8),
              Map.entry("|b1", TensorSource.Type.BOOL)));

  private NpyArray() {}

  /**
   * Returns the numbers of an array.
   *
   * @param where names the bytes in messages
   * @param name of the tensor
   * @param bytes the whole array, header included
   * @throws CheckpointException if it is damaged, or holds something else than numbers
   */
  public static TensorSource tensor(String where, String name, MemorySegment bytes) {
    NpyHeader header = NpyHeader.parse(where, bytes);
    return tensor(where, name, header, bytes.asSlice(header.dataOffset()));
  }

  /**
   * Returns the numbers of an array.
   *
   * @param where names the bytes in messages
   * @param name of the tensor
   * @param header what they are
   * @param data the values
   * @throws CheckpointException if there are more or fewer than the header says, or no numbers
   */
  static TensorSource tensor(String where, String name, NpyHeader header, MemorySegment data) {
    TensorSource.Type type = TYPES.get(header.descr());
    if (type == null) {
      throw new CheckpointException(
          "%s has values of the type '%s'; supported: %s"
              .formatted(where, shown(header.descr()), String.join(", ", TYPES.keySet())));
    }
    Long expected = byteSize(header.shape(), type);
    if (expected == null || expected != data.byteSize()) {
      throw new CheckpointException(
          "%s is damaged: %d bytes follow its header; expected those of %s values of %s"
              .formatted(where, data.byteSize(), header.shape(), type));
    }
    return header.fortranOrder()
        ? TensorSource.view(name, type, header.shape(), data, fortran(header.shape()))
        : new TensorSource(name, type, header.shape(), data);
  }

  /** Returns the bytes of so many values, or null if they are too many to be counted. */
  private static @Nullable Long byteSize(List<Long> shape, TensorSource.Type type) {
    try {
      long count = shape.contains(0L) ? 0 : shape.stream().reduce(1L, Math::multiplyExact);
      return Math.multiplyExact(count, (long) type.size());
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static long[] fortran(List<Long> shape) {
    long[] strides = new long[shape.size()];
    long step = 1;
    for (int i = 0; i < strides.length; i++) {
      strides[i] = step;
      step *= Math.max(1, shape.get(i));
    }
    return strides;
  }

  private static String shown(String descr) {
    String plain = descr.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 20 ? plain.substring(0, 20) + ".." : plain;
  }
}
