package dev.bcq.benchmarks.measure;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * What changes while a machine works: boards get warm, and slower then. Null is what it does not
 * tell.
 *
 * @param megahertz the highest frequency among the cores
 * @param celsius the highest temperature among the sensors
 * @param load processes that wanted to run during the last minute
 */
public record Conditions(
    @Nullable Double megahertz, @Nullable Double celsius, @Nullable Double load) {

  /** Returns the conditions of this machine. */
  public static Conditions now() {
    return of(
        SystemFiles.HERE, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  static Conditions of(SystemFiles files, double load) {
    return new Conditions(
        highest(
            files.texts("sys/devices/system/cpu", "cpu[0-9]*", "cpufreq/scaling_cur_freq"),
            kilohertz -> kilohertz > 0),
        // Sensors that are absent tell -273 degrees or less, broken ones hundreds.
        highest(
            files.texts("sys/class/thermal", "thermal_zone*", "temp"),
            milli -> milli > -100e3 && milli < 200e3),
        load < 0 ? null : load);
  }

  /** Returns a thousandth of the largest number that can be. */
  private static @Nullable Double highest(List<String> texts, DoublePredicate possible) {
    Double highest = null;
    for (String text : texts) {
      if (text.matches("-?\\d{1,9}") && possible.test(Integer.parseInt(text))) {
        double value = Integer.parseInt(text) / 1000d;
        highest = highest == null ? value : Math.max(highest, value);
      }
    }
    return highest;
  }
}
