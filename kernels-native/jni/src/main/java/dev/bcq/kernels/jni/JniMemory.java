package dev.bcq.kernels.jni;

import dev.bcq.kernels.c.Memory;
import java.nio.ByteBuffer;

/** Arrays of Java where they are, and direct buffers, whose addresses are asked for once. */
final class JniMemory implements Memory<Pointer> {

  @Override
  public Pointer of(float[] array) {
    return new Pointer(array, 0);
  }

  @Override
  public Pointer of(int[] array) {
    return new Pointer(array, 0);
  }

  @Override
  public Pointer of(byte[] array) {
    return new Pointer(array, 0);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the buffer is not direct, or the virtual machine hides its
   *     address
   */
  @Override
  public Pointer of(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("weights lie in Java's heap; expected a direct buffer");
    }
    long address = address(buffer);
    if (address == 0) {
      throw new IllegalArgumentException("this Java does not tell where a direct buffer lies");
    }
    return new Pointer(buffer, address);
  }

  private static native long address(ByteBuffer buffer);
}
