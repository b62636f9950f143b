package dev.bcq.cli;

import dev.bcq.format.Provenance;
import java.util.List;
import java.util.Set;

/** How a model's bits were given, as far as models can be compared by it. */
final class BitsOrigin {
  private static final Set<String> DIVIDING =
      Set.of("target-size", "target-bits", "max-loss", "plan");
  private static final Set<String> DENSE = Set.of("32", "int8");

  private BitsOrigin() {}

  /** Returns it in words, from the options of a conversion. */
  static String of(List<Provenance.Option> options) {
    String bits = "converted otherwise";
    String calibrated = "";
    for (Provenance.Option option : options) {
      if (DIVIDING.contains(option.name())) {
        bits = "bits divided";
      } else if (option.name().equals("bits")) {
        bits = DENSE.contains(option.value()) ? "not in planes" : "bits given";
      } else if (option.name().equals("calibrate")) {
        calibrated = ", calibrated";
      }
    }
    return bits + calibrated;
  }
}
