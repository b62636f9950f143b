package dev.bcq.converter.checkpoint.compressedtransformers;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.WeightForm;
import dev.bcq.converter.quantize.MatrixRules;
import dev.bcq.converter.quantize.StoredForm;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Which form each matrix is taken from: float masters stand beside rounded codes. */
final class CompressedWeights {
  /** What a rounded layer has beside its weights; none of it but the codes says how it computes. */
  private static final List<String> BESIDE =
      List.of("quantized_weight", "weight_norm", "quantized_bias", "bias_norm", "_step");

  private static final String WEIGHT = ".weight";

  private final Map<String, TensorSource> tensors = new TreeMap<>();
  private final Map<String, StoredForm> forms = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private boolean signs;

  /**
   * Chooses forms.
   *
   * @param stored all tensors, under their names in the checkpoint
   * @param canonical canonical name of each matrix to its name in the checkpoint
   * @param rules the user's choice
   */
  CompressedWeights(
      Map<String, TensorSource> stored,
      Map<String, String> canonical,
      MatrixRules<WeightForm> rules) {
    stored.forEach(
        (name, tensor) -> {
          if (!BESIDE.contains(name.substring(name.lastIndexOf('.') + 1))) {
            tensors.put(name, tensor);
          }
        });
    Map<WeightForm, Integer> taken = new EnumMap<>(WeightForm.class);
    Map<String, WeightForm> choice = rules.apply(List.copyOf(canonical.keySet()), form -> false);
    int coded = 0;
    for (Map.Entry<String, WeightForm> chosen : choice.entrySet()) {
      String name = Objects.requireNonNull(canonical.get(chosen.getKey()));
      coded += stored.containsKey(codesOf(name)) ? 1 : 0;
      WeightForm form = take(stored, chosen.getKey(), name, chosen.getValue());
      taken.merge(form, 1, Integer::sum);
    }
    if (choice.containsValue(WeightForm.CODES) && !taken.containsKey(WeightForm.CODES)) {
      throw new CheckpointException(
          "--weights asks for codes, but no matrix that it names has any; this checkpoint has %s"
              .formatted(coded == 0 ? "none at all" : coded + " with codes"));
    }
    note(taken, coded);
  }

  private void note(Map<WeightForm, Integer> taken, int coded) {
    boolean floats = taken.size() == 1 && taken.containsKey(WeightForm.FLOAT);
    if (floats && coded > 0) {
      notes.add(
          "%d matrices have codes beside their floats; the floats were taken (--weights codes takes the codes)"
              .formatted(coded));
    } else if (!floats) {
      List<String> words = new ArrayList<>();
      taken.forEach((form, count) -> words.add("%d as %s".formatted(count, form)));
      notes.add("matrices were taken, " + String.join(", ", words));
    }
  }

  private static String codesOf(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length()) + ".quantized_weight";
  }

  private WeightForm take(
      Map<String, TensorSource> stored, String canonical, String name, WeightForm wanted) {
    TensorSource floats = stored.get(name);
    // The project rounds the linear layers of the stacks, not embeddings and the output.
    if (floats == null || !canonical.contains(".layers.")) {
      return WeightForm.FLOAT;
    }
    if (wanted == WeightForm.SIGNS) {
      signs = true;
      SignMatrix matrix = new SignMatrix(floats);
      tensors.put(name, matrix.weights());
      forms.put(canonical, matrix.form());
      return wanted;
    }
    TensorSource codes = stored.get(codesOf(name));
    TensorSource scale =
        stored.get(name.substring(0, name.length() - WEIGHT.length()) + ".weight_norm");
    // Layers that were not rounded go on with their floats.
    if (wanted == WeightForm.FLOAT || codes == null || scale == null) {
      return WeightForm.FLOAT;
    }
    StoredCodes matrix = new StoredCodes(codes, scale);
    if (matrix.wrapped()) {
      notes.add(
          "codes of %s reach -128, so some did not fit their bytes and have the wrong sign; its floats are right: --weights float"
              .formatted(canonical));
    }
    tensors.put(name, matrix.weights());
    forms.put(canonical, matrix.form());
    return wanted;
  }

  /** Returns the tensors to be read, under their names in the checkpoint. */
  Map<String, TensorSource> tensors() {
    return tensors;
  }

  /** Returns the forms that hold what was rounded, by canonical name. */
  Map<String, StoredForm> forms() {
    return forms;
  }

  /** Returns what was taken, for the user. */
  List<String> notes() {
    return notes;
  }

  /** Returns whether some layers compute with signs, which changes the scale of attention. */
  boolean hasSigns() {
    return signs;
  }
}
