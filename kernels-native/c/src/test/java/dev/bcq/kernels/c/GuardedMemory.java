package dev.bcq.kernels.c;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that stands for Java's arrays: each between two stretches that nobody may touch, right in
 * front of the one behind it or right behind the one before it. Whoever leaves an array there ends
 * the process.
 *
 * @param <P> how a binding points to the beginning of an array
 */
final class GuardedMemory<P> implements Memory<P> {
  /** Whole pages wherever there are pages, 64 KiB the largest. */
  private static final long GUARD = 1 << 16;

  private static final int LARGEST = 1 << 20;

  private final Memory<P> inPlace;
  private final List<ByteBuffer> regions = new ArrayList<>();
  private final List<Placed> placed = new ArrayList<>();
  private boolean atEnd;

  /** An array, and the place that stands for it. */
  private record Placed(Object array, ByteBuffer place) {

    void fromArray() {
      if (array instanceof float[] floats) {
        place.asFloatBuffer().put(floats);
      } else if (array instanceof int[] ints) {
        place.asIntBuffer().put(ints);
      } else if (array instanceof byte[] bytes) {
        place.duplicate().put(bytes);
      } else {
        place.duplicate().put(((ByteBuffer) array).duplicate().rewind());
      }
    }

    void toArray() {
      if (array instanceof float[] floats) {
        place.asFloatBuffer().get(floats);
      } else if (array instanceof int[] ints) {
        place.asIntBuffer().get(ints);
      } else if (array instanceof byte[] bytes) {
        place.duplicate().get(bytes);
      } else if (((ByteBuffer) array).duplicate().rewind().mismatch(place) >= 0) {
        throw new AssertionError("weights were changed");
      }
    }
  }

  /** Creates the memory for a binding, which points to direct buffers. */
  GuardedMemory(Memory<P> inPlace) {
    this.inPlace = inPlace;
    System.load(library().toString());
  }

  /** Returns the library that makes the memory. */
  static Path library() {
    return Path.of(
        System.getProperty("bcq.native.build", ""), System.mapLibraryName("guarded_memory"));
  }

  private static native ByteBuffer region(long size, long guard);

  /** Forgets all arrays; further ones lie in front of what nobody may touch, or behind it. */
  void reset(boolean atEnd) {
    this.atEnd = atEnd;
    placed.clear();
  }

  @Override
  public P of(float[] array) {
    return place(array, (long) Float.BYTES * array.length);
  }

  @Override
  public P of(int[] array) {
    return place(array, (long) Integer.BYTES * array.length);
  }

  @Override
  public P of(byte[] array) {
    return place(array, array.length);
  }

  @Override
  public P of(ByteBuffer buffer) {
    return place(buffer, buffer.limit());
  }

  private P place(Object array, long bytes) {
    if (bytes > LARGEST) {
      throw new IllegalStateException(bytes + " bytes are too many for a test");
    }
    if (placed.size() == regions.size()) {
      regions.add(region(LARGEST, GUARD));
    }
    int size = (int) bytes;
    ByteBuffer place =
        regions
            .get(placed.size())
            .slice(atEnd ? LARGEST - size : 0, size)
            .order(ByteOrder.nativeOrder());
    Placed added = new Placed(array, place);
    added.fromArray();
    placed.add(added);
    return inPlace.of(place);
  }

  /** Brings what Java has changed to where C sees it. */
  void fromArrays() {
    placed.forEach(Placed::fromArray);
  }

  /** Brings what C has changed to where Java sees it, and finds what it should not have changed. */
  void toArrays() {
    placed.forEach(Placed::toArray);
  }
}
