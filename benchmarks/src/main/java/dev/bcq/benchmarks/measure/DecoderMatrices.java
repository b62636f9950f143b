package dev.bcq.benchmarks.measure;

import dev.bcq.format.MatrixEntry;
import dev.bcq.format.TransformerConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The matrices that each step of a decoder multiplies by, in its order. */
final class DecoderMatrices {
  private final Map<String, MatrixEntry> entries = new HashMap<>();
  private final List<Product> products = new ArrayList<>();

  private DecoderMatrices(BenchModel model) {
    model.directory().matrices().forEach(entry -> entries.put(entry.name(), entry));
  }

  /**
   * A product of a step.
   *
   * @param matrix the matrix
   * @param newInput whether its input is another one than that of the product before
   */
  record Product(MatrixEntry matrix, boolean newInput) {}

  static List<Product> of(BenchModel model) {
    DecoderMatrices all = new DecoderMatrices(model);
    TransformerConfig config = model.directory().config();
    for (int i = 0; i < config.decoder().layers(); i++) {
      String prefix = "decoder.layers." + i + ".";
      all.add(prefix + "self_attention.query.weight", true);
      all.add(prefix + "self_attention.key.weight", false);
      all.add(prefix + "self_attention.value.weight", false);
      all.add(prefix + "self_attention.output.weight", true);
      all.add(prefix + "cross_attention.query.weight", true);
      all.add(prefix + "cross_attention.output.weight", true);
      all.add(prefix + "feed_forward.up.weight", true);
      if (config.gated()) {
        all.add(prefix + "feed_forward.gate.weight", false);
      }
      all.add(prefix + "feed_forward.down.weight", true);
    }
    all.add(config.outputProjection(), true);
    return all.products;
  }

  private void add(String name, boolean newInput) {
    MatrixEntry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalStateException("the loader would have missed " + name);
    }
    products.add(new Product(entry, newInput));
  }
}
