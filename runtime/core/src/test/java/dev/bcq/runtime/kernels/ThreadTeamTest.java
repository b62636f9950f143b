package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ThreadTeamTest {

  @Test
  void everyPartOfEveryTaskIsComputedOnce() throws InterruptedException {
    for (int size : new int[] {1, 2, 3, 8}) {
      try (ThreadTeam team = new ThreadTeam(size)) {
        for (int task = 0; task < 3000; task++) {
          AtomicIntegerArray times = new AtomicIntegerArray(size);
          team.run((part, parts) -> times.addAndGet(part, parts), true);
          for (int part = 0; part < size; part++) {
            assertEquals(size, times.get(part), "part " + part + " of task " + task);
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
      int[] values = new int[2];
      for (int task = 0; task < 20_000; task++) {
        team.run((part, parts) -> values[part]++, true);
      }
      assertEquals(20_000, values[0]);
      assertEquals(20_000, values[1]);
    }
  }

  @Test
  void aTaskThatIsNotWorthwhileStaysWithTheCaller() {
    try (ThreadTeam team = new ThreadTeam(4)) {
      Thread caller = Thread.currentThread();
      team.run(
          (part, parts) -> {
            assertEquals(caller, Thread.currentThread());
            assertEquals(1, parts);
          },
          false);
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
                        true));
        assertEquals("part " + bad, thrown.getMessage());
        AtomicIntegerArray times = new AtomicIntegerArray(3);
        team.run((part, parts) -> times.incrementAndGet(part), true);
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
