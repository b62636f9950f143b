package dev.bcq.demo;

import android.app.Activity;
import android.os.Bundle;
import android.view.View;
import android.widget.AdapterView;
import android.widget.ArrayAdapter;
import android.widget.Spinner;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextLanguages.Language;
import dev.bcq.format.TextLanguages.SourcePlace;
import dev.bcq.format.TextLanguages.TargetUse;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The languages of a model that has a choice; out of sight for one that has none. */
final class LanguageChoosers {
  private final Side source;
  private final Side target;
  private final View row;

  LanguageChoosers(Activity activity, Runnable changed) {
    this.row = activity.findViewById(R.id.languages);
    this.source = new Side("source", activity.findViewById(R.id.source_language), changed);
    this.target = new Side("target", activity.findViewById(R.id.target_language), changed);
  }

  void save(Bundle state) {
    state.putString(source.key, source.chosen);
    state.putString(target.key, target.chosen);
  }

  void restore(Bundle state) {
    source.chosen = state.getString(source.key);
    target.chosen = state.getString(target.key);
  }

  /** Offers what a model knows. */
  void show(LoadedModel model) {
    TextLanguages known = model.languages();
    source.show(known, known.sourcePlace() != SourcePlace.NOWHERE, known.source());
    target.show(known, known.targetUse() != TargetUse.NOTHING, known.target());
    row.setVisibility(source.chosen == null && target.chosen == null ? View.GONE : View.VISIBLE);
  }

  TranslationRequest request(String text, int alternatives) {
    return new TranslationRequest(text, source.chosen, target.chosen, alternatives);
  }

  /** One of the two languages. */
  private static final class Side implements AdapterView.OnItemSelectedListener {
    private final String key;
    private final Spinner spinner;
    private final Runnable changed;
    private List<String> names = List.of();
    private @Nullable String chosen;

    Side(String key, Spinner spinner, Runnable changed) {
      this.key = key;
      this.spinner = spinner;
      this.changed = changed;
    }

    void show(TextLanguages known, boolean choice, @Nullable Integer usual) {
      spinner.setOnItemSelectedListener(null);
      spinner.setVisibility(choice ? View.VISIBLE : View.GONE);
      if (!choice) {
        chosen = null;
        return;
      }
      names = known.all().stream().map(Language::name).collect(Collectors.toList());
      if (!names.contains(chosen)) {
        chosen = name(known, usual);
      }
      ArrayAdapter<String> adapter =
          new ArrayAdapter<>(
              spinner.getContext(),
              android.R.layout.simple_spinner_item,
              names.stream().map(LanguageNames::of).collect(Collectors.toList()));
      adapter.setDropDownViewResource(android.R.layout.simple_spinner_dropdown_item);
      spinner.setAdapter(adapter);
      spinner.setSelection(names.indexOf(chosen));
      spinner.setOnItemSelectedListener(this);
    }

    private static String name(TextLanguages known, @Nullable Integer usual) {
      return known.all().stream()
          .filter(language -> usual != null && language.token() == usual)
          .findFirst()
          .orElse(known.all().get(0))
          .name();
    }

    @Override
    public void onItemSelected(AdapterView<?> parent, @Nullable View view, int position, long id) {
      String now = names.get(position);
      if (!Objects.equals(now, chosen)) {
        chosen = now;
        changed.run();
      }
    }

    @Override
    public void onNothingSelected(AdapterView<?> parent) {}
  }
}
