package dev.bcq.runtime.model;

import dev.bcq.runtime.layers.DecoderState;
import java.util.List;

/** The decoder at work on one sentence alone. */
public final class SentenceDecoder {
  private final DecoderSession session;
  private final DecoderState state;
  private final List<DecoderState> states;

  /** Begins a sentence. */
  public SentenceDecoder(Transformer transformer, EncodedSource source, int beams, int steps) {
    this.session = transformer.decoder(beams);
    this.state = transformer.begin(source, beams, steps);
    this.states = List.of(state);
  }

  /** Returns the logits of the next token, [columns][vocabulary]. */
  public float[] step(int[] tokens, int[] parents, int columns) {
    state.next(tokens, parents, columns);
    return session.step(states).values();
  }
}
