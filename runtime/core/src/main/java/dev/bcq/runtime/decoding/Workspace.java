package dev.bcq.runtime.decoding;

import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.DecoderSession;
import dev.bcq.runtime.model.EncoderSession;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.tensor.SpareArrays;

/**
 * Where searches are computed, one run after another: threads, and scratch that grows when it has
 * to. Not thread-safe; after a run that has thrown it is not used any more.
 */
public final class Workspace {
  private final Transformer transformer;
  private final ThreadTeam team;
  private final SpareArrays arrays = new SpareArrays();
  private final EncoderSession encoder;
  private DecoderSession decoder;

  /**
   * Begins without scratch.
   *
   * @param team threads that compute each step
   */
  public Workspace(Transformer transformer, ThreadTeam team) {
    this.transformer = transformer;
    this.team = team;
    this.encoder = transformer.encoder(team, arrays);
    this.decoder = transformer.decoder(0, team);
  }

  /** Returns what is computed. */
  public Transformer transformer() {
    return transformer;
  }

  /** Returns where keys and values of sentences come from. */
  SpareArrays arrays() {
    return arrays;
  }

  EncoderSession encoder() {
    return encoder;
  }

  /** Returns a decoder with scratch for some columns. */
  DecoderSession decoder(int columns) {
    if (columns > decoder.columns()) {
      decoder = transformer.decoder(columns, team);
    }
    return decoder;
  }
}
