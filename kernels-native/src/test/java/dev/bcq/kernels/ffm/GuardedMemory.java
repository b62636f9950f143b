package dev.bcq.kernels.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that stands for Java's arrays: each between two stretches that nobody may touch, right in
 * front of the one behind it or right behind the one before it. Whoever leaves an array there ends
 * the process.
 */
final class GuardedMemory implements SegmentViews.Memory {
  /** Whole pages wherever there are pages, 64 KiB the largest. */
  private static final long GUARD = 1 << 16;

  private static final long LARGEST = 1 << 20;
  private static final int READ_AND_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS =
      System.getProperty("os.name", "").startsWith("Mac") ? 0x1002 : 0x22;

  private static final MethodHandle MMAP =
      function(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MPROTECT =
      function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  private final List<MemorySegment> regions = new ArrayList<>();
  private final List<Placed> placed = new ArrayList<>();
  private boolean atEnd;

  /** An array, as a segment of the heap, and where it was placed. */
  private record Placed(MemorySegment array, MemorySegment segment) {}

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  /** Forgets all arrays; further ones lie in front of what nobody may touch, or behind it. */
  void reset(boolean atEnd) {
    this.atEnd = atEnd;
    placed.clear();
  }

  @Override
  public MemorySegment segment(Object array) {
    MemorySegment original = SegmentViews.Memory.IN_PLACE.segment(array);
    long bytes = original.byteSize();
    if (bytes > LARGEST) {
      throw new IllegalStateException(bytes + " bytes are too many for a test");
    }
    if (placed.size() == regions.size()) {
      regions.add(region());
    }
    MemorySegment region = regions.get(placed.size());
    MemorySegment segment = region.asSlice(atEnd ? LARGEST - bytes : 0, bytes);
    segment.copyFrom(original);
    placed.add(new Placed(original, segment));
    return segment;
  }

  private static MemorySegment region() {
    try {
      MemorySegment all =
          (MemorySegment)
              MMAP.invokeExact(
                  MemorySegment.NULL, LARGEST + 2 * GUARD, 0, PRIVATE_ANONYMOUS, -1, 0L);
      MemorySegment inner = MemorySegment.ofAddress(all.address() + GUARD);
      if ((int) MPROTECT.invokeExact(inner, LARGEST, READ_AND_WRITE) != 0) {
        throw new IllegalStateException("no memory for a test");
      }
      return inner.reinterpret(LARGEST);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Brings what Java has changed to where C sees it. */
  void fromArrays() {
    placed.forEach(each -> each.segment().copyFrom(each.array()));
  }

  /** Brings what C has changed to where Java sees it, and finds what it should not have changed. */
  void toArrays() {
    for (Placed each : placed) {
      if (each.array().isReadOnly()) {
        if (each.array().mismatch(each.segment()) >= 0) {
          throw new AssertionError("weights were changed");
        }
      } else {
        each.array().copyFrom(each.segment());
      }
    }
  }
}
