package dev.bcq.runtime;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * A handle that ends translations from another thread. The call that it was given to throws {@link
 * CancellationException} within one step of the decoder or one layer of the encoder; the translator
 * stays usable. Interrupting the calling thread has the same effect, and leaves it interrupted.
 * Thread-safe.
 */
public final class Cancellation {
  private final BooleanSupplier elsewhere;
  private volatile boolean cancelled;

  /** Creates a handle. */
  public Cancellation() {
    this(() -> false);
  }

  /** Creates a handle that something else can cancel, too. */
  Cancellation(BooleanSupplier elsewhere) {
    this.elsewhere = elsewhere;
  }

  /** Ends all calls that have this handle, now and later. */
  public void cancel() {
    cancelled = true;
  }

  /** Returns whether it has been cancelled. */
  public boolean isCancelled() {
    return cancelled || elsewhere.getAsBoolean();
  }
}
