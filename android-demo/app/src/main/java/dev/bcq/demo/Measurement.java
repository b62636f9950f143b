package dev.bcq.demo;

import dev.bcq.runtime.Cancellation;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The benchmark under way or the last one, whatever becomes of the screen that shows it. For the
 * main thread.
 */
final class Measurement {
  private final Session session;
  private State state = new Idle();
  private @Nullable Runnable listener;
  private @Nullable Cancellation running;

  /** What there is to show. */
  sealed interface State {}

  /** Nothing was measured, or it was stopped. */
  record Idle() implements State {}

  /** Some of the rounds are done. */
  record Running(int done, int total) implements State {}

  /**
   * There are figures.
   *
   * @param json the same figures for programs
   */
  record Done(Benchmark.Run run, String json) implements State {}

  /** It could not be measured. */
  record Failed(String reason) implements State {}

  Measurement(Session session) {
    this.session = session;
  }

  State state() {
    return state;
  }

  /** Tells a listener now and whenever the state changes; null for nobody. */
  void listen(@Nullable Runnable next) {
    listener = next;
    if (next != null) {
      next.run();
    }
  }

  void start() {
    stop();
    Cancellation cancellation = new Cancellation();
    running = cancellation;
    change(new Running(0, 1));
    session.use(model -> measure(model, cancellation));
  }

  void stop() {
    if (running != null) {
      running.cancel();
      running = null;
      change(new Idle());
    }
  }

  /** Measures, on the model's thread. */
  private void measure(LoadedModel model, Cancellation cancellation) {
    try {
      Benchmark benchmark =
          new Benchmark(
              model, (done, total) -> post(cancellation, new Running(done, total)), cancellation);
      Benchmark.Run run = benchmark.run();
      post(cancellation, new Done(run, BenchmarkJson.of(run, Instant.now())));
    } catch (CancellationException e) {
      // Nobody waits for it any more.
    } catch (RuntimeException e) {
      post(cancellation, new Failed(String.valueOf(e.getMessage())));
    }
  }

  private void post(Cancellation cancellation, State next) {
    session.onMain(
        () -> {
          if (!cancellation.isCancelled()) {
            running = next instanceof Running ? cancellation : null;
            change(next);
          }
        });
  }

  private void change(State next) {
    state = next;
    if (listener != null) {
      listener.run();
    }
  }
}
