package dev.bcq.benchmarks.measure;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the figures were measured on.
 *
 * @param board name of the board or the computer, or null if it does not say
 * @param processor name of the CPU
 * @param cores processors that this process may use
 * @param coreNumbers which these are, as Linux writes lists ({@code 4-7}), or null
 * @param memoryBytes main memory
 * @param jvm name and version
 * @param system name, version and architecture
 * @param governor how Linux chooses the frequency, or null if it does not say
 * @param emulated whether another kind of processor runs all this by emulation, whose speed tells
 *     nothing
 */
public record Machine(
    @Nullable String board,
    String processor,
    int cores,
    @Nullable String coreNumbers,
    long memoryBytes,
    String jvm,
    String system,
    @Nullable String governor,
    boolean emulated) {
  /** With more of its cores at work than this, a machine is busy. */
  private static final double BUSY = 0.25;

  /** Returns what can be told of this machine. */
  public static Machine describe() {
    return describe(SystemFiles.HERE, System.getProperty("os.arch", "unknown"));
  }

  static Machine describe(SystemFiles files, String architecture) {
    var bean = ManagementFactory.getOperatingSystemMXBean();
    long memory =
        bean instanceof com.sun.management.OperatingSystemMXBean more
            ? more.getTotalMemorySize()
            : 0;
    boolean emulated = emulated(files, architecture);
    return new Machine(
        board(files),
        processor(files, architecture, emulated),
        Runtime.getRuntime().availableProcessors(),
        coreNumbers(files),
        memory,
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        String.join(
            " ", System.getProperty("os.name"), System.getProperty("os.version"), architecture),
        files.text("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        emulated);
  }

  /** Returns whether other processes disturb the figures. */
  public boolean isBusy(Conditions before) {
    return before.load() != null && before.load() > BUSY * cores;
  }

  private static @Nullable String board(SystemFiles files) {
    String model = files.text("proc/device-tree/model");
    return model != null ? model : files.text("sys/class/dmi/id/product_name");
  }

  private static String processor(SystemFiles files, String architecture, boolean emulated) {
    String list = files.text("proc/cpuinfo");
    String name = list == null ? null : Processors.name(list);
    // Under emulation this may be the machine that emulates.
    return name == null ? architecture : emulated ? architecture + ", emulated on " + name : name;
  }

  private static @Nullable String coreNumbers(SystemFiles files) {
    String status = files.text("proc/self/status");
    String key = "Cpus_allowed_list:";
    int at = status == null ? -1 : status.indexOf(key);
    return status == null || at < 0
        ? null
        : status.substring(at + key.length()).lines().findFirst().orElse("").strip();
  }

  /**
   * Looks for what emulators of user programs leave as it is: the name that the first thread got
   * from the emulator, and the architecture that the kernel names.
   */
  private static boolean emulated(SystemFiles files, String architecture) {
    String thread = files.text("proc/self/comm");
    String kernel = files.text("proc/sys/kernel/arch");
    return (thread != null && thread.startsWith("qemu-"))
        || (kernel != null && !canonical(kernel).equals(canonical(architecture)));
  }

  private static String canonical(String architecture) {
    return switch (architecture.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "aarch64_be", "arm64" -> "aarch64";
      // Processors of 64 bits also run these.
      case "x86", "i386", "i686" -> "x86_64";
      case "arm", "armv7l", "armv8l" -> "aarch64";
      default -> architecture;
    };
  }
}
