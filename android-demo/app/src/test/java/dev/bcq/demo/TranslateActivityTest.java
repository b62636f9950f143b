package dev.bcq.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.content.ClipboardManager;
import android.content.Intent;
import android.view.ViewGroup;
import android.widget.EditText;
import android.widget.TextView;
import android.widget.Toolbar;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;
import org.robolectric.shadows.ShadowActivity;

@RunWith(RobolectricTestRunner.class)
public class TranslateActivityTest {

  private static Intent processText(String text, boolean readOnly) {
    return new Intent(Intent.ACTION_PROCESS_TEXT)
        .setType("text/plain")
        .putExtra(Intent.EXTRA_PROCESS_TEXT, text)
        .putExtra(Intent.EXTRA_PROCESS_TEXT_READONLY, readOnly);
  }

  @Test
  public void theTranslationFollowsTheTyping() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      assertEquals("Tatoeba English-German, 3 and 2 bits", subtitle(screen));
      assertEquals("English", screen.text(R.id.source_label));
      assertEquals("German", screen.text(R.id.target_label));
      screen.type("Where is the");
      assertFalse(screen.shows(R.id.progress));
      assertEquals("Wo ist der Bahnhof?", screen.translate("Where is the station?"));
      screen.click(R.id.clear);
      Screen.rest();
      assertEquals("", screen.text(R.id.target));
      assertFalse(screen.shows(R.id.actions));
    }
  }

  private static String subtitle(Screen<TranslateActivity> screen) {
    return String.valueOf(((Toolbar) screen.find(R.id.toolbar)).getSubtitle());
  }

  @Test
  public void typingOnCancelsWhatIsUnderWay() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      screen.type("I would like a cup of coffee. ".repeat(400));
      Screen.rest();
      assertTrue(screen.shows(R.id.progress));
      // Would take minutes if the first one went on.
      assertEquals("Danke!", screen.translate("Thank you."));
    }
  }

  @Test
  public void aParagraphIsTranslatedSentenceBySentence() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      assertEquals(
          "Guten Morgen. Wie geht es dir?\n\nDanke!",
          screen.translate("Good morning. How are you?\n\nThanks."));
    }
  }

  @Test
  public void alternativesComeWhenTheyAreAskedFor() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      String best = screen.translate("I would like a cup of coffee.");
      assertFalse(screen.shows(R.id.alternatives));
      screen.click(R.id.alternatives_button);
      Screen.until(() -> screen.shows(R.id.alternatives));
      ViewGroup rows = screen.group(R.id.alternatives);
      assertEquals(4, rows.getChildCount());
      TextView first = rows.getChildAt(0).findViewById(R.id.text);
      assertEquals(best, first.getText().toString());
      screen.click(R.id.alternatives_button);
      Screen.until(() -> !screen.shows(R.id.alternatives));
    }
  }

  @Test
  public void theTranslationCanBeCopiedAndShared() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      screen.translate("Good night.");
      screen.click(R.id.copy);
      ClipboardManager clipboard = screen.activity().getSystemService(ClipboardManager.class);
      assertEquals("Gute Nacht!", clipboard.getPrimaryClip().getItemAt(0).getText().toString());
      screen.click(R.id.share);
      Intent chooser = Shadows.shadowOf(screen.activity()).getNextStartedActivity();
      Intent send = chooser.getParcelableExtra(Intent.EXTRA_INTENT, Intent.class);
      assertEquals("Gute Nacht!", send.getStringExtra(Intent.EXTRA_TEXT));
    }
  }

  @Test
  public void aSelectedTextIsReplacedWhereItsOwnerAllowsIt() {
    try (Screen<TranslateActivity> screen = Screen.open(processText("Thank you.", false))) {
      Screen.until(() -> screen.shows(R.id.replace));
      screen.click(R.id.replace);
      ShadowActivity shadow = Shadows.shadowOf(screen.activity());
      assertTrue(screen.activity().isFinishing());
      assertEquals(Activity.RESULT_OK, shadow.getResultCode());
      assertEquals("Danke!", shadow.getResultIntent().getStringExtra(Intent.EXTRA_PROCESS_TEXT));
    }
  }

  @Test
  public void aSelectedTextThatMayOnlyBeReadIsJustTranslated() {
    try (Screen<TranslateActivity> screen = Screen.open(processText("Thank you.", true))) {
      Screen.until(() -> screen.shows(R.id.actions));
      assertFalse(screen.shows(R.id.replace));
      assertEquals("Danke!", screen.text(R.id.target));
    }
  }

  @Test
  public void aSharedTextIsTranslated() {
    Intent shared =
        new Intent(Intent.ACTION_SEND)
            .setType("text/plain")
            .putExtra(Intent.EXTRA_TEXT, "Good morning.");
    try (Screen<TranslateActivity> screen = Screen.open(shared)) {
      Screen.until(() -> screen.shows(R.id.actions));
      assertEquals("Guten Morgen.", screen.text(R.id.target));
    }
  }

  @Test
  public void aShareWithoutTextIsAnEmptyScreen() {
    Intent shared = new Intent(Intent.ACTION_SEND).setType("text/plain");
    try (Screen<TranslateActivity> screen = Screen.open(shared)) {
      assertEquals("", screen.text(R.id.source));
    }
  }

  @Test
  public void textAndTranslationSurviveATurnOfTheDevice() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      screen.translate("Good morning.");
      screen.click(R.id.alternatives_button);
      Screen.until(() -> screen.shows(R.id.alternatives));
      screen.rotate();
      assertEquals("Good morning.", screen.text(R.id.source));
      Screen.until(() -> screen.shows(R.id.alternatives));
      assertEquals("Guten Morgen.", screen.text(R.id.target));
    }
  }

  @Test
  public void textAndTranslationSurviveTheEndOfTheProcess() {
    Screen<TranslateActivity> killed = Screen.open();
    killed.translate("Good night.");
    try (Screen<TranslateActivity> screen = killed.kill()) {
      assertEquals("Good night.", screen.text(R.id.source));
      Screen.until(() -> screen.shows(R.id.actions));
      assertEquals("Gute Nacht!", screen.text(R.id.target));
    }
  }

  @Test
  public void aLongTextIsCutToWhatAScreenCanKeep() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      screen.type("Good morning, everybody in here. ".repeat(4000));
      EditText source = (EditText) screen.find(R.id.source);
      assertEquals(TranslateActivity.MOST_CHARACTERS, source.length());
      Screen.rest();
      Screen.until(() -> screen.text(R.id.status).contains(" of "));
      assertTrue(screen.text(R.id.status), screen.text(R.id.status).endsWith("3031 sentences"));
      screen.click(R.id.clear);
      Screen.rest();
      assertEquals("", screen.text(R.id.status));
    }
  }

  @Test
  public void emojiAndBrokenCharactersAreTextLikeAnyOther() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      for (String text : List.of("😀😀👩‍👩‍👧‍👦🇩🇪", "\ud83d", "\u0007\u202e", "مرحبا")) {
        screen.type(text);
        Screen.rest();
        Screen.until(() -> !screen.shows(R.id.progress));
        assertFalse(screen.shows(R.id.status));
      }
    }
  }

  @Test
  public void twoScreensTranslateAtOnce() {
    try (Screen<TranslateActivity> one = Screen.open();
        Screen<TranslateActivity> two = Screen.open()) {
      one.type("Good morning.");
      two.type("Good night.");
      Screen.rest();
      Screen.until(() -> one.shows(R.id.actions) && two.shows(R.id.actions));
      assertEquals("Guten Morgen.", one.text(R.id.target));
      assertEquals("Gute Nacht!", two.text(R.id.target));
    }
  }

  @Test
  public void scarceMemoryCostsTheCacheAndNotTheModel() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      screen.translate("Thank you.");
      assertEquals(1, Screen.session().cached());
      ModelState before = Screen.session().state();
      screen.activity().getApplication().onTrimMemory(Activity.TRIM_MEMORY_RUNNING_LOW);
      assertEquals(0, Screen.session().cached());
      assertEquals(before, Screen.session().state());
      assertEquals("Gute Nacht!", screen.translate("Good night."));
    }
  }

  @Test
  public void theMenuLeadsToTheOtherScreens() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      ShadowActivity shadow = Shadows.shadowOf(screen.activity());
      List<Object> opened = new ArrayList<>();
      for (int item : new int[] {R.id.about_model, R.id.benchmark}) {
        assertTrue(shadow.clickMenuItem(item));
        opened.add(shadow.getNextStartedActivity().getComponent().getShortClassName());
      }
      assertEquals(List.of(".InformationActivity", ".BenchmarkActivity"), opened);
      assertTrue(shadow.clickMenuItem(R.id.pick_model));
      Intent pick = shadow.getNextStartedActivityForResult().intent;
      assertEquals(Intent.ACTION_OPEN_DOCUMENT, pick.getAction());
      assertNull(pick.getData());
      assertNotNull(pick.getCategories());
    }
  }
}
