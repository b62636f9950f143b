package dev.bcq.demo;

import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.app.Application;
import android.content.Intent;
import android.os.Bundle;
import android.os.Looper;
import android.view.View;
import android.view.ViewGroup;
import android.widget.EditText;
import android.widget.TextView;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;

/** A screen in front of its user. */
final class Screen<A extends Activity> implements AutoCloseable {
  /** Ends a test that hangs; nothing is measured by it. */
  private static final long PATIENCE = 30_000_000_000L;

  private final Class<A> kind;
  private final Intent intent;
  private ActivityController<A> controller;

  private Screen(Class<A> kind, Intent intent, @Nullable Bundle saved) {
    this.kind = kind;
    this.intent = intent;
    this.controller = Robolectric.buildActivity(kind, intent);
    if (saved == null) {
      controller.setup();
    } else {
      controller.setup(saved);
    }
  }

  static <A extends Activity> Screen<A> open(Class<A> kind, Intent intent) {
    return new Screen<>(kind, intent, null);
  }

  /** Opens the first screen and waits until there is a model. */
  static Screen<TranslateActivity> open() {
    return open(new Intent(Intent.ACTION_MAIN));
  }

  static Screen<TranslateActivity> open(Intent intent) {
    Screen<TranslateActivity> screen = open(TranslateActivity.class, intent);
    ready(session());
    return screen;
  }

  /** Waits until a session has a model. */
  static ModelState.Ready ready(Session session) {
    until(() -> !(session.state() instanceof ModelState.Opening));
    if (session.state() instanceof ModelState.Ready ready) {
      return ready;
    }
    throw new AssertionError(session.state());
  }

  static Session session() {
    Application application = RuntimeEnvironment.getApplication();
    return ((DemoApplication) application).session();
  }

  /** Lets the main thread work until something holds. */
  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE;
    idle();
    while (!condition.getAsBoolean()) {
      assertTrue("it never came about", System.nanoTime() < end);
      LockSupport.parkNanos(1_000_000);
      idle();
    }
  }

  /** Lets the main thread do what it has to do now. */
  static void idle() {
    Shadows.shadowOf(Looper.getMainLooper()).idle();
  }

  /** Lets the keyboard rest long enough. */
  static void rest() {
    Shadows.shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(TranslateActivity.REST + 1));
  }

  A activity() {
    return controller.get();
  }

  View find(int id) {
    return activity().findViewById(id);
  }

  /** Returns a view that holds others. */
  ViewGroup group(int id) {
    return (ViewGroup) find(id);
  }

  String text(int id) {
    return ((TextView) find(id)).getText().toString();
  }

  boolean shows(int id) {
    return find(id).isShown();
  }

  void click(int id) {
    assertTrue("cannot be clicked", find(id).isShown() && find(id).isEnabled());
    find(id).performClick();
    idle();
  }

  void type(String text) {
    ((EditText) find(R.id.source)).setText(text);
  }

  /** Types and waits for a translation. */
  String translate(String text) {
    type(text);
    rest();
    until(() -> shows(R.id.actions) && !find(R.id.progress).isShown());
    return text(R.id.target);
  }

  /** Turns the device. */
  void rotate() {
    controller.recreate();
    idle();
  }

  /** Ends the screen as the system does it, and opens it again from what it has saved. */
  Screen<A> kill() {
    Bundle state = new Bundle();
    controller.pause().stop().saveInstanceState(state).destroy();
    return new Screen<>(kind, intent, state);
  }

  @Override
  public void close() {
    controller.pause().stop().destroy();
  }
}
