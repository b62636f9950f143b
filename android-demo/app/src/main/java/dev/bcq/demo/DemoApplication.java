package dev.bcq.demo;

import android.app.Application;
import android.content.pm.ApplicationInfo;
import android.os.StrictMode;

/** The process: one model for all screens. */
public final class DemoApplication extends Application {
  private Session session;

  @Override
  public void onCreate() {
    super.onCreate();
    if ((getApplicationInfo().flags & ApplicationInfo.FLAG_DEBUGGABLE) != 0) {
      StrictMode.setThreadPolicy(
          new StrictMode.ThreadPolicy.Builder().detectAll().penaltyLog().build());
      StrictMode.setVmPolicy(new StrictMode.VmPolicy.Builder().detectAll().penaltyLog().build());
    }
    session = new Session(this);
  }

  /** Returns what all screens share. */
  Session session() {
    return session;
  }

  /** Gives up what can be computed again; the model's pages belong to the system anyway. */
  @Override
  public void onTrimMemory(int level) {
    super.onTrimMemory(level);
    session.dropCache();
  }
}
