package dev.bcq.runtime.decoding;

import dev.bcq.format.TransformerConfig;

/**
 * A source whose best targets are wanted.
 *
 * @param index number of the request
 * @param sourceIds what the encoder reads, at least one token
 * @param parameters how to search
 */
public record SearchRequest(int index, int[] sourceIds, DecodingParameters parameters) {

  /**
   * Returns the bytes that it may need while it is at work: keys and values of its source and of
   * all steps of its beams in each layer of the decoder, and a row of logits for each beam.
   */
  public long bytes(TransformerConfig config) {
    long rows = sourceIds.length + (long) parameters.beams() * (parameters.maxLength() - 1);
    long row = config.decoder().attentionWidth();
    long keysAndValues = 2L * config.decoder().layers() * row * rows;
    return Float.BYTES * (keysAndValues + (long) parameters.beams() * config.targetVocabulary());
  }
}
