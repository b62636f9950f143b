package dev.bcq.demo;

import android.content.Context;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;
import dev.bcq.runtime.TextTranslation;
import dev.bcq.runtime.Translation;
import java.util.List;

/** Other translations of each sentence, with their scores. */
final class AlternativesList {
  private final ViewGroup rows;

  AlternativesList(ViewGroup rows) {
    this.rows = rows;
  }

  void clear() {
    rows.removeAllViews();
    rows.setVisibility(View.GONE);
  }

  /** Shows all hypotheses; sentences have headings where there are several. */
  void show(String source, TextTranslation translation) {
    clear();
    for (TextTranslation.Sentence sentence : translation.sentences()) {
      if (translation.sentences().size() > 1) {
        add(R.layout.alternatives_heading, sentence.source().substringOf(source));
      }
      List<Translation.TargetText> hypotheses = sentence.translation().hypotheses();
      hypotheses.forEach(this::add);
    }
    rows.setVisibility(View.VISIBLE);
  }

  private void add(Translation.TargetText hypothesis) {
    Context context = rows.getContext();
    View row = add(R.layout.alternative, hypothesis.text());
    TextView score = row.findViewById(R.id.score);
    score.setText(context.getString(R.string.score, hypothesis.score()));
    score.setContentDescription(context.getString(R.string.score_label, hypothesis.score()));
  }

  private View add(int layout, String text) {
    View row = LayoutInflater.from(rows.getContext()).inflate(layout, rows, false);
    TextView words = row.findViewById(R.id.text);
    words.setText(text);
    rows.addView(row);
    return row;
  }
}
