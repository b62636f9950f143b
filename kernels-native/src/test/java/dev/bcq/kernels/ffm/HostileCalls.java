package dev.bcq.kernels.ffm;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program that calls kernels with {@link HostileCases}, on {@link GuardedMemory}. A call is
 * refused, or it gives what the scalar kernels give; one that leaves its arrays ends the process.
 * The seed of the present call is in a file, which is what remains then.
 */
final class HostileCalls {
  private final GuardedMemory memory = new GuardedMemory();
  private final Kernels guarded = guarded(memory);
  private final Kernels scalar = new ScalarKernelProvider().create();
  private final Map<String, int[]> counts = new TreeMap<>();

  /**
   * Runs the program: {@code calls FILE FIRST END}, or, to see that leaving an array is noticed,
   * {@code behind FILE} and {@code before FILE}.
   */
  public static void main(String[] args) throws IOException {
    HostileCalls calls = new HostileCalls();
    if (!args[0].equals("calls")) {
      calls.leave(args[0].equals("behind"));
      return;
    }
    try (FileChannel file =
        FileChannel.open(Path.of(args[1]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer place = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
      for (long seed = Long.parseLong(args[2]); seed < Long.parseLong(args[3]); seed++) {
        place.putLong(0, seed);
        calls.call(seed);
      }
    }
    calls.counts.forEach(
        (kind, count) -> System.out.println(kind + " " + count[0] + " " + count[1]));
  }

  private HostileCalls() {}

  /** Returns the kernels in C on other memory, which has what Java's arrays have at each call. */
  private static Kernels guarded(GuardedMemory memory) {
    Kernels kernels = new FfmKernels(new SegmentViews(memory));
    return (Kernels)
        Proxy.newProxyInstance(
            HostileCalls.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> {
              memory.fromArrays();
              Object result = invoke(kernels, method, arguments);
              memory.toArrays();
              return result;
            });
  }

  private static Object invoke(Kernels kernels, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(kernels, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void call(long seed) {
    memory.reset(seed % 24 < 12);
    HostileCases.Case found = HostileCases.of(seed);
    int[] count = counts.computeIfAbsent(found.kind(), kind -> new int[2]);
    float value;
    try {
      value = found.body().call(guarded);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      count[1]++;
      return;
    }
    count[0]++;
    HostileCases.Case expected = HostileCases.of(seed);
    same(expected.body().call(scalar), value, found.kind() + ", value, seed " + seed);
    for (int i = 0; i < found.result().length && found.exact(); i++) {
      String place = found.kind() + ", place " + i + ", seed " + seed;
      same(expected.result()[i], found.result()[i], place);
    }
  }

  private static void same(float expected, float found, String what) {
    if (expected != found && !(Float.isNaN(expected) && Float.isNaN(found))) {
      throw new AssertionError(what + ": expected " + expected + ", found " + found);
    }
  }

  private void leave(boolean behind) {
    memory.reset(behind);
    MemorySegment x = memory.segment(new float[64]);
    try {
      float inside = (float) Bindings.Maximum.HANDLE.invokeExact(x, 0, 64);
      float outside = (float) Bindings.Maximum.HANDLE.invokeExact(x, behind ? 1 : -1, 64);
      System.out.println(inside + " inside, " + outside + " outside");
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
