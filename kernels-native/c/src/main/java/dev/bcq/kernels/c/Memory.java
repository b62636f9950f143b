package dev.bcq.kernels.c;

import java.nio.ByteBuffer;

/**
 * Where C finds an array. What is returned keeps the array reachable, and each call that it is
 * passed to does so until it ends.
 *
 * @param <P> how a binding points to the beginning of an array
 */
public interface Memory<P> {

  /** Returns where an array begins. */
  P of(float[] array);

  /** Returns where an array begins. */
  P of(int[] array);

  /** Returns where an array begins. */
  P of(byte[] array);

  /**
   * Returns where the first byte of a buffer is, whatever its position.
   *
   * @param buffer a direct one; it may be read-only, if C only reads it
   */
  P of(ByteBuffer buffer);
}
