package dev.bcq.converter.checkpoint;

import dev.bcq.converter.checkpoint.Checkpoint.NamedTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes tensors out of a checkpoint under their canonical names and collects everything that does
 * not fit, so that the user hears of all of it at once. Names may lack or have the prefix {@code
 * model.}.
 */
public final class TensorPicker implements TensorNames {
  private static final String PREFIX = "model.";
  private static final int MOST_LISTED = 20;

  private final Map<String, TensorSource> sources;
  private final Set<String> used = new LinkedHashSet<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, TensorSource> matrices = new LinkedHashMap<>();
  private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();

  public TensorPicker(Map<String, TensorSource> sources) {
    this.sources = sources;
  }

  public Map<String, TensorSource> matrices() {
    return matrices;
  }

  public Map<String, NamedTensor> tensors() {
    return tensors;
  }

  /** Returns a tensor and marks it as known, or returns null. */
  public @Nullable TensorSource find(String name) {
    for (String candidate : List.of(name, PREFIX + name)) {
      TensorSource source = sources.get(candidate);
      if (source != null) {
        used.add(candidate);
        return source;
      }
    }
    return null;
  }

  /** Returns the number of layers that the names with a prefix count. */
  public int layers(String prefix) {
    int layers = 0;
    for (String name : sources.keySet()) {
      String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
      if (bare.startsWith(prefix)) {
        String rest = bare.substring(prefix.length());
        int dot = rest.indexOf('.');
        if (dot > 0 && dot < 6 && rest.substring(0, dot).chars().allMatch(Character::isDigit)) {
          layers = Math.max(layers, Integer.parseInt(rest.substring(0, dot)) + 1);
        }
      }
    }
    return layers;
  }

  @Override
  public void matrix(String canonical, String name, int rows, int cols) {
    TensorSource source = find(name);
    if (source == null) {
      problems.add("missing: " + name + " [" + rows + ", " + cols + "]");
    } else {
      matrix(canonical, source, rows, cols);
    }
  }

  /** Adds a matrix that has been found already. */
  public void matrix(String canonical, TensorSource source, int rows, int cols) {
    if (hasShape(source, List.of(rows, cols))) {
      matrices.put(canonical, source);
    }
  }

  @Override
  public void tensor(String canonical, String name, Integer... shape) {
    TensorSource source = find(name);
    if (source == null) {
      problems.add("missing: " + name + " " + List.of(shape));
    } else if (hasShape(source, List.of(shape))) {
      tensors.put(canonical, new NamedTensor(List.of(shape), source));
    }
  }

  /** Adds a float tensor that has been found already, under another shape of the same size. */
  public void tensor(
      String canonical, TensorSource source, List<Integer> found, List<Integer> wanted) {
    if (hasShape(source, found)) {
      tensors.put(canonical, new NamedTensor(wanted, source));
    }
  }

  /** Multiplies a matrix or tensor that was added, if it was. */
  public void scale(String canonical, float factor) {
    matrices.computeIfPresent(canonical, (name, source) -> source.times(factor));
    tensors.computeIfPresent(
        canonical,
        (name, tensor) -> new NamedTensor(tensor.shape(), tensor.source().times(factor)));
  }

  private boolean hasShape(TensorSource source, List<Integer> expected) {
    boolean same = source.shape().equals(expected.stream().map(Integer::longValue).toList());
    if (!same) {
      problems.add(
          "wrong shape: %s is %s, expected %s".formatted(source.name(), source.shape(), expected));
    }
    if (!source.type().isFloat()) {
      problems.add(
          "wrong number type: %s has %s, expected floats".formatted(source.name(), source.type()));
    }
    return same;
  }

  public void problem(String problem) {
    problems.add(problem);
  }

  /**
   * Checks that every tensor was wanted and every wanted tensor was there.
   *
   * @throws CheckpointException listing what was not
   */
  public void finish(String family) {
    for (String name : sources.keySet()) {
      if (!used.contains(name)) {
        problems.add("unknown: " + name + " " + sources.get(name).shape());
      }
    }
    if (!problems.isEmpty()) {
      List<String> listed = problems.subList(0, Math.min(MOST_LISTED, problems.size()));
      String more =
          problems.size() > MOST_LISTED
              ? "\n  and " + (problems.size() - MOST_LISTED) + " more"
              : "";
      throw new CheckpointException(
          "the tensors are not those of a %s model as its configuration describes it:\n  %s%s"
              .formatted(family, String.join("\n  ", listed), more));
    }
  }
}
