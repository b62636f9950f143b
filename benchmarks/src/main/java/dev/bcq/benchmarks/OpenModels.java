package dev.bcq.benchmarks;

import dev.bcq.benchmarks.measure.BenchModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The models of a run.
 *
 * @param folder where synthetic ones lie, or null
 */
record OpenModels(@Nullable ModelFolder folder, List<BenchModel> models) implements AutoCloseable {

  @Override
  public void close() {
    if (folder != null) {
      folder.close();
    }
  }
}
