package dev.bcq.console;

import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar with the time that is left, on standard error when a person looks at it. */
public final class Progress implements AutoCloseable {
  private static final int MILLISECONDS = 200;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /**
   * Begins.
   *
   * @param task what is done
   * @param total how much there is to do; negative if unknown
   * @param unit what is counted, with a leading space
   * @param unitSize how much of {@code total} one of it is
   */
  public static Progress of(String task, long total, String unit, long unitSize) {
    if (!Terminal.isError()) {
      return new Progress(null);
    }
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUnit(unit, unitSize)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(MILLISECONDS)
            .setSpeedUnit(ChronoUnit.SECONDS)
            .clearDisplayOnFinish()
            .build();
    return new Progress(bar);
  }

  /** Says that some more is done. */
  public void add(long amount) {
    if (bar != null) {
      bar.stepBy(amount);
    }
  }

  /** Shows a few words behind the bar. */
  public void note(String words) {
    if (bar != null) {
      bar.setExtraMessage(words);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
