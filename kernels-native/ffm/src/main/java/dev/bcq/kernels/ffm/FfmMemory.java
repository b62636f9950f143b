package dev.bcq.kernels.ffm;

import dev.bcq.kernels.c.Memory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Segments on the arrays of Java, in its heap or wherever buffers lie. */
final class FfmMemory implements Memory<MemorySegment> {

  @Override
  public MemorySegment of(float[] array) {
    return MemorySegment.ofArray(array);
  }

  @Override
  public MemorySegment of(int[] array) {
    return MemorySegment.ofArray(array);
  }

  @Override
  public MemorySegment of(byte[] array) {
    return MemorySegment.ofArray(array);
  }

  @Override
  public MemorySegment of(ByteBuffer buffer) {
    return MemorySegment.ofBuffer(buffer.duplicate().rewind());
  }
}
