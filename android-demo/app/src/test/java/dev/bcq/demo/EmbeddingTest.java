package dev.bcq.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.content.res.AssetManager;
import android.os.Handler;
import android.os.Looper;
import android.widget.TextView;
import dev.bcq.android.ModelAsset;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** The lines of docs/android.md. */
@RunWith(RobolectricTestRunner.class)
public class EmbeddingTest {
  private static final Path ROOT = Path.of(System.getProperty("bcq.root", "none"));

  private static void embed(AssetManager assets, TextView view) {
    ExecutorService model = Executors.newSingleThreadExecutor();
    Handler main = new Handler(Looper.getMainLooper());
    Future<Translator> opening =
        model.submit(
            () -> Translator.of(ModelAsset.open(assets, "en-de.bcq"), TranslatorOptions.DEFAULT));
    model.execute(
        () -> {
          String text = translate(opening, "Where is the station?");
          main.post(() -> view.setText(text));
        });
  }

  private static String translate(Future<Translator> opening, String text) {
    try {
      return opening.get().translateText(text).text();
    } catch (ExecutionException | InterruptedException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  public void theLinesOfTheDocumentTranslate() {
    TextView view = new TextView(RuntimeEnvironment.getApplication());
    embed(RuntimeEnvironment.getApplication().getAssets(), view);
    Screen.until(() -> view.length() > 0);
    assertEquals("Wo ist der Bahnhof?", view.getText().toString());
  }

  @Test
  public void theLinesOfTheDocumentAreTheseHere() throws IOException {
    Matcher block =
        Pattern.compile("(?s)```java\n(.*?)```").matcher(text(ROOT.resolve("docs/android.md")));
    assertTrue(block.find());
    String here = EmbeddingTest.class.getName().replace('.', '/') + ".java";
    String source = text(ROOT.resolve("android-demo/app/src/test/java").resolve(here));
    assertTrue(source.contains(block.group(1).replaceAll("(?m)^(?=.)", "    ")));
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
