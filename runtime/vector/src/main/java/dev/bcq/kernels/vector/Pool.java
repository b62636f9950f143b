package dev.bcq.kernels.vector;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Products that no thread is at work on: they own scratch, which would else be allocated in every
 * call.
 *
 * @param <P> the product
 */
final class Pool<P> {
  private final ArrayDeque<P> idle = new ArrayDeque<>();

  /** Takes a product out, or returns null if all are at work. */
  synchronized @Nullable P take() {
    return idle.pollLast();
  }

  /** Puts a product in. */
  synchronized void give(P product) {
    idle.addLast(product);
  }
}
