package dev.bcq.benchmarks.report;

import dev.bcq.benchmarks.measure.Combination;
import dev.bcq.benchmarks.measure.Result;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What tells results from each other: model and bits always, the rest where it varies. */
final class Keys {
  private static final List<Key> ALL =
      List.of(
          new Key("model", "", false, combination -> combination.model().name()),
          new Key("bits", " bits", true, combination -> combination.model().bits()),
          new Key("kernels", "", false, Combination::kernels),
          new Key("arithmetic", "", false, combination -> combination.arithmetic().toString()),
          new Key("threads", " threads", true, combination -> "" + combination.threads()),
          new Key("beam", "", true, combination -> "" + combination.beam()));

  private final List<Key> shown;
  private final boolean named;

  /**
   * A column.
   *
   * @param title its heading
   * @param unit what follows the value in a sentence
   * @param number whether it is aligned to the right
   */
  record Key(String title, String unit, boolean number, Function<Combination, String> value) {
    String words(Combination combination) {
      String text = value.apply(combination);
      return title.equals("beam") ? "beam " + text : text.equals("int8") ? text : text + unit;
    }
  }

  Keys(List<Result> results) {
    this.named = varies(ALL.get(0), results) || !varies(ALL.get(1), results);
    this.shown = ALL.stream().filter(key -> ALL.indexOf(key) < 2 || varies(key, results)).toList();
  }

  private static boolean varies(Key key, List<Result> results) {
    return results.stream()
            .map(result -> key.value().apply(result.combination()))
            .distinct()
            .count()
        > 1;
  }

  List<Key> shown() {
    return shown;
  }

  List<String> values(Result result) {
    return shown.stream().map(key -> key.value().apply(result.combination())).toList();
  }

  /** Returns the model in words: its bits alone where all have one name. */
  String model(Result result) {
    return words(ALL.subList(named ? 0 : 1, 2), result);
  }

  /** Returns how the model is run, in words; empty if all are run alike. */
  String way(Result result) {
    return words(shown.subList(2, shown.size()), result);
  }

  private static String words(List<Key> keys, Result result) {
    return keys.stream()
        .map(key -> key.words(result.combination()))
        .collect(Collectors.joining(", "));
  }
}
