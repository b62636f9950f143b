package dev.bcq.format;

/**
 * Everything in which encoder-decoder families differ. Tensors are named canonically, for S =
 * encoder, decoder:
 *
 * <pre>
 * embedding.weight (shared) or S.embedding.weight      S.embedding_norm.{weight,bias}   S.positions.weight
 * S.layers.N.{self_attention,cross_attention}.{query,key,value,output}.{weight,bias}
 * S.layers.N.{self_attention_norm,cross_attention_norm,feed_forward_norm}.{weight,bias}
 * S.layers.N.feed_forward.{gate,up,down}.{weight,bias} S.layers.N.relative_bias.weight
 * S.norm.{weight,bias} (end of the stack)              output.weight (not tied)         output.bias
 * </pre>
 *
 * Matrices are [out, in], row-major.
 *
 * @param sourceVocabulary rows of the encoder's embedding
 * @param targetVocabulary rows of the decoder's embedding and of the output projection
 * @param width width of the residual stream
 * @param encoder sizes of the encoder
 * @param decoder sizes of the decoder
 * @param norm kind of every normalization
 * @param normPlacement where sublayers are normalized
 * @param normEpsilon epsilon of every normalization
 * @param finalNorm whether each stack ends in a normalization
 * @param embeddingNorm whether the embedded input of each stack is normalized
 * @param activation activation of the feed-forward blocks
 * @param gated whether the feed-forward is {@code down(activation(gate x) * up x)}
 * @param biases whether attention and feed-forward matrices have biases
 * @param positions position information
 * @param embeddingScale factor of embedding rows
 * @param sharedEmbedding encoder and decoder use one embedding, {@code embedding.weight}
 * @param tiedOutput the decoder's embedding is also the output projection
 * @param outputScale factor of the decoder's output in front of the projection
 * @param outputBias whether logits have a bias
 * @param attentionScale factor of {@code q.k}
 */
public record TransformerConfig(
    int sourceVocabulary,
    int targetVocabulary,
    int width,
    StackConfig encoder,
    StackConfig decoder,
    NormKind norm,
    NormPlacement normPlacement,
    float normEpsilon,
    boolean finalNorm,
    boolean embeddingNorm,
    Activation activation,
    boolean gated,
    boolean biases,
    Positions positions,
    float embeddingScale,
    boolean sharedEmbedding,
    boolean tiedOutput,
    float outputScale,
    boolean outputBias,
    float attentionScale) {

  /** Returns the canonical name of the embedding of a stack, {@code encoder} or {@code decoder}. */
  public String embeddingOf(String stack) {
    return sharedEmbedding ? "embedding.weight" : stack + ".embedding.weight";
  }

  /** Returns the canonical name of the output projection. */
  public String outputProjection() {
    return tiedOutput ? embeddingOf("decoder") : "output.weight";
  }
}
