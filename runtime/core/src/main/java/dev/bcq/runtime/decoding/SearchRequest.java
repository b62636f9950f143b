package dev.bcq.runtime.decoding;

import dev.bcq.runtime.model.Transformer;

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
  public long bytes(Transformer transformer) {
    long steps = (long) parameters.beams() * (parameters.maxLength() - 1);
    long logits = (long) parameters.beams() * transformer.config().targetVocabulary();
    return transformer.bytesOfRows(sourceIds.length, steps) + Float.BYTES * logits;
  }
}
