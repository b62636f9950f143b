package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.converter.checkpoint.TensorNames;
import dev.bcq.format.StackConfig;

/**
 * The names that fairseq gives the tensors of a transformer's stacks. BART, mBART, M2M100, Marian
 * and Pegasus of Hugging Face have kept them.
 */
public final class FairseqNames {

  private FairseqNames() {}

  /**
   * Names a stack, its embedding and positions excepted.
   *
   * @param stack {@code encoder} or {@code decoder}
   * @param embeddingNorm whether embedded tokens are normalized
   * @param finalNorm whether the stack ends in a norm
   */
  public static void stack(
      TensorNames names,
      String stack,
      StackConfig sizes,
      int width,
      boolean embeddingNorm,
      boolean finalNorm) {
    if (embeddingNorm) {
      norm(names, stack + ".embedding_norm", stack + ".layernorm_embedding", width);
    }
    for (int i = 0; i < sizes.layers(); i++) {
      String layer = stack + ".layers." + i + ".";
      attention(names, layer + "self_attention", layer + "self_attn", width);
      norm(names, layer + "self_attention_norm", layer + "self_attn_layer_norm", width);
      if (stack.equals("decoder")) {
        attention(names, layer + "cross_attention", layer + "encoder_attn", width);
        norm(names, layer + "cross_attention_norm", layer + "encoder_attn_layer_norm", width);
      }
      int inner = sizes.feedForwardWidth();
      linear(names, layer + "feed_forward.up", layer + "fc1", inner, width);
      linear(names, layer + "feed_forward.down", layer + "fc2", width, inner);
      norm(names, layer + "feed_forward_norm", layer + "final_layer_norm", width);
    }
    if (finalNorm) {
      norm(names, stack + ".norm", stack + ".layer_norm", width);
    }
  }

  private static void attention(TensorNames names, String canonical, String name, int width) {
    linear(names, canonical + ".query", name + ".q_proj", width, width);
    linear(names, canonical + ".key", name + ".k_proj", width, width);
    linear(names, canonical + ".value", name + ".v_proj", width, width);
    linear(names, canonical + ".output", name + ".out_proj", width, width);
  }

  private static void linear(TensorNames names, String canonical, String name, int rows, int cols) {
    names.matrix(canonical + ".weight", name + ".weight", rows, cols);
    names.tensor(canonical + ".bias", name + ".bias", rows);
  }

  private static void norm(TensorNames names, String canonical, String name, int width) {
    names.tensor(canonical + ".weight", name + ".weight", width);
    names.tensor(canonical + ".bias", name + ".bias", width);
  }
}
