package dev.bcq.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.content.Intent;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

@RunWith(RobolectricTestRunner.class)
public class InformationActivityTest {

  /** Returns the names and values that a screen shows. */
  static Map<String, String> facts(Screen<?> screen) {
    Map<String, String> facts = new LinkedHashMap<>();
    ViewGroup rows = screen.group(R.id.facts);
    for (int i = 0; i < rows.getChildCount(); i++) {
      View row = rows.getChildAt(i);
      TextView name = row.findViewById(R.id.name);
      TextView value = row.findViewById(R.id.value);
      if (name != null && value != null) {
        facts.put(name.getText().toString(), value.getText().toString());
      }
    }
    return facts;
  }

  private static Screen<InformationActivity> open() {
    Screen<InformationActivity> screen = Screen.open(InformationActivity.class, new Intent());
    Screen.ready(Screen.session());
    Screen.until(() -> !facts(screen).isEmpty());
    return screen;
  }

  @Test
  public void saysWhatTheModelIsAndWhatComputes() {
    try (Screen<InformationActivity> screen = open()) {
      Map<String, String> facts = facts(screen);
      assertEquals("English → German", facts.get("Languages"));
      assertEquals("Built in", facts.get("File"));
      assertEquals("4.0 MB", facts.get("Model file"));
      String used = ((ModelState.Ready) Screen.session().state()).model().translator().kernels();
      assertEquals(used, facts.get("In use"));
      assertTrue(String.valueOf(facts.get("All kernels")).contains("scalar: plain Java"));
      assertTrue(
          String.valueOf(facts.get("encoder.layers.0.feed_forward.up.weight"))
              .matches("1024 × 256, [23]\\.\\d\\d bits per weight"));
    }
  }

  @Test
  @Config(qualifiers = "de")
  public void speaksGerman() {
    try (Screen<InformationActivity> screen = open()) {
      assertEquals("Englisch → Deutsch", facts(screen).get("Sprachen"));
      assertEquals("4,0 MB", facts(screen).get("Modelldatei"));
    }
  }

  @Test
  public void survivesATurnOfTheDevice() {
    try (Screen<InformationActivity> screen = open()) {
      Map<String, String> before = facts(screen);
      screen.rotate();
      Screen.until(() -> !facts(screen).isEmpty());
      assertEquals(before, facts(screen));
    }
  }
}
