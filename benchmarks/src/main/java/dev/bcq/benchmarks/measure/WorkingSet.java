package dev.bcq.benchmarks.measure;

import dev.bcq.runtime.decoding.SearchRequest;
import dev.bcq.runtime.decoding.Workspace;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import java.lang.management.ManagementFactory;

/** What a translation needs, apart from the JVM: model, activations, cache. */
final class WorkingSet {
  /**
   * The serial collector leaves a little that is dead where it lies, but for each fourth time
   * ({@code MarkSweepAlwaysCompactCount}).
   */
  private static final int COLLECTIONS = 4;

  private final int lastStep;
  private int steps;
  private long inHeap;

  private WorkingSet(int lastStep) {
    this.lastStep = lastStep;
  }

  /**
   * Returns its bytes: the whole file, which is mapped, and what lies in Java's heap of a model
   * that has just been loaded and is in the last step of a translation.
   *
   * @param steps steps of the decoder in that translation
   */
  static long bytes(Combination combination, Kernels kernels, SearchRequest request, int steps) {
    BenchModel model = combination.model();
    long before = usedHeap();
    Transformer transformer = ModelLoader.load(model.file(), kernels, combination.arithmetic());
    WorkingSet set = new WorkingSet(steps);
    Phases.of(new Workspace(transformer, ThreadTeam.SINGLE), request, set::step);
    return model.file().length() + Math.max(0, set.inHeap - before);
  }

  private void step() {
    steps++;
    if (steps == lastStep) {
      inHeap = usedHeap();
    }
  }

  private static long usedHeap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
