package dev.bcq.demo;

import android.app.Activity;
import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.Intent;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.text.Editable;
import android.text.InputFilter;
import android.text.TextWatcher;
import android.view.Menu;
import android.view.MenuItem;
import android.view.View;
import android.widget.Button;
import android.widget.EditText;
import android.widget.ProgressBar;
import android.widget.TextView;
import android.widget.Toast;
import android.widget.Toolbar;
import dev.bcq.demo.ModelState.Failed;
import dev.bcq.demo.ModelState.Notice;
import dev.bcq.demo.ModelState.Opening;
import dev.bcq.demo.ModelState.Ready;
import dev.bcq.format.ModelInfo;
import dev.bcq.runtime.TextTranslation;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Translates what is typed, and what other applications select or share. The translation follows
 * the typing after a short rest; one that is under way is cancelled.
 */
public final class TranslateActivity extends Activity {
  /** Most characters of a source: what the system lets a screen keep when it goes. */
  static final int MOST_CHARACTERS = 100_000;

  /** Rest of the keyboard after which a translation begins, milliseconds. */
  static final long REST = 350;

  private static final int PICK_MODEL = 1;
  private static final int ALTERNATIVES = 4;
  private static final int MOST_SENTENCES_WITH_ALTERNATIVES = 10;
  private static final String SHOWN_ALTERNATIVES = "alternatives";

  private final Handler clock = new Handler(Looper.getMainLooper());
  private final Runnable begin = this::translate;
  private final Consumer<ModelState> modelListener = this::showModel;

  private Session session;
  private EditText source;
  private TextView target;
  private TextView status;
  private ProgressBar progress;
  private Button alternativesButton;
  private AlternativesList alternatives;
  private LanguageChoosers languages;
  private @Nullable TranslationJob job;
  private @Nullable LoadedModel shown;
  private @Nullable Notice dismissed;
  private boolean wantsAlternatives;

  @Override
  protected void onCreate(@Nullable Bundle saved) {
    super.onCreate(saved);
    setContentView(R.layout.translate);
    Toolbar toolbar = findViewById(R.id.toolbar);
    setActionBar(toolbar);
    session = ((DemoApplication) getApplication()).session();
    source = findViewById(R.id.source);
    target = findViewById(R.id.target);
    status = findViewById(R.id.status);
    progress = findViewById(R.id.progress);
    alternativesButton = findViewById(R.id.alternatives_button);
    alternatives = new AlternativesList(findViewById(R.id.alternatives));
    languages = new LanguageChoosers(this, this::translate);
    source.setFilters(new InputFilter[] {new InputFilter.LengthFilter(MOST_CHARACTERS)});
    source.addTextChangedListener(new Typing());
    onClick(R.id.clear, () -> source.setText(""));
    onClick(R.id.copy, this::copy);
    onClick(R.id.share, this::share);
    onClick(R.id.alternatives_button, this::showAlternatives);
    onClick(R.id.replace, this::replaceSelection);
    onClick(R.id.notice_close, this::dismissNotice);
    if (saved == null) {
      take(getIntent());
    } else {
      languages.restore(saved);
    }
    showActions(false);
  }

  private void onClick(int id, Runnable action) {
    findViewById(id).setOnClickListener(view -> action.run());
  }

  @Override
  protected void onStart() {
    super.onStart();
    session.listen(modelListener);
  }

  @Override
  protected void onStop() {
    super.onStop();
    session.forget(modelListener);
    cancel();
    shown = null;
  }

  /** The text comes back here; it is no typing, so nothing has to rest. */
  @Override
  protected void onRestoreInstanceState(Bundle saved) {
    super.onRestoreInstanceState(saved);
    wantsAlternatives = saved.getBoolean(SHOWN_ALTERNATIVES);
    translate();
  }

  @Override
  protected void onSaveInstanceState(Bundle state) {
    super.onSaveInstanceState(state);
    state.putBoolean(SHOWN_ALTERNATIVES, wantsAlternatives);
    languages.save(state);
  }

