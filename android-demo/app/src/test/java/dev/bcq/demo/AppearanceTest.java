package dev.bcq.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.app.Application;
import android.content.Intent;
import android.content.res.Configuration;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;
import android.widget.Toolbar;
import dev.bcq.runtime.Cancellation;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;

/** What the screens look like, and what a screen reader says of them. */
@RunWith(RobolectricTestRunner.class)
public class AppearanceTest {
  private static final String PHONE = "w360dp-h720dp-xhdpi";

  private static Screen<TranslateActivity> translated() {
    Screen<TranslateActivity> screen = Screen.open();
    screen.translate("I would like a cup of coffee. Where is the station?");
    screen.click(R.id.alternatives_button);
    Screen.until(() -> screen.shows(R.id.alternatives));
    return screen;
  }

  private static Screen<InformationActivity> information() {
    Screen<InformationActivity> screen = Screen.open(InformationActivity.class, new Intent());
    Screen.ready(Screen.session());
    Screen.until(() -> !InformationActivityTest.facts(screen).isEmpty());
    return screen;
  }

  private static Screen<BenchmarkActivity> measured() {
    Screen<BenchmarkActivity> screen = Screen.open(BenchmarkActivity.class, new Intent());
    screen.click(R.id.start);
    Screen.until(() -> screen.shows(R.id.share));
    return screen;
  }

  private interface Check {
    void on(Screen<?> screen, String name) throws IOException;
  }

  private static void forAll(Check check) throws IOException {
    try (Screen<?> translate = translated();
        Screen<?> information = information();
        Screen<?> benchmark = measured()) {
      check.on(translate, "translate");
      check.on(information, "information");
      check.on(benchmark, "benchmark");
    }
  }

  /** Returns all views that can be seen. */
  private static List<View> shown(View root) {
    List<View> views = new ArrayList<>();
    if (root.isShown()) {
      views.add(root);
      if (root instanceof ViewGroup group) {
        for (int i = 0; i < group.getChildCount(); i++) {
          views.addAll(shown(group.getChildAt(i)));
        }
      }
    }
    return views;
  }

  private static View content(Activity activity) {
    return activity.findViewById(android.R.id.content);
  }

  private static boolean hasLabel(View view, List<View> all) {
    return view.getContentDescription() != null
        || (view instanceof TextView text && text.getText().length() > 0)
        || (view instanceof TextView text && text.getHint() != null)
        || all.stream().anyMatch(other -> other.getLabelFor() == view.getId());
  }

  private static void assertAccessible(Screen<?> screen, String name) {
    List<View> all = shown(content(screen.activity()));
    float density = screen.activity().getResources().getDisplayMetrics().density;
    for (View view : all) {
      boolean matters =
          view.isImportantForAccessibility()
              && (view.isClickable() || !(view instanceof ViewGroup));
      String what = name + ": " + view;
      if (matters) {
        assertTrue(what + " has no label", hasLabel(view, all));
      }
      if (view.hasOnClickListeners()) {
        assertTrue(what + " is too small", view.getHeight() >= 48 * density - 1);
        assertTrue(what + " is too narrow", view.getWidth() >= 48 * density - 1);
      }
    }
  }

  @Test
  @Config(qualifiers = PHONE)
  public void everythingHasALabelAndRoomForAFinger() throws IOException {
    forAll(AppearanceTest::assertAccessible);
  }

  @Test
  @Config(qualifiers = "ar-ldrtl-w360dp-h640dp-xhdpi", fontScale = 2f)
  public void largeLettersFromRightToLeftFitTheWidth() throws IOException {
    forAll(
        (screen, name) -> {
          View content = content(screen.activity());
          assertEquals(View.LAYOUT_DIRECTION_RTL, content.getLayoutDirection());
          for (View view : shown(content)) {
            int[] at = new int[2];
            view.getLocationInWindow(at);
            assertTrue(
                name + ": " + view + " leaves the screen",
                at[0] >= 0 && at[0] + view.getWidth() <= content.getWidth());
            // Bars have one line; their names are on the information screen, too.
            boolean bar = view.getParent() instanceof Toolbar;
            if (view instanceof TextView text && text.getLayout() != null && !bar) {
              for (int line = 0; line < text.getLineCount(); line++) {
                assertEquals(name + ": cut " + view, 0, text.getLayout().getEllipsisCount(line));
              }
            }
          }
          draw(screen, name + "-rtl");
        });
  }

  @Test
  @Config(qualifiers = PHONE)
  public void looksLikeThisInDaylight() throws IOException {
    forAll((screen, name) -> assertBright(draw(screen, name + "-light"), true));
  }

  @Test
  @Config(qualifiers = "w360dp-h720dp-night-xhdpi")
  public void looksLikeThisAtNight() throws IOException {
    forAll((screen, name) -> assertBright(draw(screen, name + "-dark"), false));
  }

  private static void assertBright(Bitmap picture, boolean bright) {
    int corner = picture.getPixel(2, picture.getHeight() - 3);
    assertEquals(bright, android.graphics.Color.luminance(corner) > 0.5f);
  }

  /** Draws a screen, into a file as well. */
  private static Bitmap draw(Screen<?> screen, String name) throws IOException {
    View window = screen.activity().getWindow().getDecorView();
    Bitmap picture =
        Bitmap.createBitmap(window.getWidth(), window.getHeight(), Bitmap.Config.ARGB_8888);
    window.draw(new Canvas(picture));
    Path folder = new File(System.getProperty("bcq.screenshots", "none")).toPath();
    Files.createDirectories(folder);
    try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".png"))) {
      assertTrue(picture.compress(Bitmap.CompressFormat.PNG, 100, out));
    }
    return picture;
  }

  /** StrictMode sees nothing outside of a device; these checks are there in all tests. */
  @Test
  public void slowWorkRefusesTheMainThread() {
    Application application = RuntimeEnvironment.getApplication();
    LoadedModel model = Screen.ready(Screen.session()).model();
    Benchmark benchmark = new Benchmark(model, (done, total) -> {}, new Cancellation());
    assertThrows(IllegalStateException.class, () -> new ModelOpener(application));
    assertThrows(IllegalStateException.class, () -> new ModelFacts(model));
    assertThrows(IllegalStateException.class, benchmark::run);
  }

  @Test
  @Config(qualifiers = "de-" + PHONE)
  public void speaksGerman() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      screen.translate("Thank you.");
      assertEquals("Varianten", screen.text(R.id.alternatives_button));
      Configuration configuration = screen.activity().getResources().getConfiguration();
      assertEquals("de", configuration.getLocales().get(0).getLanguage());
    }
  }
}
