package dev.bcq.converter.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.quantize.BitAllocation.Automatic;
import dev.bcq.converter.quantize.BitAllocation.Clusters;
import dev.bcq.converter.quantize.BitAllocation.Float32;
import dev.bcq.converter.quantize.BitAllocation.Int8;
import dev.bcq.converter.quantize.BitAllocation.Planes;
import dev.bcq.converter.quantize.BitAllocation.Storage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BitAllocationTest {
  private static final List<String> NAMES =
      List.of(
          "embedding.weight",
          "encoder.layers.0.self_attention.query.weight",
          "encoder.layers.0.feed_forward.up.weight",
          "decoder.layers.1.self_attention.output.weight",
          "decoder.layers.1.cross_attention.key.weight",
          "decoder.layers.1.feed_forward.down.weight");

  private static List<Storage> storages(String bits) {
    Map<String, Storage> found = BitAllocation.parse(bits).allocate(NAMES);
    return NAMES.stream().map(found::get).toList();
  }

  private static void assertRefused(String bits, String part) {
    QuantizationException e = assertThrows(QuantizationException.class, () -> storages(bits));
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }

  @Test
  void oneValueIsForAll() {
    assertEquals(List.of(new Planes(3)), storages("3").stream().distinct().toList());
    assertEquals(List.of(new Automatic()), storages("auto").stream().distinct().toList());
    assertEquals(List.of(new Float32()), storages("32").stream().distinct().toList());
    assertEquals(List.of(new Int8()), storages("int8").stream().distinct().toList());
  }

  @Test
  void theFirstRuleThatMatchesWins() {
    assertEquals(
        List.of(
            new Planes(4),
            new Planes(3),
            new Planes(3),
            new Planes(3),
            new Planes(3),
            new Planes(2)),
        storages("embedding=4,decoder.*.feed_forward.*=2,*=3"));
  }

  @Test
  void thePapersDivisionHasItsName() {
    assertEquals(
        List.of(
            new Clusters(),
            new Planes(3),
            new Planes(4),
            new Planes(2),
            new Planes(3),
            new Planes(1)),
        storages("chung-kim"));
  }

  @Test
  void mistakesAreNamed() {
    assertRefused("9", "'9' is no storage");
    assertRefused("embeding=4,*=3", "'embeding' matches no matrix");
    assertRefused("embedding=4", "no rule matches encoder.layers.0.self_attention.query");
    assertRefused("=4,*=3", "'=4' is no rule");
    assertRefused("*=3,", "'' is no rule");
  }
}
