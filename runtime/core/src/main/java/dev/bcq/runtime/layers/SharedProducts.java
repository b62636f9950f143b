package dev.bcq.runtime.layers;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * Products of matrices that share their input, which the members of a team compute together: each
 * prepares the input for itself, and has some rows of the outputs.
 */
public final class SharedProducts {

  /** What follows products, for rows that the same member has computed. */
  interface Sequel {

    /**
     * Computes what needs some rows of the products only.
     *
     * @param rowFrom first row
     * @param rowTo end of the range of rows
     */
    void compute(int rowFrom, int rowTo);
  }

  private static final int MOST = 3;

  /** Tiles that providers multiply at once where there are as many. */
  private static final int TILES_TOGETHER = 4;

  private final ThreadTeam.Member member;
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
   * @param member who computes; the others do the same with inputs of their own
   * @param input loaded before each {@link #compute()}, with the same values by all members
   */
  public SharedProducts(ThreadTeam.Member member, PreparedInput input) {
    this.member = member;
    this.input = input;
  }

  /**
   * Adds a map of the input, three at most; those before it are computed first if it needs sums of
   * other groups. One whose scales belong to inputs is computed at once, for each head has inputs
   * of its own.
   *
   * @param output common to all members
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
      scaled = new SharedProducts(member, new PreparedInput());
    }
    for (int head = map.heads().size() - 1; head >= 0; head--) {
      map.scale(input, head, scaled.input);
      scaled.and(map.heads().get(head), output).compute();
    }
    finish(map, output);
    member.await();
  }

  private void finish(Linear map, Activations output) {
    if (member.number() == 0) {
      map.finish(input.columns(), output);
    }
  }

  /** Computes what was added. Afterwards all members see all of it. */
  public void compute() {
    prepare();
    int tiles = 0;
    for (int i = 0; i < count; i++) {
      tiles += maps[i].tiles();
    }
    computeTiles(aligned(tiles, member.from(tiles)), aligned(tiles, member.to(tiles)));
    member.await();
    if (!inPlace()) {
      for (int i = 0; i < count; i++) {
        finish(maps[i], outputs[i]);
      }
      member.await();
    }
    clear();
  }

  private static int aligned(int tiles, int tile) {
    return tile == tiles ? tiles : tile & -TILES_TOGETHER;
  }

  /** Computes some of the tiles of all maps, which stand in a row. */
  private void computeTiles(int from, int to) {
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

  /**
   * Computes what was added, and what follows, without waiting in between: a member has the same
   * rows of each map. If rows of outputs are where they belong only when all have been computed,
   * members do wait. Afterwards all see all of it.
   *
   * @param rows rows of each map
   * @param together rows that no two members may share
   */
  void compute(int rows, int together, Sequel sequel) {
    int unit = together;
    if (inPlace()) {
      // A tile, too, belongs to one member.
      while (unit % BitPlaneLayout.TILE_ROWS != 0) {
        unit += together;
      }
      prepare();
    } else {
      compute();
    }
    int units = (rows + unit - 1) / unit;
    int from = member.from(units) * unit;
    int to = Math.min(rows, member.to(units) * unit);
    if (from < to) {
      for (int i = 0; i < count; i++) {
        int tileFrom = from / BitPlaneLayout.TILE_ROWS;
        maps[i].multiply(input, outputs[i], tileFrom, BitPlaneLayout.tiles(to));
      }
      sequel.compute(from, to);
    }
    member.await();
    clear();
  }

  private boolean inPlace() {
    for (int i = 0; i < count; i++) {
      if (!maps[i].inPlace()) {
        return false;
      }
    }
    return true;
  }

  private void prepare() {
    for (int i = 0; i < count; i++) {
      maps[i].prepare(input);
    }
  }

  private void clear() {
    count = 0;
    groupChunks = 0;
  }
}
