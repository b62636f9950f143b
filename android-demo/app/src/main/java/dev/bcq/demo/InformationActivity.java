package dev.bcq.demo;

import android.app.Activity;
import android.os.Bundle;
import android.view.MenuItem;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.ModelInfo;
import dev.bcq.format.TransformerConfig;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows what the model is, how its weights are stored, and what computes with it. */
public final class InformationActivity extends Activity {
  private FactRows rows;

  @Override
  protected void onCreate(@Nullable Bundle saved) {
    super.onCreate(saved);
    setContentView(R.layout.information);
    Screens.toolbar(this);
    rows = new FactRows(findViewById(R.id.facts));
    Session session = ((DemoApplication) getApplication()).session();
    session.use(
        model -> {
          ModelFacts facts = new ModelFacts(model);
          session.onMain(() -> show(facts));
        });
  }

  private void show(ModelFacts facts) {
    rows.clear();
    LoadedModel model = facts.model();
    ModelInfo info = model.directory().info();
    rows.heading(R.string.model);
    rows.add(R.string.name, model.name());
    rows.add(R.string.languages, LanguageNames.pair(info));
    rows.add(R.string.file, model.builtIn() ? getString(R.string.built_in_file) : model.fileName());
    rows.add(R.string.license, info.license());
    rows.add(R.string.attribution, info.attribution());
    rows.heading(R.string.sizes);
    rows.add(R.string.file_size, ModelFacts.megabytes(model.file().length()));
    rows.add(R.string.weights, String.format(Locale.getDefault(), "%,d", facts.weights()));
    rows.add(R.string.bits_per_weight, number(facts.bits()));
    shape(model.directory().config());
    rows.heading(R.string.kernels);
    rows.add(R.string.in_use, model.translator().kernels());
    rows.add(R.string.instructions, facts.instructions());
    rows.add(R.string.why, facts.reasons());
    rows.add(R.string.processor, facts.processor());
    rows.heading(R.string.matrices);
    for (MatrixEntry matrix : facts.matrices()) {
      rows.add(
          matrix.name(),
          getString(
              R.string.shape_and_bits,
              matrix.rows(),
              matrix.cols(),
              number(ModelFacts.bits(matrix))));
    }
  }

  private void shape(TransformerConfig config) {
    rows.add(
        R.string.layers,
        getString(
            R.string.encoder_and_decoder, config.encoder().layers(), config.decoder().layers()));
    rows.add(R.string.width, String.valueOf(config.width()));
    rows.add(
        R.string.vocabulary, String.format(Locale.getDefault(), "%,d", config.targetVocabulary()));
  }

  private static String number(double bits) {
    return String.format(Locale.getDefault(), "%.2f", bits);
  }

  @Override
  public boolean onOptionsItemSelected(MenuItem item) {
    return Screens.back(this, item) || super.onOptionsItemSelected(item);
  }
}
