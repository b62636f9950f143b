package dev.bcq.demo;

import android.content.Context;
import android.content.SharedPreferences;
import android.net.Uri;
import org.jspecify.annotations.Nullable;

/** Which model the user has chosen, remembered between starts. Not for the main thread. */
final class ModelChoice {
  private static final String DOCUMENT = "document";
  private static final String NAME = "name";

  private final SharedPreferences preferences;

  /**
   * A document.
   *
   * @param uri where it is
   * @param name what its user calls it
   */
  record Document(Uri uri, String name) {}

  ModelChoice(Context context) {
    preferences = context.getSharedPreferences("model", Context.MODE_PRIVATE);
  }

  /** Returns the document, or null for the built-in model. */
  @Nullable Document document() {
    String uri = preferences.getString(DOCUMENT, null);
    return uri == null
        ? null
        : new Document(Uri.parse(uri), String.valueOf(preferences.getString(NAME, uri)));
  }

  void choose(Document document) {
    preferences
        .edit()
        .putString(DOCUMENT, document.uri().toString())
        .putString(NAME, document.name())
        .apply();
  }

  void chooseBuiltIn() {
    preferences.edit().clear().apply();
  }
}
