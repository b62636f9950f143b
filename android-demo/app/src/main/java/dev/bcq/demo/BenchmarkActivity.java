package dev.bcq.demo;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.view.MenuItem;
import android.view.View;
import android.widget.Button;
import android.widget.ProgressBar;
import android.widget.TextView;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Measures the model on this device, and shares the figures. */
public final class BenchmarkActivity extends Activity {
  private Measurement measurement;
  private FactRows rows;
  private Button start;
  private ProgressBar progress;
  private TextView status;

  @Override
  protected void onCreate(@Nullable Bundle saved) {
    super.onCreate(saved);
    setContentView(R.layout.benchmark);
    Screens.toolbar(this);
    measurement = ((DemoApplication) getApplication()).session().measurement();
    rows = new FactRows(findViewById(R.id.facts));
    start = findViewById(R.id.start);
    progress = findViewById(R.id.progress);
    status = findViewById(R.id.status);
    start.setOnClickListener(view -> startOrStop());
    findViewById(R.id.share).setOnClickListener(view -> share());
  }

  @Override
  protected void onStart() {
    super.onStart();
    measurement.listen(this::show);
  }

  @Override
  protected void onStop() {
    super.onStop();
    measurement.listen(null);
    if (isFinishing()) {
      measurement.stop();
    }
  }

  private void startOrStop() {
    if (measurement.state() instanceof Measurement.Running) {
      measurement.stop();
    } else {
      measurement.start();
    }
  }

  private void show() {
    Measurement.State state = measurement.state();
    boolean running = state instanceof Measurement.Running;
    start.setText(running ? R.string.stop : R.string.start);
    progress.setVisibility(running ? View.VISIBLE : View.INVISIBLE);
    findViewById(R.id.share)
        .setVisibility(state instanceof Measurement.Done ? View.VISIBLE : View.GONE);
    rows.clear();
    if (state instanceof Measurement.Running rounds) {
      status.setText(R.string.benchmark_running);
      progress.setMax(rounds.total());
      progress.setProgress(rounds.done());
    } else if (state instanceof Measurement.Done done) {
      show(done.run());
    } else if (state instanceof Measurement.Failed failed) {
      status.setText(getString(R.string.not_measured, failed.reason()));
    } else {
      status.setText(R.string.benchmark_idle);
    }
  }

  private void show(Benchmark.Run run) {
    status.setText(getString(R.string.benchmark_done, run.sentences(), Benchmark.ROUNDS));
    for (Benchmark.Result result : run.results()) {
      rows.heading(result.beams() == 1 ? R.string.one_beam : R.string.four_beams);
      rows.add(R.string.tokens_per_second, figure(result.tokensPerSecond().median(), ""));
      rows.add(R.string.first_token, figure(result.firstToken().median(), " ms"));
      rows.add(R.string.latency_median, figure(result.latency().median(), " ms"));
      rows.add(R.string.latency_95, figure(result.latency().at(0.95), " ms"));
    }
    rows.heading(R.string.memory);
    if (run.peakBytes() != null) {
      rows.add(R.string.peak_memory, ModelFacts.megabytes(run.peakBytes()));
    }
    rows.add(R.string.heap, ModelFacts.megabytes(run.heapBytes()));
    rows.add(R.string.file_size, ModelFacts.megabytes(run.facts().model().file().length()));
    rows.heading(R.string.kernels);
    rows.add(R.string.in_use, run.facts().model().translator().kernels());
    rows.add(R.string.instructions, run.facts().instructions());
  }

  private static String figure(double value, String unit) {
    return String.format(Locale.getDefault(), "%.1f", value) + unit;
  }

  private void share() {
    if (measurement.state() instanceof Measurement.Done done) {
      Intent send = new Intent(Intent.ACTION_SEND).setType("text/plain");
      send.putExtra(Intent.EXTRA_TEXT, done.json());
      startActivity(Intent.createChooser(send, null));
    }
  }

  @Override
  public boolean onOptionsItemSelected(MenuItem item) {
    return Screens.back(this, item) || super.onOptionsItemSelected(item);
  }
}
