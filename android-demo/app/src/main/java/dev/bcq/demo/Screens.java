package dev.bcq.demo;

import android.app.ActionBar;
import android.app.Activity;
import android.view.MenuItem;
import android.widget.Toolbar;

/** What the screens behind the first one share. */
final class Screens {

  private Screens() {}

  /** Puts the toolbar with the way back in place. */
  static void toolbar(Activity activity) {
    Toolbar toolbar = activity.findViewById(R.id.toolbar);
    activity.setActionBar(toolbar);
    ActionBar bar = activity.getActionBar();
    if (bar != null) {
      bar.setDisplayHomeAsUpEnabled(true);
    }
  }

  /** Goes back if that was chosen. */
  static boolean back(Activity activity, MenuItem item) {
    boolean back = item.getItemId() == android.R.id.home;
    if (back) {
      activity.finish();
    }
    return back;
  }
}
