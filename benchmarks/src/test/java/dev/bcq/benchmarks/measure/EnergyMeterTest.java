package dev.bcq.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnergyMeterTest {
  @TempDir Path folder;

  private Path counter(String name, long microjoules) throws IOException {
    Path counter = Files.createDirectories(folder.resolve(name));
    Files.writeString(counter.resolve("max_energy_range_uj"), "1000000\n");
    return Files.writeString(counter.resolve("energy_uj"), microjoules + "\n");
  }

  @Test
  void packagesAreAddedAndTheirPartsAreNot() throws IOException {
    // NTFS allows no colons, but there is no such meter on Windows either.
    Path first = counter("intel-rapl:0", 100_000);
    Path second = counter("intel-rapl:1", 200_000);
    Path part = counter("intel-rapl:0:0", 300_000);
    EnergyMeter meter = new EnergyMeter(folder);
    assertTrue(meter.available());
    long[] before = meter.read();
    Files.writeString(first, "150000");
    Files.writeString(second, "450000");
    Files.writeString(part, "900000");
    assertEquals(0.3, meter.joulesSince(before), 1e-9);
  }

  @Test
  void aCounterThatBeginsAgainLosesNothing() throws IOException {
    Path counter = counter("intel-rapl:0", 900_000);
    EnergyMeter meter = new EnergyMeter(folder);
    long[] before = meter.read();
    Files.writeString(counter, "100000");
    assertEquals(0.2, meter.joulesSince(before), 1e-9);
  }

  @Test
  void aMachineWithoutMeterSaysSo() {
    EnergyMeter meter = new EnergyMeter(folder.resolve("none"));
    assertFalse(meter.available());
    assertEquals("this machine has no meter (" + folder.resolve("none") + ")", meter.absence());
  }
}
