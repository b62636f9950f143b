package dev.bcq.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The energy counters of the processor packages, as Linux shows them ({@code powercap}, RAPL): what
 * the whole machine's processors take, not this process alone.
 */
final class EnergyMeter {
  private final List<Path> counters = new ArrayList<>();
  private final String absence;

  /** Opens the meter of this machine. */
  EnergyMeter() {
    this(Path.of("/sys/class/powercap"));
  }

  EnergyMeter(Path folder) {
    String reason = "this machine has no meter (" + folder + ")";
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> packages = Files.newDirectoryStream(folder, "*-rapl:?")) {
        for (Path counter : packages) {
          Path energy = counter.resolve("energy_uj");
          if (Files.isReadable(energy)) {
            counters.add(energy);
          } else {
            reason = energy + " cannot be read by this user";
          }
        }
      } catch (IOException e) {
        reason = folder + " cannot be read: " + e.getMessage();
      }
    }
    this.absence = reason;
  }

  boolean available() {
    return !counters.isEmpty();
  }

  /** Returns why there is no meter. */
  String absence() {
    return absence;
  }

  /** Returns the counters, in microjoules. */
  long[] read() {
    return counters.stream().mapToLong(EnergyMeter::number).toArray();
  }

  /** Returns the joules since the counters were read. */
  double joulesSince(long[] before) {
    long[] now = read();
    long sum = 0;
    for (int i = 0; i < now.length; i++) {
      long passed = now[i] - before[i];
      // A counter that has reached its end begins again.
      sum +=
          passed >= 0
              ? passed
              : passed + number(counters.get(i).resolveSibling("max_energy_range_uj"));
    }
    return sum * 1e-6;
  }

  private static long number(Path file) {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
