package dev.bcq.benchmarks.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrecisionTest {

  @ParameterizedTest
  @ValueSource(strings = {"32", "int8", "1", "2", "3", "4", "8", "2.6"})
  void labelsAreWhatPeopleType(String text) {
    assertEquals(text, Precision.parse(text).label());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "9", "16", "2.5", "int4", "-1", "3 "})
  void whatIsNoPrecisionIsRefusedWithWhatIs(String text) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Precision.parse(text));
    assertEquals("'" + text + "'; expected 32, int8, 1 to 8, or 2.6", e.getMessage());
  }

  @Test
  void theMixtureDividesTheVocabularyInQuartersOfWholeTiles() {
    for (int rows : new int[] {1, 16, 63, 64, 300, 320, 32128, 37000}) {
      List<Precision.Block> blocks = new Precision.ChungKim().blocks("embedding.weight", rows);
      assertEquals(rows, blocks.stream().mapToInt(Precision.Block::rows).sum());
      assertTrue(
          blocks.subList(0, blocks.size() - 1).stream().allMatch(block -> block.rows() % 16 == 0));
      assertTrue(blocks.stream().allMatch(block -> block.rows() > 0), blocks.toString());
    }
    assertEquals(
        List.of(4, 3, 2, 1),
        new Precision.ChungKim()
            .blocks("embedding.weight", 37000).stream().map(Precision.Block::planes).toList());
  }

  @Test
  void theMixtureGivesEachSublayerItsPlanes() {
    assertEquals(3, planes("encoder.layers.0.self_attention.query.weight"));
    assertEquals(4, planes("encoder.layers.0.feed_forward.up.weight"));
    assertEquals(2, planes("decoder.layers.5.self_attention.output.weight"));
    assertEquals(3, planes("decoder.layers.5.cross_attention.key.weight"));
    assertEquals(1, planes("decoder.layers.5.feed_forward.down.weight"));
  }

  private static int planes(String name) {
    List<Precision.Block> blocks = new Precision.ChungKim().blocks(name, 512);
    assertEquals(1, blocks.size());
    return blocks.get(0).planes();
  }
}
