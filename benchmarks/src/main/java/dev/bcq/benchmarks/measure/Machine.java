package dev.bcq.benchmarks.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the figures were measured on.
 *
 * @param processor name of the CPU
 * @param cores processors that this process may use
 * @param memoryBytes main memory
 * @param jvm name and version
 * @param system name, version and architecture
 * @param governor how Linux chooses the frequency, or null if it does not say
 * @param load processes that wanted to run during the last minute, or null where nobody counts them
 */
public record Machine(
    String processor,
    int cores,
    long memoryBytes,
    String jvm,
    String system,
    @Nullable String governor,
    @Nullable Double load) {
  /** With more of its cores at work than this, a machine is busy. */
  private static final double BUSY = 0.25;

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Path DEVICE = Path.of("/proc/device-tree/model");
  private static final Path GOVERNOR =
      Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");

  /** Returns what can be told of this machine. */
  public static Machine describe() {
    var bean = ManagementFactory.getOperatingSystemMXBean();
    long memory =
        bean instanceof com.sun.management.OperatingSystemMXBean more
            ? more.getTotalMemorySize()
            : 0;
    double load = bean.getSystemLoadAverage();
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        memory,
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        String.join(
            " ",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch")),
        read(GOVERNOR),
        load < 0 ? null : load);
  }

  /** Returns whether other processes disturb the figures. */
  public boolean busy() {
    return load != null && load > BUSY * cores;
  }

  // Processors of ARM have numbers there in place of a name; the board's name says more.
  private static String processorName() {
    String list = read(PROCESSORS);
    List<String> lines = list == null ? List.of() : list.lines().toList();
    for (String line : lines) {
      if (line.startsWith("model name")) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    String board = read(DEVICE);
    return board == null ? System.getProperty("os.arch", "unknown") : board;
  }

  private static @Nullable String read(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file).replace("\0", "").strip() : null;
    } catch (IOException e) {
      // Some files of the kernel exist and cannot be read.
      return null;
    }
  }
}