  /** Takes the text that another application has selected or shared. */
  private void take(Intent intent) {
    CharSequence text =
        Intent.ACTION_PROCESS_TEXT.equals(intent.getAction())
            ? intent.getCharSequenceExtra(Intent.EXTRA_PROCESS_TEXT)
            : Intent.ACTION_SEND.equals(intent.getAction())
                ? intent.getCharSequenceExtra(Intent.EXTRA_TEXT)
                : null;
    if (text != null) {
      source.setText(text.toString());
      if (text.length() > MOST_CHARACTERS) {
        toast(getString(R.string.text_shortened, MOST_CHARACTERS));
      }
    }
  }

  /** Whether the caller has selected a text and takes another for it. */
  private boolean replacesSelection() {
    Intent intent = getIntent();
    return Intent.ACTION_PROCESS_TEXT.equals(intent.getAction())
        && !intent.getBooleanExtra(Intent.EXTRA_PROCESS_TEXT_READONLY, false);
  }

  private void replaceSelection() {
    setResult(
        RESULT_OK, new Intent().putExtra(Intent.EXTRA_PROCESS_TEXT, target.getText().toString()));
    finish();
  }

  private void showModel(ModelState state) {
    if (state instanceof Opening opening) {
      cancel();
      shown = null;
      show(
          opening.copied() == 0
              ? getString(R.string.opening_model)
              : getString(R.string.copying_model, opening.copied() / 1_000_000));
      progress.setVisibility(View.VISIBLE);
    } else if (state instanceof Failed failed) {
      progress.setVisibility(View.INVISIBLE);
      show(getString(R.string.no_model) + "\n" + failed.reason());
    } else if (state instanceof Ready ready) {
      showReady(ready.model());
      showNotice(ready.notice());
      translate();
    }
  }

  private void showReady(LoadedModel model) {
    shown = model;
    languages.show(model);
    Toolbar toolbar = findViewById(R.id.toolbar);
    toolbar.setSubtitle(model.name());
    ModelInfo info = model.directory().info();
    label(R.id.source_label, R.string.text, info.sourceLanguages());
    label(R.id.target_label, R.string.translation, info.targetLanguages());
  }

  /** Names a side by its language where the model has one only. */
  private void label(int view, int otherwise, List<String> tags) {
    TextView label = findViewById(view);
    label.setText(tags.size() == 1 ? LanguageNames.of(tags) : getString(otherwise));
  }

  private void showNotice(@Nullable Notice notice) {
    boolean visible = notice != null && !notice.equals(dismissed);
    findViewById(R.id.notice).setVisibility(visible ? View.VISIBLE : View.GONE);
    if (notice != null) {
      TextView text = findViewById(R.id.notice_text);
      text.setText(getString(notice.problem().text, notice.fileName()) + "\n\n" + notice.detail());
    }
  }

  private void dismissNotice() {
    if (session.state() instanceof Ready ready) {
      dismissed = ready.notice();
    }
    findViewById(R.id.notice).setVisibility(View.GONE);
  }

  private void translate() {
    cancel();
    String text = source.getText().toString();
    findViewById(R.id.clear).setVisibility(text.isEmpty() ? View.INVISIBLE : View.VISIBLE);
    if (text.trim().isEmpty()) {
      target.setText("");
      show("");
      showActions(false);
      return;
    }
    if (shown != null) {
      progress.setVisibility(View.VISIBLE);
      job =
          session.translate(
              languages.request(text, wantsAlternatives ? ALTERNATIVES : 1), new Arrival());
    }
  }

  private void cancel() {
    clock.removeCallbacks(begin);
    if (job != null) {
      job.cancel();
      job = null;
    }
    progress.setVisibility(View.INVISIBLE);
  }

  /** Shows what becomes of a translation. */
  private final class Arrival implements TranslationJob.Listener {
    @Override
    public void progress(int done, int total) {
      show(total > 1 ? getString(R.string.translating, done, total) : "");
    }

