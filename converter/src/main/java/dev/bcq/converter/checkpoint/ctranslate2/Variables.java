package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variables of a model under the names of today: those of revision 1 are renamed, aliases are
 * resolved, quantized matrices give the values that they stand for.
 */
final class Variables {
  private static final String SCALE = "_scale";

  /** The scale of int16 weights where none is stored. */
  private static final float OLD_INT16_SCALE = 1000;

  private final ModelBin model;
  private final Map<String, TensorSource> named = new TreeMap<>();
  private final Map<TensorSource.Type, Integer> quantized = new TreeMap<>();

  private Variables(ModelBin model) {
    this.model = model;
  }

  /** Returns the variables, sorted; what they are is added to the warnings. */
  static Map<String, TensorSource> of(ModelBin model, List<String> warnings) {
    Variables variables = new Variables(model);
    model.variables().forEach(variables::add);
    model
        .aliases()
        .forEach(
            (alias, name) -> {
              TensorSource target = variables.named.get(variables.today(name));
              if (target != null) {
                variables.named.put(alias, target);
              }
            });
    variables.quantized.forEach(
        (type, count) ->
            warnings.add(
                "%d matrices are %s in the checkpoint and were dequantized"
                    .formatted(count, type == TensorSource.Type.I8 ? "int8" : "int16")));
    return variables.named;
  }

  private void add(String name, TensorSource source) {
    boolean isQuantized = isQuantized(source);
    if (isScale(name)) {
      return;
    }
    if (named.put(today(name), isQuantized ? values(name, source) : source) != null) {
      throw new CheckpointException("two variables are called " + today(name) + " today");
    }
    if (isQuantized) {
      quantized.merge(source.type(), 1, Integer::sum);
    }
  }

  /** Rank 0 are flags and numbers, rank 1 texts. */
  private static boolean isQuantized(TensorSource source) {
    return (source.type() == TensorSource.Type.I8 || source.type() == TensorSource.Type.I16)
        && source.shape().size() >= 2;
  }

  private boolean isScale(String name) {
    TensorSource codes =
        name.endsWith(SCALE)
            ? model.variables().get(name.substring(0, name.length() - SCALE.length()))
            : null;
    return codes != null && isQuantized(codes);
  }

  private TensorSource values(String name, TensorSource codes) {
    TensorSource scale = model.variables().get(name + SCALE);
    if (scale == null && model.aliases().containsKey(name + SCALE)) {
      scale = model.variables().get(model.aliases().get(name + SCALE));
    }
    if (scale != null) {
      return QuantizedMatrix.values(codes, scale);
    }
    if (codes.type() == TensorSource.Type.I16) {
      return QuantizedMatrix.values(codes, OLD_INT16_SCALE);
    }
    throw new CheckpointException("%s is int8 and there is no %s%s".formatted(name, name, SCALE));
  }

  private String today(String name) {
    return model.revision() == 1 ? renamed(name) : name;
  }

  // The first models had the names of OpenNMT-tf.
  private static String renamed(String old) {
    List<String> replacements =
        new ArrayList<>(
            List.of(
                "transformer/", "",
                ":0", "",
                "w_embs", "embeddings/weight",
                "kernel", "weight",
                "LayerNorm", "layer_norm",
                "dense", "projection",
                "conv1d_", "linear_",
                "conv1d", "linear_0"));
    if (old.contains("encoder")) {
      replacements.addAll(List.of("multi_head", "self_attention"));
    } else {
      replacements.addAll(
          List.of("masked_multi_head", "self_attention", "multi_head", "attention"));
    }
    String name = old;
    for (int i = 0; i < replacements.size(); i += 2) {
      int found = name.indexOf(replacements.get(i));
      if (found >= 0) {
        name =
            name.substring(0, found)
                + replacements.get(i + 1)
                + name.substring(found + replacements.get(i).length());
      }
    }
    return name;
  }
}
