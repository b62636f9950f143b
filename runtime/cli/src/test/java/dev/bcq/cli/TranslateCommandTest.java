package dev.bcq.cli;

import static dev.bcq.cli.Commands.translate;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.cli.Commands.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranslateCommandTest {

  @TempDir Path folder;

  private static String words(JsonNode ids) {
    return StreamSupport.stream(ids.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(" "));
  }

  @Test
  void textsAndLinesAreTranslatedInOrder() {
    List<String> expected = List.of("Wo ist der Bahnhof?", "Guten Morgen.");
    assertEquals(
        expected, translate("", "Where is the station?", "Good morning.").succeeds().lines());
    assertEquals(expected, translate("Where is the station?\nGood morning.\n").succeeds().lines());
  }

  @Test
  void aTextIsTranslatedSentenceBySentence() {
    String text = "  Good morning. Where is the station?\n\n Thanks.\n";
    assertEquals(
        "  Guten Morgen. Wo ist der Bahnhof?\n\n Danke!\n\n", translate("", text).succeeds().out());
    assertEquals(
        List.of("Guten Morgen. Wo ist der Bahnhof?", "Danke!"),
        translate("Good morning. Where is the station?\nThanks.", "--split", "sentences")
            .succeeds()
            .lines());
    JsonNode json = translate("", "--json", text).succeeds().json().get(0);
    assertEquals(text, json.get("source").asText());
    String target = json.get("text").asText();
    assertEquals("  Guten Morgen. Wo ist der Bahnhof?\n\n Danke!\n", target);
    assertEquals(3, json.get("sentences").size());
    JsonNode range = json.at("/sentences/1/targetRange");
    assertEquals(
        "Wo ist der Bahnhof?", target.substring(range.get(0).asInt(), range.get(1).asInt()));
    JsonNode alone = translate("Where is the station?", "--json").succeeds().json().get(0);
    assertEquals(alone.get("hypotheses"), json.at("/sentences/1/hypotheses"));
  }

  @Test
  void oneSegmentStaysWholeWhereThatIsWanted() {
    JsonNode whole =
        translate("", "--split", "none", "--json", "Good morning. Thanks.")
            .succeeds()
            .json()
            .get(0);
    assertEquals(translate("Good morning. Thanks.", "--json").succeeds().json().get(0), whole);
  }

  @Test
  void scoresOfATextAreThoseOfItsSentences() {
    assertEquals(
        translate("Good morning.\nThanks.", "--scores", "--nbest", "2").succeeds().out(),
        translate("", "--scores", "--nbest", "2", "Good morning. Thanks.").succeeds().out());
  }

  @Test
  void batchesAndThreadsChangeNothing() {
    String lines = "Good morning.\n\nWhere is the station?\nThanks.\nHow are you?\n".repeat(5);
    String expected = translate(lines, "--batch-size", "1", "--threads", "1").succeeds().out();
    for (String batch : List.of("2", "8", "32")) {
      for (String threads : List.of("1", "3")) {
        assertEquals(
            expected,
            translate(lines, "--batch-size", batch, "--threads", threads).succeeds().out());
      }
    }
  }

  @Test
  void whatStandsBeforeAWrongLineIsTranslated() {
    Outcome outcome = translate("163 79 1\n163 x\n163 79 1\n", "--ids");
    outcome.fails(1, "line 2: 'x' is no token id");
    assertEquals(1, outcome.lines().size());
    String tooLong = "word ".repeat(600);
    Outcome text = translate("Good morning.\nThanks.\n" + tooLong + "\nThanks.\n");
    text.fails(1, "line 3: the source has");
    assertEquals(List.of("Guten Morgen.", "Danke!"), text.lines());
  }

  @Test
  void linesWithoutTextHaveLinesWithoutText() {
    assertEquals(
        List.of("Danke!", "", "", "Danke!"),
        translate("Thanks.\n\n   \nThanks.\n").succeeds().lines());
  }

  @Test
  void aModelOfOnePairOfLanguagesHasNoneToName() {
    translate("Thanks.\n", "--target-language", "de")
        .fails(2, "target language 'de': this model translates between fixed languages");
    translate("", "--source-language", "en", "Thanks.")
        .fails(2, "source language 'en': this model translates between fixed languages");
  }

  @Test
  void nothingComesOfNothing() {
    assertEquals("", translate("").succeeds().out());
  }

  @Test
  void jsonHasOneObjectForEachSegment() {
    Outcome outcome = translate("Good morning.\n\n", "--json", "--nbest", "2").succeeds();
    JsonNode first = outcome.json().get(0);
    assertEquals("Good morning.", first.get("source").asText());
    assertEquals(1, first.get("ids").get(first.get("ids").size() - 1).asInt());
    assertEquals(2, first.get("hypotheses").size());
    JsonNode best = first.get("hypotheses").get(0);
    assertEquals("Guten Morgen.", best.get("text").asText());
    assertTrue(best.get("score").asDouble() >= first.at("/hypotheses/1/score").asDouble());
    assertEquals(1, best.get("ids").get(best.get("ids").size() - 1).asInt());
    assertEquals("", outcome.json().get(1).at("/hypotheses/0/text").asText());
  }

  @Test
  void idsAreTakenAndGivenAsTheyAre() {
    JsonNode fromText = translate("Good morning.", "--json").succeeds().json().get(0);
    String ids = words(fromText.get("ids"));
    JsonNode fromIds = translate(ids + "\n", "--ids", "--json").succeeds().json().get(0);
    assertEquals(fromText.get("ids"), fromIds.get("ids"));
    assertEquals(fromText.get("hypotheses"), fromIds.get("hypotheses"));
    assertEquals(
        words(fromText.at("/hypotheses/0/ids")),
        translate("", "--ids", ids).succeeds().out().strip());
  }

  @Test
  void scoresStandInFrontAndAreThoseOfGivenTargets() throws IOException {
    String[] scored = translate("", "--scores", "Good morning.").succeeds().out().split("\t", -1);
    assertEquals("Guten Morgen.\n", scored[1]);
    JsonNode json = translate("Good morning.", "--json").succeeds().json().get(0);
    Path targets = folder.resolve("targets");

    Files.writeString(targets, "Guten Morgen.\n");
    JsonNode asText =
        translate("Good morning.\n", "--score-target", targets.toString(), "--json")
            .succeeds()
            .json()
            .get(0);
    assertEquals(json.at("/hypotheses/0/ids"), asText.get("targetIds"));
    assertEquals(json.at("/hypotheses/0/score").asDouble(), asText.get("score").asDouble(), 1e-5);
    assertEquals(asText.get("targetIds").size(), asText.get("targetLogProbabilities").size());

    Files.writeString(targets, words(json.at("/hypotheses/0/ids")) + "\n");
    JsonNode asIds =
        translate(words(json.get("ids")), "--ids", "--score-target", targets.toString(), "--json")
            .succeeds()
            .json()
            .get(0);
    assertEquals(asText.get("targetLogProbabilities"), asIds.get("targetLogProbabilities"));
  }

  @Test
  void targetsMustBeAsManyAsSources() throws IOException {
    Path targets = Files.writeString(folder.resolve("targets"), "Ja.\n");
    translate("Yes.\nNo.\n", "--score-target", targets.toString()).fails(1, "fewer lines");
    translate("", "--score-target", targets.toString()).fails(1, "more lines");
  }

  @Test
  void optionsChangeWhatIsFound() {
    String text = "I have never seen such a beautiful picture.";
    JsonNode greedy = translate(text, "--json", "--beam", "1").succeeds().json().get(0);
    assertEquals(1, greedy.get("hypotheses").size());
    String few = translate("", "--ids", "--max-tokens", "3", "163 79 12 7 99 1").succeeds().out();
    assertTrue(few.strip().split(" ").length <= 3, few);
    String many = translate("", "--ids", "--min-tokens", "20", "163 79 1").succeeds().out();
    assertTrue(many.strip().split(" ").length > 20, many);
  }

  @Test
  void tokensCanBeForcedAndForbidden() {
    String source = "163 79 1";
    String[] free = translate("", "--ids", source).succeeds().out().strip().split(" ", -1);
    assertEquals("99", target(source, "--forced-first-token", "99")[0]);
    assertFalse(List.of(target(source, "--blocked-tokens", free[1])).contains(free[1]));
    assertFalse(
        List.of(target(source, "--suppressed-tokens", free[1] + "," + free[2])).contains(free[2]));
    assertNotEquals(free[0], target(source, "--begin-suppressed-tokens", free[0])[0]);
    assertArrayEquals(free, target(source, "--suppressed-tokens", ""));
    translate("", "--ids", "--forced-first-token", "99", "--suppressed-tokens", "99", source)
        .fails(1, "every token is suppressed");
  }

  private String[] target(String source, String... options) {
    String[] arguments = Arrays.copyOf(options, options.length + 2);
    arguments[options.length] = "--ids";
    arguments[options.length + 1] = source;
    return translate("", arguments).succeeds().out().strip().split(" ", -1);
  }

  @Test
  void providersAndArithmeticsCanBeChosen() {
    for (String arithmetic : List.of("fast", "exact", "EXACT", "popcount")) {
      assertEquals(
          "Guten Morgen.\n",
          translate("", "--kernels", "scalar", "--arithmetic", arithmetic, "Good morning.")
              .succeeds()
              .out());
    }
  }

  @Test
  void oddTextHasSomeResult() {
    byte[] malformed = {'a', (byte) 0xff, (byte) 0xc3, '\n', 0, 7, 27, '\n'};
    assertEquals(2, Commands.run(new TranslateCommand(), malformed).succeeds().lines().size());
    assertEquals(
        4,
        translate(
                "\u202b\u05e9\u05dc\u05d5\u05dd\n\ud83d\ude00\ud83d\ude00\n\t\u00a0\nhttps://a.b/c?d\n")
            .succeeds()
            .lines()
            .size());
  }

  @Test
  void aTextThatIsTooLongIsRefusedWithBothNumbers() {
    String text = "word ".repeat(200_000);
    Outcome outcome = translate("", "--split", "none", text);
    outcome.fails(1, "at most 512");
    assertTrue(outcome.err().contains("the source has 200"), outcome.err());
  }

  @Test
  void wrongOptionsAreWrongUsage() {
    String[][] wrong = {
      {"--beam", "0"},
      {"--beam", "x"},
      {"--nbest", "5", "--beam", "4"},
      {"--nbest", "0"},
      {"--max-tokens", "0"},
      {"--length-penalty", "NaN"},
      {"--repetition-penalty", "0"},
      {"--early-stopping", "maybe"},
      {"--arithmetic", "half"},
      {"--kernels", "gpu"},
      {"--task", "a", "--prefix", "b"},
      {"--no-repeat-ngram", "-1"},
      {"--forced-first-token", "x"},
      {"--blocked-tokens", "1,,2"},
      {"--suppressed-tokens", "1 2"},
      {"--batch-size", "0"},
      {"--threads", "0"},
      {"--split", "words"},
      {"--output", "file"},
      {"--force"},
      {"--input", "file", "text"},
      {"--ids", "--split", "sentences"},
      {"--score-target", "file", "--input", "file"},
      {"--nonsense"}
    };
    for (String[] options : wrong) {
      translate("", options).fails(2, options[0]);
    }
    assertTrue(
        translate("", "--arithmetic", "half")
            .err()
            .contains("'half'; expected one of: fast, exact, popcount"));
    assertEquals(0, translate("", "--help").code());
    assertEquals("bcq 0.1.0\n", translate("", "--version").out());
  }

  @Test
  void failuresNameTheThing() throws IOException {
    translate("", "--model", "nowhere.bcq", "a").fails(1, "nowhere.bcq does not exist");
    translate("", "--model", folder.toString(), "a").fails(1, "is a directory");
    Path text = Files.write(folder.resolve("text"), "no model".getBytes(StandardCharsets.UTF_8));
    translate("", "--model", text.toString(), "a").fails(1, "is not a .bcq file");
    translate("", "--task", "summarize", "a").fails(1, "the model has: none");
    translate("", "--ids", "1 two 3").fails(1, "'two' is no token id");
    translate("", "--ids", "8000").fails(1, "source id 8000 is outside the vocabulary");
    translate("", "--nbest", "9", "a").fails(1, "n-best is 9");
    translate("", "--suppressed-tokens", "8000", "a").fails(1, "suppressed token is 8000");
    translate("", "--max-tokens", "513", "a").fails(1, "1 to 512");
  }
}
