package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ThreadTeamTest {

  @Test
  void everyMemberComputesEveryTaskOnce() throws InterruptedException {
    Random random = new Random(1);
    for (int size : new int[] {1, 2, 3, 8}) {
      try (ThreadTeam team = new ThreadTeam(size)) {
        for (int task = 0; task < 1000; task++) {
          int count = random.nextBoolean() ? 1 : size;
          AtomicIntegerArray times = new AtomicIntegerArray(size);
          team.run(member -> times.incrementAndGet(member.number()), count);
          for (int number = 0; number < size; number++) {
            int expected = number < count ? 1 : 0;
            assertEquals(expected, times.get(number), "member " + number + " of task " + task);
          }
          if (task % 300 == 0) {
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
        // The values change hands with each task.
        int shift = task % 2;
        team.run(member -> values[(member.number() + shift) % 2]++, 2);
        assertEquals(2 * (task + 1), values[0] + values[1]);
      }
      assertEquals(20_000, values[0]);
    }
  }

  @Test
  void whoHasWaitedSeesWhatTheOthersHadWritten() {
    for (int size : new int[] {2, 3, 5}) {
      try (ThreadTeam team = new ThreadTeam(size)) {
        int[][] values = new int[200][size];
        AtomicIntegerArray wrong = new AtomicIntegerArray(size);
        for (int round = 1; round <= 50; round++) {
          int written = round;
          team.run(
              member -> {
                for (int[] row : values) {
                  row[member.number()] = written;
                  member.await();
                  for (int value : row) {
                    if (value != written) {
                      wrong.incrementAndGet(member.number());
                    }
                  }
                }
              },
              size);
        }
        for (int number = 0; number < size; number++) {
          assertEquals(0, wrong.get(number), "member " + number + " of " + size);
        }
      }
    }
  }

  @Test
  void membersHaveAllUnitsAmongThem() {
    try (ThreadTeam team = new ThreadTeam(3)) {
      for (int units : new int[] {0, 1, 2, 3, 7, 100}) {
        AtomicIntegerArray times = new AtomicIntegerArray(units);
        team.run(
            member -> {
              for (int unit = member.from(units); unit < member.to(units); unit++) {
                times.incrementAndGet(unit);
              }
            },
            3);
        for (int unit = 0; unit < units; unit++) {
          assertEquals(1, times.get(unit), "unit " + unit + " of " + units);
        }
      }
    }
  }

  @Test
  void aTaskOfOneMemberStaysWithTheCallerAndWaitsForNobody() {
    try (ThreadTeam team = new ThreadTeam(4)) {
      Thread caller = Thread.currentThread();
      team.run(
          member -> {
            assertEquals(caller, Thread.currentThread());
            assertEquals(0, member.number());
            assertEquals(0, member.from(5));
            assertEquals(5, member.to(5));
            member.await();
          },
          1);
    }
  }

  @Test
  void whatIsTooSmallToBeSharedStaysWithTheCaller() {
    assertEquals(1, ThreadTeam.SINGLE.members(Long.MAX_VALUE));
    try (ThreadTeam team = new ThreadTeam(3)) {
      assertEquals(1, team.members(0));
      assertEquals(3, team.members(Long.MAX_VALUE));
    }
  }

  @Test
  void aFailureOfAnyMemberReachesTheCallerAndTheTeamGoesOn() {
    try (ThreadTeam team = new ThreadTeam(3)) {
      for (int failing = 0; failing < 3; failing++) {
        int bad = failing;
        IllegalStateException thrown =
            assertThrows(
                IllegalStateException.class,
                () ->
                    team.run(
                        member -> {
                          member.await();
                          if (member.number() == bad) {
                            throw new IllegalStateException("member " + member.number());
                          }
                          // Nobody waits for who has failed.
                          member.await();
                          member.await();
                        },
                        3));
        assertEquals("member " + bad, thrown.getMessage());
        AtomicIntegerArray times = new AtomicIntegerArray(3);
        team.run(
            member -> {
              member.await();
              times.incrementAndGet(member.number());
            },
            3);
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
