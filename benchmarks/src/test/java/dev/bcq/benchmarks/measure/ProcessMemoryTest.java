package dev.bcq.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  private static final String STATUS =
      """
      Name:\tjava
      VmPeak:\t 9000000 kB
      VmHWM:\t  150000 kB
      VmRSS:\t  140000 kB
      """;

  private static final List<String> SMAPS =
      """
      687400000-690000000 rw-p 00000000 00:00 0
      Size:            143360 kB
      Rss:              50000 kB
      Pss:              50000 kB
      690000000-800000000 ---p 00000000 00:00 0
      Rss:                100 kB
      7f0000000000-7f0000400000 r--s 00000000 08:01 1234                       /models/my model.bcq
      Rss:               4000 kB
      7f0000400000-7f0000500000 r--s 00400000 08:01 1234                       /models/my model.bcq
      Rss:                 96 kB
      7f0000600000-7f0000700000 r-xp 00000000 08:01 99                         /lib/libjvm.so
      Rss:               9000 kB
      """
          .lines()
          .toList();

  @Test
  void memoryIsSplitByAddressAndFile() {
    ProcessMemory memory =
        ProcessMemory.parse(
            STATUS,
            SMAPS,
            new ProcessMemory.Range(0x687400000L, 0x800000000L),
            "/models/my model.bcq");
    assertEquals(150000 * 1024L, memory.peak());
    assertEquals(50100 * 1024L, memory.heap());
    assertEquals(4096 * 1024L, memory.mapped());
    assertEquals((150000 - 50100 - 4096) * 1024L, memory.rest());
  }

  @Test
  void thisProcessHasMemory() throws IOException {
    assumeTrue(ProcessMemory.available(), "this system has no /proc/PID/smaps");
    ProcessMemory memory =
        ProcessMemory.of(
            List.of(ProcessHandle.current()),
            new ProcessMemory.Range(0, Long.MAX_VALUE),
            Path.of("/nothing"));
    assertTrue(memory.heap() > 0 && memory.heap() <= memory.peak(), memory.toString());
    assertEquals(0, memory.mapped());
  }
}
