package dev.bcq.converter.checkpoint.marian;

import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.StackConfig;
import java.util.List;

/** The layers of a stack. Marian numbers them from 1 and has inputs of matrices as rows. */
final class MarianLayers {
  private final TensorPicker picker;
  private final MarianNorms norms;
  private final int width;

  MarianLayers(TensorPicker picker, MarianNorms norms, int width) {
    this.picker = picker;
    this.norms = norms;
    this.width = width;
  }

  /** Picks a stack, its embedding excepted. */
  void pick(String stack, StackConfig sizes) {
    if (norms.embedding()) {
      norm(stack + ".embedding_norm", stack + "_emb_ln_%s_pre");
    }
    String suffix = norms.placement() == NormPlacement.PRE ? "_pre" : "";
    for (int i = 0; i < sizes.layers(); i++) {
      String canonical = stack + ".layers." + i + ".";
      String layer = stack + "_l" + (i + 1) + "_";
      attention(canonical + "self_attention", layer + "self_", suffix);
      if (stack.equals("decoder")) {
        attention(canonical + "cross_attention", layer + "context_", suffix);
      }
      int inner = sizes.feedForwardWidth();
      linear(canonical + "feed_forward.up", layer + "ffn_%s1", inner, width);
      linear(canonical + "feed_forward.down", layer + "ffn_%s2", width, inner);
      norm(canonical + "feed_forward_norm", layer + "ffn_ffn_ln_%s" + suffix);
    }
    if (norms.top()) {
      norm(stack + ".norm", stack + "_top_ln_%s");
    }
  }

  private void attention(String canonical, String name, String suffix) {
    linear(canonical + ".query", name + "%sq", width, width);
    linear(canonical + ".key", name + "%sk", width, width);
    linear(canonical + ".value", name + "%sv", width, width);
    linear(canonical + ".output", name + "%so", width, width);
    norm(canonical + "_norm", name + "Wo_ln_%s" + suffix);
  }

  private void linear(String canonical, String name, int rows, int cols) {
    String weight = name.formatted("W");
    TensorSource found = picker.find(weight);
    if (found == null || !found.shape().equals(List.of((long) cols, (long) rows))) {
      picker.problem(
          "%s: %s%s, expected [%d, %d]"
              .formatted(
                  found == null ? "missing" : "wrong shape",
                  weight,
                  found == null ? "" : " is " + found.shape(),
                  cols,
                  rows));
    } else {
      picker.matrix(canonical + ".weight", found.transposed(), rows, cols);
    }
    vector(canonical + ".bias", name.formatted("b"), rows);
  }

  private void norm(String canonical, String name) {
    vector(canonical + ".weight", name.formatted("scale"), width);
    vector(canonical + ".bias", name.formatted("bias"), width);
  }

  private void vector(String canonical, String name, int size) {
    TensorSource found = picker.find(name);
    if (found == null) {
      picker.problem("missing: %s [1, %d]".formatted(name, size));
    } else {
      picker.tensor(canonical, found, List.of(1, size), List.of(size));
    }
  }
}