    @Override
    public void translated(TextTranslation translation) {
      job = null;
      progress.setVisibility(View.INVISIBLE);
      show("");
      target.setText(translation.text());
      boolean few = translation.sentences().size() <= MOST_SENTENCES_WITH_ALTERNATIVES;
      showActions(!translation.text().trim().isEmpty());
      alternativesButton.setEnabled(few);
      if (wantsAlternatives && few) {
        alternatives.show(source.getText().toString(), translation);
      } else {
        alternatives.clear();
      }
    }

    @Override
    public void failed(String reason) {
      job = null;
      progress.setVisibility(View.INVISIBLE);
      target.setText("");
      showActions(false);
      show(getString(R.string.not_translated, reason));
    }
  }

  /** Begins a translation when the keyboard rests. */
  private final class Typing implements TextWatcher {
    @Override
    public void beforeTextChanged(CharSequence text, int start, int count, int after) {}

    @Override
    public void onTextChanged(CharSequence text, int start, int before, int count) {}

    @Override
    public void afterTextChanged(Editable text) {
      cancel();
      wantsAlternatives = false;
      clock.postDelayed(begin, REST);
    }
  }

  private void showAlternatives() {
    wantsAlternatives = !wantsAlternatives;
    translate();
  }

  private void show(String text) {
    status.setText(text);
    status.setVisibility(text.isEmpty() ? View.GONE : View.VISIBLE);
  }

  private void showActions(boolean visible) {
    findViewById(R.id.actions).setVisibility(visible ? View.VISIBLE : View.GONE);
    findViewById(R.id.replace)
        .setVisibility(visible && replacesSelection() ? View.VISIBLE : View.GONE);
    if (!visible) {
      alternatives.clear();
    }
  }

  private void copy() {
    getSystemService(ClipboardManager.class)
        .setPrimaryClip(ClipData.newPlainText(getString(R.string.app_name), target.getText()));
    // Newer systems say so themselves.
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) {
      toast(getString(R.string.copied));
    }
  }

  private void share() {
    Intent send = new Intent(Intent.ACTION_SEND).setType("text/plain");
    send.putExtra(Intent.EXTRA_TEXT, target.getText().toString());
    startActivity(Intent.createChooser(send, null));
  }

  private void toast(String text) {
    Toast.makeText(this, text, Toast.LENGTH_SHORT).show();
  }

  @Override
  public boolean onCreateOptionsMenu(Menu menu) {
    getMenuInflater().inflate(R.menu.translate, menu);
    return true;
  }

  @Override
  public boolean onPrepareOptionsMenu(Menu menu) {
    menu.findItem(R.id.built_in_model).setVisible(shown != null && !shown.builtIn());
    return true;
  }

  @Override
  public boolean onOptionsItemSelected(MenuItem item) {
    int id = item.getItemId();
    if (id == R.id.pick_model) {
      Intent pick = new Intent(Intent.ACTION_OPEN_DOCUMENT);
      pick.addCategory(Intent.CATEGORY_OPENABLE).setType("*/*");
      startActivityForResult(pick, PICK_MODEL);
    } else if (id == R.id.built_in_model) {
      session.chooseBuiltIn();
    } else if (id == R.id.about_model) {
      startActivity(new Intent(this, InformationActivity.class));
    } else if (id == R.id.benchmark) {
      startActivity(new Intent(this, BenchmarkActivity.class));
    } else {
      return super.onOptionsItemSelected(item);
    }
    return true;
  }

  @Override
  protected void onActivityResult(int request, int result, @Nullable Intent data) {
    super.onActivityResult(request, result, data);
    Uri document = data == null ? null : data.getData();
    if (request == PICK_MODEL && result == RESULT_OK && document != null) {
      keepPermission(document);
      dismissed = null;
      session.choose(document);
    }
  }

  private void keepPermission(Uri document) {
    try {
      getContentResolver()
          .takePersistableUriPermission(document, Intent.FLAG_GRANT_READ_URI_PERMISSION);
    } catch (SecurityException e) {
      // The other application lends it for now only; the copy that is made works on.
      return;
    }
  }
}
