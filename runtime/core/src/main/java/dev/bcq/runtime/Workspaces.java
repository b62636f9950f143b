package dev.bcq.runtime;

import dev.bcq.runtime.decoding.Workspace;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.Transformer;
import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The workspace that the last call has left, for the next one: whoever translates sentence by
 * sentence has new memory neither filled with zeros nor brought into the caches for each. Where
 * memory gets short it goes. Thread-safe.
 */
final class Workspaces {
  private final Transformer transformer;
  private final AtomicReference<@Nullable SoftReference<Workspace>> idle = new AtomicReference<>();

  Workspaces(Transformer transformer) {
    this.transformer = transformer;
  }

  /** Returns a workspace of the caller's thread alone that nobody else uses. */
  Workspace take() {
    SoftReference<Workspace> kept = idle.getAndSet(null);
    Workspace workspace = kept == null ? null : kept.get();
    return workspace == null ? new Workspace(transformer, ThreadTeam.SINGLE) : workspace;
  }

  /** Takes back a workspace that nobody uses any more. */
  void give(Workspace workspace) {
    idle.set(new SoftReference<>(workspace));
  }
}
