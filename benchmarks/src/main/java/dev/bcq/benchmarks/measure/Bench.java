package dev.bcq.benchmarks.measure;

import dev.bcq.console.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Measures combinations side by side: each round runs every one of them once, so that what slows
 * the machine down for a while meets all alike.
 */
public final class Bench implements AutoCloseable {
  private static final int WARM_UP_RUNS = 3;

  private final Plan plan;
  private final Workload workload;
  private final List<Subject> subjects = new ArrayList<>();
  private final EnergyMeter meter = new EnergyMeter();

  private Bench(List<Combination> combinations, Workload workload, Plan plan) {
    this.plan = plan;
    this.workload = workload;
    for (Combination combination : combinations) {
      subjects.add(new Subject(combination, workload, plan.openBlas()));
    }
    if (plan.pairs() != null) {
      Quality.check(subjects, plan.pairs());
    }
  }

  /** Returns why energy and memory are not measured here, or nothing where they are. */
  public static List<String> absences() {
    List<String> reasons = new ArrayList<>();
    EnergyMeter meter = new EnergyMeter();
    if (!meter.available()) {
      reasons.add("energy: " + meter.absence());
    }
    if (!ProcessMemory.available()) {
      reasons.add("memory of processes: this system has no /proc/PID/smaps");
    }
    return reasons;
  }

  /** Returns what was found, in the order of the combinations. */
  public static List<Result> run(List<Combination> combinations, Workload workload, Plan plan) {
    try (Bench bench = new Bench(combinations, workload, plan)) {
      bench.warmUp();
      bench.measure();
      bench.subjects.forEach(Subject::measureWorkingSet);
      if (plan.launcher() != null && plan.processes() > 0) {
        bench.startProcesses(plan.launcher());
      }
      if (plan.pairs() != null) {
        Quality.measure(bench.subjects, plan.pairs());
      }
      return bench.subjects.stream().map(Subject::result).toList();
    }
  }

  @Override
  public void close() {
    subjects.forEach(Subject::close);
  }

  private void warmUp() {
    double[] seconds = new double[subjects.size()];
    long total = (long) (1000 * plan.warmUpSeconds() * subjects.size());
    try (Progress progress = Progress.of("warming up", total, " s", 1000)) {
      for (int round = 0; ; round++) {
        boolean warm = true;
        for (int i = 0; i < seconds.length; i++) {
          if (round < WARM_UP_RUNS || seconds[i] < plan.warmUpSeconds()) {
            double taken = subjects.get(i).warmUp(round);
            progress.add(
                (long) (1000 * Math.min(taken, Math.max(0, plan.warmUpSeconds() - seconds[i]))));
            seconds[i] += taken;
            warm = false;
          }
        }
        if (warm) {
          return;
        }
      }
    }
  }

  private void measure() {
    long runs = (long) plan.rounds() * subjects.size();
    try (Progress progress = Progress.of("measuring", runs, " translations", 1)) {
      for (int round = 0; round < plan.rounds(); round++) {
        for (Subject subject : subjects) {
          subject.measure(round, meter);
          progress.add(1);
        }
      }
    }
  }

  private void startProcesses(Path launcher) {
    List<TranslateProcess> processes =
        subjects.stream()
            .map(subject -> new TranslateProcess(launcher, subject.combination(), workload))
            .toList();
    long runs = (plan.processes() + 1L) * subjects.size();
    try (Progress progress = Progress.of("starting processes", runs, " processes", 1)) {
      for (int i = 0; i < subjects.size(); i++) {
        // Also brings files and launcher into the page cache.
        if (ProcessMemory.available()) {
          subjects.get(i).memory(Objects.requireNonNull(processes.get(i)).memory());
        } else {
          processes.get(i).coldStart();
        }
        progress.add(1);
      }
      for (int round = 0; round < plan.processes(); round++) {
        for (int i = 0; i < subjects.size(); i++) {
          subjects.get(i).coldStart(processes.get(i).coldStart());
          progress.add(1);
        }
      }
    }
  }
}
