package dev.bcq.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resident memory of a process with its children, as Linux counts it, bytes.
 *
 * @param peak sum of the largest that each process ever had
 * @param heap what is resident of the Java heap
 * @param mapped what is resident of the mapped model file
 */
public record ProcessMemory(long peak, long heap, long mapped) {
  private static final Path PROC = Path.of("/proc");
  private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s*(\\d+) kB$");
  private static final Pattern REGION =
      Pattern.compile("([0-9a-f]+)-([0-9a-f]+) \\S{4} \\S+ \\S+ \\d+\\s*(.*)");
  private static final Pattern RESIDENT = Pattern.compile("Rss:\\s*(\\d+) kB");

  /** Addresses from {@code from} to {@code to}, that one exclusive. */
  record Range(long from, long to) {
    boolean contains(long address) {
      return address >= from && address < to;
    }
  }

  /** Returns what is neither Java heap nor model: code, classes, threads, native memory. */
  public long rest() {
    return peak - heap - mapped;
  }

  /** Returns whether this system counts memory in a way that is known here. */
  static boolean available() {
    return Files.isReadable(PROC.resolve("self/smaps"));
  }

  /**
   * Reads the memory of running processes.
   *
   * @param heap where the Java heap of one of them lies
   * @param model real path of the model file
   */
  static ProcessMemory of(List<ProcessHandle> processes, Range heap, Path model)
      throws IOException {
    ProcessMemory sum = new ProcessMemory(0, 0, 0);
    for (ProcessHandle process : processes) {
      Path folder = PROC.resolve(String.valueOf(process.pid()));
      sum =
          sum.plus(
              parse(
                  Files.readString(folder.resolve("status")),
                  Files.readAllLines(folder.resolve("smaps")),
                  heap,
                  model.toString()));
    }
    return sum;
  }

  static ProcessMemory parse(String status, List<String> smaps, Range heap, String model) {
    Matcher peak = PEAK.matcher(status);
    long heapBytes = 0;
    long mappedBytes = 0;
    boolean inHeap = false;
    boolean inModel = false;
    for (String line : smaps) {
      Matcher region = REGION.matcher(line);
      if (region.matches()) {
        inHeap = heap.contains(Long.parseUnsignedLong(region.group(1), 16));
        inModel = region.group(3).equals(model);
        continue;
      }
      Matcher resident = RESIDENT.matcher(line);
      if (resident.matches()) {
        long bytes = 1024 * Long.parseLong(resident.group(1));
        heapBytes += inHeap ? bytes : 0;
        mappedBytes += inModel ? bytes : 0;
      }
    }
    long peakBytes = peak.find() ? 1024 * Long.parseLong(peak.group(1)) : 0;
    return new ProcessMemory(peakBytes, heapBytes, mappedBytes);
  }

  private ProcessMemory plus(ProcessMemory other) {
    return new ProcessMemory(peak + other.peak, heap + other.heap, mapped + other.mapped);
  }
}
