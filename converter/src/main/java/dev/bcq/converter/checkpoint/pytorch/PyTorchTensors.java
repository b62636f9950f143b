package dev.bcq.converter.checkpoint.pytorch;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.pickle.PersistentId;
import dev.bcq.converter.checkpoint.pickle.PickleGlobal;
import dev.bcq.converter.checkpoint.pickle.PickleObject;
import dev.bcq.converter.checkpoint.pickle.PickleTuple;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Tensors as the functions describe them that PyTorch calls to rebuild them. */
final class PyTorchTensors {
  static final String UTILS = "torch._utils";
  static final String TENSOR = "_rebuild_tensor";
  static final String TENSOR_V2 = "_rebuild_tensor_v2";
  static final String PARAMETER = "_rebuild_parameter";
  static final String PARAMETER_WITH_STATE = "_rebuild_parameter_with_state";
  static final String SUBCLASS_MODULE = "torch._tensor";
  static final String SUBCLASS = "_rebuild_from_type_v2";

  /** A parameter of a subclass of a tensor. */
  private static final int MOST_WRAPPERS = 3;

  private static final int MOST_DIMENSIONS = 8;

  private PyTorchTensors() {}

  /**
   * Returns a tensor, whose values stay where they are.
   *
   * @throws CheckpointException if the object is none, or its storage does not hold it
   */
  static TensorSource tensor(
      String file, String name, PickleObject object, PyTorchStorages storages) {
    String where = file + ": tensor " + name;
    Call call = plainCall(object);
    PickleTuple arguments = call.arguments();
    if (!call.isPlain()
        || arguments.size() < 4
        || !(arguments.get(0) instanceof PersistentId id)
        || !(arguments.get(1) instanceof Long offset)
        || !(arguments.get(2) instanceof PickleTuple size)
        || !(arguments.get(3) instanceof PickleTuple stride)
        || size.size() != stride.size()) {
      throw new CheckpointException(
          "%s is made by %s in an unknown way; expected a dense tensor"
              .formatted(where, call.callee()));
    }
    PyTorchStorage storage = PyTorchStorage.of(file, id);
    List<Long> shape = numbers(where, size);
    List<Long> strides = numbers(where, stride);
    check(where, storage, offset, shape, strides);
    MemorySegment values = storages.bytes(storage).asSlice(offset * storage.type().size());
    return TensorSource.view(
        name, storage.type(), shape, values, strides.stream().mapToLong(Long::longValue).toArray());
  }

  /** A call that rebuilds something. */
  private record Call(PickleGlobal callee, PickleTuple arguments) {

    /** Returns whether it is one of a tensor with a storage, a place there, a size and strides. */
    boolean isPlain() {
      return callee.is(UTILS, TENSOR_V2) || callee.is(UTILS, TENSOR);
    }

    /** Returns the call for what this one wraps, or this one. */
    Call inner() {
      if (callee.is(SUBCLASS_MODULE, SUBCLASS)
          && arguments.size() == 4
          && arguments.get(0) instanceof PickleGlobal function
          && arguments.get(2) instanceof PickleTuple others) {
        return new Call(function, others);
      }
      if ((callee.is(UTILS, PARAMETER) || callee.is(UTILS, PARAMETER_WITH_STATE))
          && arguments.size() > 0
          && arguments.get(0) instanceof PickleObject data) {
        return new Call(data.callee(), data.arguments());
      }
      return this;
    }
  }

  private static Call plainCall(PickleObject object) {
    Call call = new Call(object.callee(), object.arguments());
    for (int i = 0; i < MOST_WRAPPERS && !call.isPlain(); i++) {
      call = call.inner();
    }
    return call;
  }

  private static List<Long> numbers(String where, PickleTuple tuple) {
    if (tuple.size() > MOST_DIMENSIONS) {
      throw new CheckpointException(
          "%s has %d dimensions; supported: at most %d"
              .formatted(where, tuple.size(), MOST_DIMENSIONS));
    }
    List<Long> numbers = new ArrayList<>(tuple.size());
    for (int i = 0; i < tuple.size(); i++) {
      if (!(tuple.get(i) instanceof Long number) || number < 0) {
        throw new CheckpointException(
            "%s has a size or a stride that is no number from 0".formatted(where));
      }
      numbers.add(number);
    }
    return numbers;
  }

  /** Checks that all values lie in the storage, and that each has a place of its own there. */
  private static void check(
      String where, PyTorchStorage storage, long offset, List<Long> shape, List<Long> strides) {
    boolean fits = offset >= 0 && offset <= storage.count();
    if (fits && shape.contains(0L)) {
      return;
    }
    long count = 1;
    long last = offset;
    for (int i = 0; fits && i < shape.size(); i++) {
      long size = shape.get(i);
      long left = storage.count() - 1 - last;
      fits = size == 1 || strides.get(i) <= left / (size - 1);
      last += fits ? (size - 1) * strides.get(i) : 0;
      if (fits && size > storage.count() / count) {
        throw new CheckpointException(
            "%s has the shape %s, but its storage has %d values, which it repeats; save a copy"
                    .formatted(where, shape, storage.count())
                + " of it: tensor.contiguous()");
      }
      count *= size;
    }
    if (!fits || last >= storage.count()) {
      throw new CheckpointException(
          "%s has the shape %s and the strides %s from value %d; its storage has %d values"
              .formatted(where, shape, strides, offset, storage.count()));
    }
  }
}
