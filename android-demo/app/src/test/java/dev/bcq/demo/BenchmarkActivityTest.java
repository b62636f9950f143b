package dev.bcq.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import android.content.Intent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;

@RunWith(RobolectricTestRunner.class)
public class BenchmarkActivityTest {

  private static Screen<BenchmarkActivity> open() {
    return Screen.open(BenchmarkActivity.class, new Intent());
  }

  @Test
  public void figuresAreShownKeptAndShared() throws JSONException {
    try (Screen<BenchmarkActivity> screen = open()) {
      assertFalse(screen.shows(R.id.share));
      screen.click(R.id.start);
      assertEquals("Stop", screen.text(R.id.start));
      screen.rotate();
      Screen.until(() -> screen.shows(R.id.share));
      Map<String, String> facts = InformationActivityTest.facts(screen);
      assertTrue(String.valueOf(facts.get("Tokens per second")).matches("[\\d,]+\\.\\d"));
      screen.rotate();
      assertEquals(facts, InformationActivityTest.facts(screen));
      screen.click(R.id.share);
      Intent chooser = Shadows.shadowOf(screen.activity()).getNextStartedActivity();
      Intent send = chooser.getParcelableExtra(Intent.EXTRA_INTENT, Intent.class);
      JSONObject json = new JSONObject(String.valueOf(send.getStringExtra(Intent.EXTRA_TEXT)));
      assertFalse(json.getJSONObject("header").getString("board").isEmpty());
      assertFalse(json.getJSONObject("header").getBoolean("emulated"));
      assertEquals(2, json.getJSONArray("results").length());
      JSONObject four = json.getJSONArray("results").getJSONObject(1);
      assertEquals(4, four.getInt("beam"));
      assertEquals(2.7, four.getDouble("bits"), 0);
      assertTrue(four.getDouble("decoderTokensPerSecond") > 0);
      assertTrue(
          four.getDouble("latencyP95Milliseconds") >= four.getDouble("latencyP50Milliseconds"));
    }
  }

  @Test
  public void entriesHaveTheNamesOfTheBenchmarksOnDesktops() throws IOException {
    Path source =
        Path.of(
            System.getProperty("bcq.root", "none"),
            "benchmarks/src/main/java/dev/bcq/benchmarks/report/ResultJson.java");
    Path here =
        Path.of(
            System.getProperty("bcq.root", "none"),
            "android-demo/app/src/main/java/dev/bcq/demo/BenchmarkJson.java");
    String result = text(here);
    assertEquals(
        names(text(source)), names(result.substring(result.indexOf("JSONObject result("))));
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static Set<String> names(String source) {
    return Pattern.compile("put(?:Spread)?\\(\\s*(?:json,\\s*)?\"(\\w+)\"")
        .matcher(source)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  public void itCanBeStopped() {
    try (Screen<BenchmarkActivity> screen = open()) {
      screen.click(R.id.start);
      screen.click(R.id.start);
      assertEquals("Start", screen.text(R.id.start));
      assertFalse(screen.shows(R.id.progress));
    }
  }
}
