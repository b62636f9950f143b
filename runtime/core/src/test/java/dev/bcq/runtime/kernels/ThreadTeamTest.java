package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ThreadTeamTest {

  @Test
  void everyPartOfEveryTaskIsComputedOnce() throws InterruptedException {
    Random random = new Random(1);
    for (int size : new int[] {1, 2, 3, 8}) {
      try (ThreadTeam team = new ThreadTeam(size)) {
        for (int task = 0; task < 3000; task++) {
          int count = 1 + random.nextInt(3 * size);
          AtomicIntegerArray times = new AtomicIntegerArray(count);
          team.run((part, parts) -> times.addAndGet(part, parts), count);
          for (int part = 0; part < count; part++) {
            assertEquals(count, times.get(part), "part " + part + " of task " + task);
          }
          if (task % 1000 == 0) {
            // Long enough for the others to fall asleep.
            Thread.sleep(2);
          }
        }
      }
    }
  }

  @Test
  void whatATaskHasWrittenIsSeenByTheCallerAndByTheNextTask() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      int[] values = new int[3];
      for (int task = 0; task < 20_000; task++) {
        team.run((part, parts) -> values[part]++, 2 + task % 2);
      }
      assertEquals(20_000, values[0]);
      assertEquals(20_000, values[1]);
      assertEquals(10_000, values[2]);
    }
  }

  @Test
  void whoIsDoneTakesWhatIsLeftOfTheSharesOfOthers() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      Thread[] computing = new Thread[8];
      AtomicIntegerArray times = new AtomicIntegerArray(8);
      team.run(
          (part, parts) -> {
            computing[part] = Thread.currentThread();
            times.incrementAndGet(part);
            // The last part begins when the first ends, which waits for all others.
            while (part == 0 && sum(times) < parts) {
              Thread.onSpinWait();
            }
          },
          8);
      for (int part = 1; part < 8; part++) {
        assertTrue(computing[part] != computing[0], "part " + part);
      }
    }
  }

  private static int sum(AtomicIntegerArray times) {
    int sum = 0;
    for (int i = 0; i < times.length(); i++) {
      sum += times.get(i);
    }
    return sum;
  }

  @Test
  void aTaskOfOnePartStaysWithTheCaller() {
    try (ThreadTeam team = new ThreadTeam(4)) {
      Thread caller = Thread.currentThread();
      team.run(
          (part, parts) -> {
            assertEquals(caller, Thread.currentThread());
            assertEquals(1, parts);
          },
          1);
    }
  }

  @Test
  void whatIsTooSmallToBeSharedHasOnePartAndAnEqualNumberForEachThreadOtherwise() {
    assertEquals(1, ThreadTeam.SINGLE.parts(Long.MAX_VALUE));
    try (ThreadTeam team = new ThreadTeam(3)) {
      assertEquals(1, team.parts(0));
      int before = 1;
      for (long bytes = 1; bytes < 1L << 40; bytes *= 2) {
        int parts = team.parts(bytes);
        assertTrue(parts == 1 || parts % 3 == 0, bytes + " bytes: " + parts);
        assertTrue(parts >= before, bytes + " bytes: " + parts);
        before = parts;
      }
      assertEquals(before, team.parts(Long.MAX_VALUE));
      assertTrue(before > 3);
    }
  }

  @Test
  void aFailureOfAnyPartReachesTheCallerAndTheTeamGoesOn() {
    try (ThreadTeam team = new ThreadTeam(3)) {
      for (int failing = 0; failing < 3; failing++) {
        int bad = failing;
        IllegalStateException thrown =
            assertThrows(
                IllegalStateException.class,
                () ->
                    team.run(
                        (part, parts) -> {
                          if (part == bad) {
                            throw new IllegalStateException("part " + part);
                          }
                        },
                        3));
        assertEquals("part " + bad, thrown.getMessage());
        AtomicIntegerArray times = new AtomicIntegerArray(3);
        team.run((part, parts) -> times.incrementAndGet(part), 3);
        assertEquals("[1, 1, 1]", times.toString());
      }
    }
  }

  @Test
  void noThreadIsLeftBehind() {
    new ThreadTeam(3).close();
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("bcq-team-")));
  }
}
