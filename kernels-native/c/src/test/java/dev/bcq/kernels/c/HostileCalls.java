package dev.bcq.kernels.c;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import java.io.IOException;
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
 * The program of {@link HostileCallsContract}, which calls kernels with {@link HostileCases}, on
 * {@link GuardedMemory}. A call is refused, or it gives what the scalar kernels give; one that
 * leaves its arrays ends the process. The seed of the present call is in a file, which is what
 * remains then.
 */
public final class HostileCalls<P> {
  private final GuardedMemory<P> memory;
  private final VectorFunctions<P> functions;
  private final Kernels guarded;
  private final Kernels scalar = new ScalarKernelProvider().create();
  private final Map<String, int[]> counts = new TreeMap<>();

  /**
   * Runs the program: {@code calls FILE FIRST END}, or, to see that leaving an array is noticed,
   * {@code behind FILE} and {@code before FILE}.
   */
  public static void run(Binding<?> binding, String... args) throws IOException {
    HostileCalls<?> calls = new HostileCalls<>(binding);
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

  private HostileCalls(Binding<P> binding) {
    memory = new GuardedMemory<>(binding.memory());
    functions = binding.vectors();
    guarded =
        guarded(new NativeKernels<>(new Binding<>(memory, binding.matrices(), functions)), memory);
  }

  /** Returns the kernels in C on other memory, which has what Java's arrays have at each call. */
  private static Kernels guarded(Kernels kernels, GuardedMemory<?> memory) {
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
    memory.reset(seed % 32 < 16);
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
    P x = memory.of(new float[64]);
    float inside = functions.maximum(x, 0, 64);
    float outside = functions.maximum(x, behind ? 1 : -1, 64);
    System.out.println(inside + " inside, " + outside + " outside");
  }
}
