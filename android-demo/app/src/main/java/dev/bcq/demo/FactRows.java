package dev.bcq.demo;

import android.content.Context;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;

/** Names and values one below the other, under headings. */
final class FactRows {
  private final ViewGroup rows;

  FactRows(ViewGroup rows) {
    this.rows = rows;
  }

  void clear() {
    rows.removeAllViews();
    rows.setVisibility(View.GONE);
  }

  void heading(int title) {
    TextView heading = (TextView) inflate(R.layout.heading);
    heading.setText(title);
    rows.addView(heading);
    rows.setVisibility(View.VISIBLE);
  }

  void add(int name, String value) {
    add(rows.getContext().getString(name), value);
  }

  /** Adds a fact; one without a value is left out. */
  void add(String name, String value) {
    if (value.isEmpty()) {
      return;
    }
    View row = inflate(R.layout.fact);
    TextView left = row.findViewById(R.id.name);
    TextView right = row.findViewById(R.id.value);
    left.setText(name);
    right.setText(value);
    rows.addView(row);
  }

  private View inflate(int layout) {
    Context context = rows.getContext();
    return LayoutInflater.from(context).inflate(layout, rows, false);
  }
}
