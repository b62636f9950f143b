package dev.bcq.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  private static final String FOUR_AND_TWO =
      "processor\t: 0\nBogoMIPS\t: 48.00\nCPU implementer\t: 0x41\nCPU part\t: 0xd05\n\n".repeat(4)
          + "processor\t: 4\nCPU implementer\t: 0x41\nCPU part\t: 0xd0b\n\n".repeat(2);

  @TempDir Path root;

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Machine machine(String architecture) {
    return Machine.describe(new SystemFiles(root), architecture);
  }

  private Conditions conditions(double load) {
    return Conditions.of(new SystemFiles(root), load);
  }

  @Test
  void aBoardTellsItsNameItsCoresAndItsGovernor() throws IOException {
    put("proc/device-tree/model", "Board Model B Rev 1.0\0");
    put("proc/cpuinfo", FOUR_AND_TWO);
    put("proc/self/status", "Name:\tjava\nCpus_allowed:\t30\nCpus_allowed_list:\t4-5\nMems:\t0\n");
    put("proc/self/comm", "java\n");
    put("proc/sys/kernel/arch", "aarch64\n");
    put("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "ondemand\n");
    Machine machine = machine("aarch64");
    assertEquals("Board Model B Rev 1.0", machine.board());
    assertEquals("4 x Cortex-A55 + 2 x Cortex-A76", machine.processor());
    assertEquals("4-5", machine.coreNumbers());
    assertEquals("ondemand", machine.governor());
    assertFalse(machine.emulated());
  }

  @Test
  void coresOfOtherMakersAreNumbers() {
    assertEquals(
        "1 x part 0x24 of implementer 0x61",
        Processors.name("CPU implementer : 0x61\nCPU part : 0x024\n"));
    assertNull(Processors.name("processor : 0\n"));
    assertEquals("Some CPU @ 2 GHz", Processors.name("model name : Some CPU @ 2 GHz\n"));
  }

  @Test
  void theHottestSensorAndTheFastestCoreCount() throws IOException {
    for (int i = 0; i < 3; i++) {
      put(
          "sys/devices/system/cpu/cpu" + i + "/cpufreq/scaling_cur_freq",
          1_000_000 + i * 200_000 + "\n");
    }
    put("sys/devices/system/cpu/cpufreq/policy", "no number");
    put("sys/class/thermal/thermal_zone0/temp", "41234\n");
    put("sys/class/thermal/thermal_zone1/temp", "52750\n");
    put("sys/class/thermal/thermal_zone2/temp", "-274000\n");
    put("sys/class/thermal/thermal_zone3/temp", "unknown\n");
    assertEquals(new Conditions(1400.0, 52.75, 0.5), conditions(0.5));
  }

  @Test
  void whatAMachineDoesNotTellIsAbsent() {
    assertEquals(new Conditions(null, null, null), conditions(-1));
    Machine machine = machine("aarch64");
    assertNull(machine.board());
    assertNull(machine.governor());
    assertNull(machine.coreNumbers());
    assertEquals("aarch64", machine.processor());
    assertFalse(machine.emulated());
  }

  @Test
  void emulationIsToldByWhatTheEmulatorLeaves() throws IOException {
    put("proc/cpuinfo", "model name\t: Some Xeon\n");
    put("proc/sys/kernel/arch", "x86_64\n");
    assertTrue(machine("aarch64").emulated());
    assertEquals("aarch64, emulated on Some Xeon", machine("aarch64").processor());
    assertFalse(machine("amd64").emulated());
    put("proc/self/comm", "qemu-x86_64\n");
    assertTrue(machine("amd64").emulated());
  }

  @Test
  void aMachineIsBusyWhenAQuarterOfItsCoresWorks() {
    Machine machine = machine("aarch64");
    assertFalse(machine.isBusy(conditions(-1)));
    assertFalse(machine.isBusy(conditions(0.2 * machine.cores())));
    assertTrue(machine.isBusy(conditions(0.3 * machine.cores())));
  }
}
