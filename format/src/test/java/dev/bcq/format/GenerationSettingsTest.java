package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationSettingsTest {

  @Test
  void whatIsSetWinsAndWhatIsNotComesFromTheOther() {
    GenerationSettings mine = GenerationSettings.builder().beams(2).prefix("").build();
    GenerationSettings other =
        GenerationSettings.builder()
            .beams(8)
            .nBest(3)
            .prefix("translate: ")
            .endTokens(List.of(1))
            .build();
    GenerationSettings both = mine.orElse(other);
    assertEquals(2, both.beams());
    assertEquals(3, both.nBest());
    assertEquals("", both.prefix());
    assertEquals(List.of(1), both.endTokens());
    assertNull(both.lengthPenalty());
  }

  @Test
  void aLimitInEitherFormHidesBothFormsOfTheOther() {
    GenerationSettings other =
        GenerationSettings.builder().maxLength(20).maxTokens(19).minLength(5).build();
    GenerationSettings both =
        GenerationSettings.builder().maxTokens(7).minTokens(0).build().orElse(other);
    assertEquals(7, both.maxTokens());
    assertNull(both.maxLength());
    assertEquals(0, both.minTokens());
    assertNull(both.minLength());
  }
}
