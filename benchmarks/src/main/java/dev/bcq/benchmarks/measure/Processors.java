package dev.bcq.benchmarks.measure;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names of processors in {@code /proc/cpuinfo}, where ARM's have numbers in place of a name. */
final class Processors {
  /** Parts that ARM itself designed, by their number in the main ID register. */
  private static final Map<Integer, String> ARM =
      Map.ofEntries(
          Map.entry(0xd03, "Cortex-A53"),
          Map.entry(0xd04, "Cortex-A35"),
          Map.entry(0xd05, "Cortex-A55"),
          Map.entry(0xd07, "Cortex-A57"),
          Map.entry(0xd08, "Cortex-A72"),
          Map.entry(0xd09, "Cortex-A73"),
          Map.entry(0xd0a, "Cortex-A75"),
          Map.entry(0xd0b, "Cortex-A76"),
          Map.entry(0xd0c, "Neoverse-N1"),
          Map.entry(0xd0d, "Cortex-A77"),
          Map.entry(0xd40, "Neoverse-V1"),
          Map.entry(0xd41, "Cortex-A78"),
          Map.entry(0xd44, "Cortex-X1"),
          Map.entry(0xd46, "Cortex-A510"),
          Map.entry(0xd47, "Cortex-A710"),
          Map.entry(0xd48, "Cortex-X2"),
          Map.entry(0xd49, "Neoverse-N2"),
          Map.entry(0xd4d, "Cortex-A715"),
          Map.entry(0xd4e, "Cortex-X3"),
          Map.entry(0xd4f, "Neoverse-V2"),
          Map.entry(0xd80, "Cortex-A520"),
          Map.entry(0xd81, "Cortex-A720"),
          Map.entry(0xd82, "Cortex-X4"));

  private static final int DESIGNED_BY_ARM = 0x41;

  private Processors() {}

  /**
   * Returns the name of the processor, of ARM cores how many there are of each kind ({@code 4 x
   * Cortex-A55 + 2 x Cortex-A76}), or null if the text tells neither.
   */
  static @Nullable String name(String cpuinfo) {
    Map<String, Integer> cores = new LinkedHashMap<>();
    int implementer = -1;
    for (String line : cpuinfo.lines().toList()) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("model name")) {
        return value;
      }
      if (line.startsWith("CPU implementer")) {
        implementer = number(value);
      } else if (line.startsWith("CPU part")) {
        cores.merge(part(implementer, number(value)), 1, Integer::sum);
      }
    }
    return cores.isEmpty()
        ? null
        : cores.entrySet().stream()
            .map(core -> core.getValue() + " x " + core.getKey())
            .collect(Collectors.joining(" + "));
  }

  private static String part(int implementer, int part) {
    String known = implementer == DESIGNED_BY_ARM ? ARM.get(part) : null;
    return known != null
        ? known
        : String.format(Locale.ROOT, "part 0x%x of implementer 0x%x", part, implementer);
  }

  private static int number(String text) {
    return text.matches("0x[0-9a-fA-F]{1,7}") ? Integer.parseInt(text.substring(2), 16) : -1;
  }
}
