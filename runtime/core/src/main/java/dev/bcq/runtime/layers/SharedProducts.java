package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * Products of matrices that share their input, computed as one task: their row tiles in a row, a
 * stretch of them for each thread.
 */
public final class SharedProducts implements ThreadTeam.Task {
  private static final int MOST = 3;

  /** Tiles that providers multiply at once where there are as many. */
  private static final int TILES_TOGETHER = 4;

  private final ThreadTeam team;
  private final PreparedInput input;
  private final Linear[] maps = new Linear[MOST];
  private final Activations[] outputs = new Activations[MOST];
  private int count;

  /** Chunks of the groups whose sums the maps need, 0 for none. */
  private int groupChunks;

  /** Products of inputs that were scaled for a head, once there are any. */
  private @Nullable SharedProducts scaled;

  /**
   * Prepares for products of an input.
   *
   * @param team threads that compute
   * @param input loaded before each {@link #compute()}
   */
  public SharedProducts(ThreadTeam team, PreparedInput input) {
    this.team = team;
    this.input = input;
  }

  /**
   * Adds a map of the input, three at most; those before it are computed first if it needs sums of
   * other groups. One whose scales belong to inputs is computed at once, for each head has inputs
   * of its own.
   */
  public SharedProducts and(Linear map, Activations output) {
    if (!map.heads().isEmpty()) {
      computeHeads(map, output);
      return this;
    }
    int needed = map.groupChunks();
    if (needed != 0) {
      if (groupChunks != 0 && groupChunks != needed) {
        compute();
      }
      groupChunks = needed;
    }
    maps[count] = map;
    outputs[count++] = output;
    return this;
  }

  private void computeHeads(Linear map, Activations output) {
    if (scaled == null) {
      scaled = new SharedProducts(team, new PreparedInput());
    }
    for (int head = map.heads().size() - 1; head >= 0; head--) {
      map.scale(input, head, scaled.input);
      scaled.and(map.heads().get(head), output).compute();
    }
    map.finish(input.columns(), output);
  }

  /** Computes what was added. */
  public void compute() {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      maps[i].prepare(input);
      bytes += maps[i].bytes();
    }
    team.run(this, team.parts(bytes * input.columns()));
    for (int i = 0; i < count; i++) {
      maps[i].finish(input.columns(), outputs[i]);
    }
    count = 0;
    groupChunks = 0;
  }

  @Override
  public void compute(int part, int parts) {
    int tiles = 0;
    for (int i = 0; i < count; i++) {
      tiles += maps[i].tiles();
    }
    int from = begin(tiles, part, parts);
    int to = begin(tiles, part + 1, parts);
    int first = 0;
    for (int i = 0; i < count; i++) {
      int end = first + maps[i].tiles();
      int mapFrom = Math.max(from, first);
      int mapTo = Math.min(to, end);
      if (mapFrom < mapTo) {
        maps[i].multiply(input, outputs[i], mapFrom - first, mapTo - first);
      }
      first = end;
    }
  }

  private static int begin(int tiles, int part, int parts) {
    return part == parts ? tiles : (int) ((long) tiles * part / parts) & -TILES_TOGETHER;
  }
}
