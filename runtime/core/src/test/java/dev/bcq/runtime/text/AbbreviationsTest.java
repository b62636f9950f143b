package dev.bcq.runtime.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.runtime.text.Abbreviations.Use;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AbbreviationsTest {
  @Test
  void readsTheListsOfALanguageOverTheGeneralOnes() {
    Abbreviations general = Abbreviations.load(null);
    Abbreviations english = Abbreviations.load("en");
    assertEquals(Use.NEVER_ENDS, general.use("St"));
    assertEquals(Use.MAY_END, english.use("St"));
    assertEquals(Use.BEFORE_NUMBER, english.use("nr"));
    assertNull(general.use("Esq"));
    assertTrue(english.begins("However"));
    assertFalse(general.begins("However"));
  }

  @Test
  void findsCapitalsOfHeadingsAndOfBeginnings() {
    Abbreviations german = Abbreviations.load("de");
    assertEquals(Use.NEVER_ENDS, german.use("vgl"));
    assertEquals(Use.NEVER_ENDS, german.use("Vgl"));
    assertEquals(Use.NEVER_ENDS, german.use("DR"));
    assertNull(german.use("dr"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"general", "en", "de", "fr", "es", "pt", "it", "ru", "ar"})
  void listsEachWordOnce(String language) throws IOException {
    Map<String, String> sections = new HashMap<>();
    String name = "abbreviations-" + language + ".txt";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Abbreviations.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
      String section = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("[")) {
          section = line;
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          for (String word : line.split(" ", -1)) {
            String kind = section.equals("[begins]") || section.equals("[says]") ? section : "";
            assertTrue(!word.isEmpty() && word.length() <= Abbreviations.MAX_LENGTH, line);
            String before = sections.put(word + kind, section);
            assertNull(before, () -> word + " is in " + before + " of " + name + " already");
          }
        }
      }
    }
    assertFalse(sections.isEmpty());
  }
}
