package dev.bcq.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClaimTest {

  @Test
  void aFactorHoldsFromTheClaimedOneOn() {
    assertTrue(Claim.atLeast("file smaller", 11.8, 11.8).holds());
    assertFalse(Claim.atLeast("file smaller", 11.79, 11.8).holds());
  }

  @Test
  void aSizeHoldsBelowTheClaimedOne() {
    assertTrue(Claim.below("file", 23.99, 24).holds());
    assertFalse(Claim.below("file", 24, 24).holds());
  }

  @Test
  void bothFiguresAreTold() {
    assertEquals(
        "holds  file smaller: 12.0x (claim: at least 11.8x)",
        Claim.atLeast("file smaller", 12.04, 11.8).sentence());
    assertEquals(
        "FAILS  file: 25.3 MB (claim: less than 24.0 MB)",
        Claim.below("file", 25.31, 24).sentence());
  }
}
