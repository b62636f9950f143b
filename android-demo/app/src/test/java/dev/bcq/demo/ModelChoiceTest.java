package dev.bcq.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.content.Intent;
import android.net.Uri;
import dev.bcq.demo.ModelState.Problem;
import dev.bcq.demo.ModelState.Ready;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.Shadows;
import org.robolectric.shadows.ShadowActivity;

@RunWith(RobolectricTestRunner.class)
public class ModelChoiceTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private static void pick(Screen<TranslateActivity> screen, Uri document) {
    ShadowActivity shadow = Shadows.shadowOf(screen.activity());
    shadow.clickMenuItem(R.id.pick_model);
    Intent request = shadow.getNextStartedActivityForResult().intent;
    shadow.receiveResult(request, Activity.RESULT_OK, new Intent().setData(document));
    Screen.ready(Screen.session());
  }

  private static Ready ready() {
    return Screen.ready(Screen.session());
  }

  /** Starts the application again, with what it has stored. */
  private static Ready restarted() {
    return Screen.ready(new Session(RuntimeEnvironment.getApplication()));
  }

  private static File copy() {
    return new File(RuntimeEnvironment.getApplication().getNoBackupFilesDir(), "models/chosen.bcq");
  }

  private static void assertNotice(Screen<TranslateActivity> screen, Problem problem, String name) {
    assertTrue(screen.shows(R.id.notice));
    String expected = screen.activity().getString(problem.text, name);
    assertTrue(screen.text(R.id.notice_text), screen.text(R.id.notice_text).startsWith(expected));
    assertEquals("Danke!", screen.translate("Thank you."));
    screen.click(R.id.notice_close);
    assertFalse(screen.shows(R.id.notice));
  }

  @Test
  public void aChosenModelIsUsedAndRemembered() throws IOException {
    Documents documents = Documents.in(folder.getRoot());
    Uri uri = documents.write("mine.bcq", Documents.model());
    try (Screen<TranslateActivity> screen = Screen.open()) {
      pick(screen, uri);
      assertEquals("mine.bcq", ready().model().fileName());
      assertFalse(ready().model().builtIn());
      assertEquals("Danke!", screen.translate("Thank you."));
      assertEquals(
          uri, screen.activity().getContentResolver().getPersistedUriPermissions().get(0).getUri());
    }
    documents.delete("mine.bcq");
    assertEquals("mine.bcq", restarted().model().fileName());
    assertNull(restarted().notice());
  }

  @Test
  public void aModelThatHasGoneIsSaidToBeGone() throws IOException {
    Documents documents = Documents.in(folder.getRoot());
    try (Screen<TranslateActivity> screen = Screen.open()) {
      pick(screen, documents.write("mine.bcq", Documents.model()));
    }
    assertTrue(copy().delete());
    assertEquals("mine.bcq", restarted().model().fileName());
    assertTrue(copy().delete());
    documents.forbid();
    Ready forbidden = restarted();
    assertTrue(forbidden.model().builtIn());
    ModelState.Notice notice = Objects.requireNonNull(forbidden.notice());
    assertEquals(Problem.GONE, notice.problem());
    assertEquals("mine.bcq", notice.fileName());
  }

  @Test
  public void aDocumentThatIsGoneLeavesTheModelInUse() {
    Documents.in(folder.getRoot());
    try (Screen<TranslateActivity> screen = Screen.open()) {
      pick(screen, Documents.uri("missing.bcq"));
      assertNotice(screen, Problem.GONE, "missing.bcq");
    }
  }

  @Test
  public void whatIsNoModelLeavesTheModelInUse() throws IOException {
    Documents documents = Documents.in(folder.getRoot());
    byte[] cut = Arrays.copyOf(Documents.model(), 100_000);
    try (Screen<TranslateActivity> screen = Screen.open()) {
      LoadedModel before = ready().model();
      pick(screen, documents.write("cut.bcq", cut));
      assertEquals(before, ready().model());
      assertNotice(screen, Problem.BROKEN, "cut.bcq");
    }
    assertFalse(copy().exists());
  }

  @Test
  public void aBrokenModelDoesNotReplaceAChosenOne() throws IOException {
    Documents documents = Documents.in(folder.getRoot());
    byte[] damaged = Documents.model();
    damaged[damaged.length - 1000] ^= 1;
    try (Screen<TranslateActivity> screen = Screen.open()) {
      pick(screen, documents.write("good.bcq", Documents.model()));
      pick(screen, documents.write("damaged.bcq", damaged));
      assertEquals("good.bcq", ready().model().fileName());
      assertNotice(screen, Problem.BROKEN, "damaged.bcq");
    }
    assertEquals("good.bcq", restarted().model().fileName());
    assertEquals(Documents.model().length, copy().length());
  }

  @Test
  public void aModelFromTheFutureAsksForANewerApplication() throws IOException {
    Documents documents = Documents.in(folder.getRoot());
    try (Screen<TranslateActivity> screen = Screen.open()) {
      pick(screen, documents.write("newer.bcq", Documents.newerModel()));
      assertNotice(screen, Problem.NEWER, "newer.bcq");
    }
  }

  @Test
  public void theBuiltInModelComesBackForGood() throws IOException {
    Documents documents = Documents.in(folder.getRoot());
    try (Screen<TranslateActivity> screen = Screen.open()) {
      pick(screen, documents.write("mine.bcq", Documents.model()));
      Shadows.shadowOf(screen.activity()).clickMenuItem(R.id.built_in_model);
      ready();
      assertTrue(ready().model().builtIn());
      assertEquals("Danke!", screen.translate("Thank you."));
    }
    assertTrue(restarted().model().builtIn());
    assertFalse(copy().exists());
  }

  @Test
  public void aCancelledChoiceChangesNothing() {
    try (Screen<TranslateActivity> screen = Screen.open()) {
      ModelState before = Screen.session().state();
      ShadowActivity shadow = Shadows.shadowOf(screen.activity());
      shadow.clickMenuItem(R.id.pick_model);
      Intent request = shadow.getNextStartedActivityForResult().intent;
      shadow.receiveResult(request, Activity.RESULT_CANCELED, null);
      assertEquals(before, Screen.session().state());
    }
  }
}
