package dev.bcq.converter.checkpoint.numpy;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.pickle.AllowedGlobals;
import dev.bcq.converter.checkpoint.pickle.PickleBytes;
import dev.bcq.converter.checkpoint.pickle.PickleException;
import dev.bcq.converter.checkpoint.pickle.PickleGlobal.Use;
import dev.bcq.converter.checkpoint.pickle.PickleList;
import dev.bcq.converter.checkpoint.pickle.PickleObject;
import dev.bcq.converter.checkpoint.pickle.PickleTuple;
import dev.bcq.converter.checkpoint.pickle.Unpickler;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays in pickles, and pickles in arrays: a {@code .npy} file of the type {@code object} is a
 * header and a pickle of an array of Python's values.
 *
 * <p>Source: {@code array_reduce} and {@code array_setstate} in {@code methods.c} of NumPy.
 */
public final class PickledArrays {
  private static final AllowedGlobals ALLOWED =
      AllowedGlobals.builder("In Python, load the file if you trust it, and save plain arrays")
          .allow(Use.NAME, "numpy", "ndarray")
          .allow(Use.OBJECT, "numpy", "dtype")
          .allow(Use.OBJECT, "numpy.core.multiarray", "_reconstruct")
          .allow(Use.OBJECT, "numpy._core.multiarray", "_reconstruct")
          .build();

  private static final String OBJECTS = "|O";
  private static final int MOST_DIMENSIONS = 32;

  private PickledArrays() {}

  /** An array as its pickle describes it. */
  private record Parts(List<Long> shape, String type, boolean fortranOrder, Object content) {}

  /** Returns whether bytes begin with the header of an array of Python's values. */
  public static boolean isPickled(String where, MemorySegment bytes) {
    return NpyHeader.parse(where, bytes).descr().equals(OBJECTS);
  }

  /**
   * Returns the one value that an array of Python's values holds.
   *
   * @param where names the file in messages
   * @param bytes the whole file
   * @throws CheckpointException if it is damaged, holds something else, or names what arrays and
   *     containers are not made of
   */
  public static Object single(String where, MemorySegment bytes) {
    NpyHeader header = NpyHeader.parse(where, bytes);
    if (!header.descr().equals(OBJECTS)) {
      throw new CheckpointException(where + " is a plain array of numbers; expected a dict in one");
    }
    Parts parts = parts(unpickled(where, bytes.asSlice(header.dataOffset())));
    if (parts == null
        || !parts.shape().isEmpty()
        || !(parts.content() instanceof PickleList items)
        || items.size() != 1) {
      throw new CheckpointException(where + " holds something else than one value in an array");
    }
    return items.get(0);
  }

  private static Object unpickled(String where, MemorySegment pickle) {
    try {
      return new Unpickler(where, pickle, ALLOWED).read();
    } catch (PickleException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Returns the numbers of an array that a pickle holds, or null if a value is no array.
   *
   * @param name of the tensor
   * @throws CheckpointException if it is damaged or holds no numbers
   */
  public static @Nullable TensorSource tensor(String name, @Nullable Object value) {
    Parts parts = parts(value);
    if (parts == null) {
      return null;
    }
    if (!(parts.content() instanceof PickleBytes bytes)) {
      throw new CheckpointException(name + " is an array of Python's values; expected numbers");
    }
    NpyHeader header = new NpyHeader(parts.type(), parts.fortranOrder(), parts.shape(), 0);
    return NpyArray.tensor(name, name, header, bytes.content());
  }

  private static @Nullable Parts parts(@Nullable Object value) {
    if (value instanceof PickleObject array
        && array.callee().name().equals("_reconstruct")
        && array.state() instanceof PickleTuple state
        && state.size() == 5
        && state.get(1) instanceof PickleTuple sizes
        && state.get(2) instanceof PickleObject type
        && state.get(3) instanceof Boolean fortranOrder) {
      List<Long> shape = shape(sizes);
      String descr = descr(type);
      return shape == null || descr == null
          ? null
          : new Parts(shape, descr, fortranOrder, state.get(4));
    }
    return null;
  }

  private static @Nullable List<Long> shape(PickleTuple sizes) {
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      if (!(sizes.get(i) instanceof Long size) || size < 0 || shape.size() == MOST_DIMENSIONS) {
        return null;
      }
      shape.add(size);
    }
    return shape;
  }

  /** Returns a type as a {@code .npy} file names it: its byte order and its code. */
  private static @Nullable String descr(PickleObject type) {
    if (type.callee().is("numpy", "dtype")
        && type.arguments().size() > 0
        && type.arguments().get(0) instanceof String code
        && type.state() instanceof PickleTuple state
        && state.size() > 1
        && state.get(1) instanceof String order) {
      return order + code;
    }
    return null;
  }
}
