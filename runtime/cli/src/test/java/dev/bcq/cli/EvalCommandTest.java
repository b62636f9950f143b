package dev.bcq.cli;

import static dev.bcq.cli.Commands.MODEL;
import static dev.bcq.cli.Commands.eval;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.format.Provenance.Option;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {
  private static final String SOURCES =
      "Where is the station?\nI would like a cup of coffee, please.\n";
  private static final String REFERENCES =
      "Wo ist der Bahnhof?\nIch hätte gerne eine Tasse Kaffee.\n";

  @TempDir Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private String copyOfTheModel(String name) throws IOException {
    return Files.copy(Path.of(MODEL), folder.resolve(name)).toString();
  }

  private static JsonNode json(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--json");
    return eval(all.toArray(String[]::new)).succeeds().json().get(0);
  }

  @Test
  void itsOwnTranslationsAreWorth100() throws IOException {
    String source = file("source", SOURCES);
    String out = folder.resolve("made/here").toString();
    eval("--model", MODEL, "--source", source, "--reference", source, "--output", out).succeeds();
    Path own = Path.of(out, "en-de.txt");
    assertEquals(2, Files.readAllLines(own).size());
    JsonNode result = json("--source", source, "--reference", own.toString());
    assertEquals(2, result.get("sentences").asInt());
    JsonNode system = result.get("systems").get(0);
    assertEquals(100.0, system.get("bleu").asDouble(), 1e-9);
    assertEquals(100.0, system.get("chrf").asDouble(), 1e-9);
    assertTrue(system.get("crossEntropy").asDouble() < 1);
    assertEquals(
        Math.exp(system.get("crossEntropy").asDouble()), system.get("perplexity").asDouble());
    assertEquals(Files.readAllLines(own).get(1), system.get("hypotheses").get(1).asText());
  }

  @Test
  void programsGetEveryFigureOfAModel() throws IOException {
    JsonNode result =
        json("--source", file("source", SOURCES), "--reference", file("reference", REFERENCES));
    JsonNode system = result.get("systems").get(0);
    assertEquals("en-de", system.get("name").asText());
    assertEquals(Files.size(Path.of(MODEL)), system.get("bytes").asLong());
    assertTrue(system.get("bitsPerWeight").asDouble() < 4);
    assertTrue(system.get("targetTokens").asInt() > 10);
    assertEquals(
        "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0",
        system.get("signature").asText());
    assertEquals(
        "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0",
        system.get("chrfSignature").asText());
    assertEquals(4, system.get("precisions").size());
    for (String figure : List.of("bleu", "chrf", "crossEntropy")) {
      assertTrue(system.get("intervals").get(figure).get("halfWidth").asDouble() >= 0, figure);
    }
    assertFalse(system.has("against"));
  }

  @Test
  void aPageShowsQualityAgainstSize() throws IOException {
    Path page = folder.resolve("sizes.html");
    eval(
            "--model",
            MODEL,
            "--model",
            copyOfTheModel("other.bcq"),
            "--source",
            file("source", SOURCES),
            "--reference",
            file("reference", REFERENCES),
            "--show-changes",
            "1",
            "--report",
            page.toString())
        .succeeds();
    String html = Files.readString(page);
    for (String shown :
        List.of(
            "aria-label=\"BLEU\"",
            "aria-label=\"cross-entropy\"",
            "other.bcq --source",
            "<th>against en-de</th>",
            "BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp",
            "Largest changes from en-de to other")) {
      assertTrue(html.contains(shown), shown);
    }
  }

  @Test
  void aPageThatCannotBeWrittenFailsBeforeAnythingIsTranslated() throws IOException {
    eval(
            "--source",
            file("source", SOURCES),
            "--reference",
            file("reference", REFERENCES),
            "--report",
            folder.resolve("missing/sizes.html").toString())
        .fails(1, "missing does not exist");
  }

  @Test
  void bitsAreGivenOrDivided() {
    assertEquals("bits given", BitsOrigin.of(List.of(new Option("bits", "3"))));
    assertEquals("not in planes", BitsOrigin.of(List.of(new Option("bits", "32"))));
    assertEquals(
        "bits divided, calibrated",
        BitsOrigin.of(
            List.of(new Option("target-size", "3000000"), new Option("calibrate", "text"))));
    assertEquals("converted otherwise", BitsOrigin.of(List.of()));
  }

  @Test
  void textsAreEvaluatedWithoutSourcesAndModels() throws IOException {
    String good = file("good.de", REFERENCES);
    String bad = file("bad.de", "Wo ist das Haus?\nIch mag Kaffee.\n");
    JsonNode result =
        json("--hypothesis", bad, "--hypothesis", good, "--reference", good, "--lowercase");
    assertEquals("bad.de", result.get("baseline").asText());
    JsonNode first = result.get("systems").get(0);
    JsonNode second = result.get("systems").get(1);
    assertTrue(first.get("bytes").isNull() && first.get("crossEntropy").isNull());
    assertTrue(first.get("signature").asText().contains("case:lc"));
    assertEquals("Ich mag Kaffee.", first.get("hypotheses").get(1).asText());
    assertEquals(100.0, second.get("bleu").asDouble(), 1e-9);
    JsonNode against = second.get("against");
    assertEquals(
        100 - first.get("chrf").asDouble(), against.get("chrf").get("difference").asDouble(), 1e-9);
    assertTrue(against.get("chrf").get("pValue").asDouble() < 1);
    assertTrue(against.get("crossEntropy").isNull());
  }

  @Test
  void systemsStandInTheOrderOfTheCommandLine() throws IOException {
    String references = file("reference", REFERENCES);
    String other = copyOfTheModel("other.bcq");
    JsonNode systems =
        json(
                "--hypothesis",
                references,
                "--model",
                other,
                "--hypothesis",
                file("z.de", SOURCES),
                "--model",
                MODEL,
                "--source",
                file("source", SOURCES),
                "--reference",
                references,
                "--beam",
                "1")
            .get("systems");
    List<String> names = new ArrayList<>();
    systems.forEach(system -> names.add(system.get("name").asText()));
    assertEquals(List.of("reference", "other", "z.de", "en-de"), names);
    assertEquals(systems.get(1).get("bleu"), systems.get(3).get("bleu"));
  }

  @Test
  void equalModelsDifferInNothing() throws IOException {
    String other = copyOfTheModel("en-de.bcq");
    String[] args = {
      "--model",
      MODEL,
      "--model",
      other,
      "--source",
      file("source", SOURCES),
      "--reference",
      file("reference", REFERENCES),
      "--beam",
      "1",
      "--show-changes",
      "2"
    };
    JsonNode system = json(args).get("systems").get(1);
    assertEquals(
        folder.getFileName().resolve("en-de").toString(),
        system.get("name").asText(),
        other + " has the name of the default model");
    for (String figure : List.of("bleu", "chrf", "crossEntropy")) {
      JsonNode against = system.get("against").get(figure);
      assertEquals(0.0, against.get("difference").asDouble());
      assertTrue(against.get("pValue").isNull());
    }
    assertEquals(0, system.get("changes").size());
    String text = eval(args).succeeds().out();
    assertTrue(text.endsWith("by chrF2 of the sentence\nnone\n"), text);
  }

  @Test
  void theFirstPairOfEachDistinctSourceCounts() throws IOException {
    Path pairs = folder.resolve("pairs.tsv.gz");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(pairs))) {
      gzip.write(
          "Yes.\tJa.\nYes.\tDoch.\nNo.\tNein.\nMaybe.\tVielleicht.\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    JsonNode result = json("--pairs", pairs.toString(), "--first", "2", "--no-translate");
    JsonNode system = result.get("systems").get(0);
    assertEquals(2, result.get("sentences").asInt());
    assertTrue(system.get("bleu").isNull() && system.get("hypotheses").isNull());
    assertTrue(system.get("targetTokens").asInt() >= 6);
    String all = file("all.de", "Ja.\nNein.\nVielleicht.\n");
    JsonNode text = json("--pairs", pairs.toString(), "--first", "2", "--hypothesis", all);
    assertEquals(100.0, text.get("systems").get(0).get("chrf").asDouble(), 1e-9);
  }

  @Test
  void anEmptySourceHasAnEmptyTranslationAndNoCrossEntropy() throws IOException {
    String source = file("source", "\nYes.\n");
    String reference = file("reference", "Nein.\nJa.\n");
    JsonNode both = json("--source", source, "--reference", reference).get("systems").get(0);
    assertEquals("", both.get("hypotheses").get(0).asText());
    JsonNode one =
        json("--source", file("one", "Yes.\n"), "--reference", file("ja", "Ja.\n"))
            .get("systems")
            .get(0);
    assertEquals(one.get("crossEntropy"), both.get("crossEntropy"));
  }

  @Test
  void tablesAreForReading() throws IOException {
    String source = file("source", SOURCES);
    String reference = file("reference", REFERENCES);
    String text = file("text.de", "Wo ist der Bahnhof?\nIch mag Kaffee.\n");
    List<String> lines =
        eval(
                "--model",
                MODEL,
                "--hypothesis",
                text,
                "--source",
                source,
                "--reference",
                reference,
                "--chrf-word-order",
                "2",
                "--show-changes",
                "1")
            .succeeds()
            .lines();
    assertTrue(
        lines
            .get(0)
            .matches("system  +bytes  bits/weight  +BLEU  +chrF2\\+\\+  +cross-entropy  .*"),
        lines.get(0));
    assertTrue(lines.get(2).matches("en-de  +[\\d,]+  +\\d\\.\\d{3} .* ± .*"), lines.get(2));
    assertTrue(lines.get(3).matches("text.de  +-  +- .* -  +-"), lines.get(3));
    assertTrue(lines.get(5).startsWith("against en-de"), lines.get(5));
    assertTrue(
        lines.contains("2 sentences; cross-entropy is per target token, of 14."), "" + lines);
    assertTrue(
        lines.contains("chrF2++|nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0"));
    int change = lines.indexOf("Largest changes from en-de to text.de, by chrF2++ of the sentence");
    assertTrue(lines.get(change + 2).startsWith("sentence 2: BLEU "), "" + lines);
    assertEquals("  source     I would like a cup of coffee, please.", lines.get(change + 3));
    assertEquals("  text.de    Ich mag Kaffee.", lines.get(change + 6));
  }

  @Test
  void withoutResamplesThereAreNoIntervals() throws IOException {
    String reference = file("reference", REFERENCES);
    String text = file("text.de", SOURCES);
    String out =
        eval("--hypothesis", reference, "--hypothesis", text, "--reference", reference)
            .succeeds()
            .out();
    assertTrue(out.contains("±") && out.contains("  p"), out);
    String plain =
        eval(
                "--hypothesis",
                reference,
                "--hypothesis",
                text,
                "--reference",
                reference,
                "--resamples",
                "0")
            .succeeds()
            .out();
    assertFalse(plain.contains("±") || plain.contains("  p"), plain);
  }

  @Test
  void everySystemHasTheFieldsThatProgramsReadFirst() throws IOException {
    String reference = file("reference", REFERENCES);
    Set<String> fields = new TreeSet<>();
    json("--hypothesis", reference, "--reference", reference)
        .get("systems")
        .get(0)
        .fieldNames()
        .forEachRemaining(fields::add);
    assertTrue(
        fields.containsAll(
            Set.of("name", "bleu", "chrf", "signature", "crossEntropy", "bytes", "hypotheses")),
        fields.toString());
  }

  @Test
  void mistakesOfUsageAreNamed() throws IOException {
    String two = file("two", SOURCES);
    eval("--source", two).fails(2, "--source and --reference");
    eval("--source", two, "--reference", two, "--pairs", two).fails(2, "--pairs");
    eval("--reference", two).fails(2, "give --source beside --reference, or --pairs");
    eval("--pairs", two, "--first", "0").fails(2, "--first is 0; expected 1 or more");
    eval("--hypothesis", two, "--reference", two, "--no-translate").fails(2, "--no-translate");
    eval("--hypothesis", two, "--reference", two, "--output", "o").fails(2, "--output");
    eval("--hypothesis", MODEL, "--reference", two).fails(2, "is a model; give it to --model");
    eval("--model", MODEL, "--model", MODEL, "--pairs", two).fails(2, "is given twice");
    eval("--pairs", two, "--show-changes", "3").fails(2, "--show-changes compares systems");
    eval("--pairs", two, "--tokenize", "zh").fails(2, "expected one of: 13a, intl, char, none");
    eval("--pairs", two, "--chrf-word-order", "3").fails(2, "expected 0 to 2");
    eval("--pairs", two, "--resamples", "-1").fails(2, "--resamples is -1");
  }

  @Test
  void mistakesInFilesAreNamed() throws IOException {
    String two = file("two", SOURCES);
    String one = file("one", "Ja.\n");
    String none = file("none", "");
    eval("--source", two, "--reference", one).fails(1, "two has 2 lines, ");
    eval("--hypothesis", one, "--reference", two).fails(1, "one has 1 lines; expected 2");
    eval("--pairs", two).fails(1, "line 1 has no tab");
    eval("--pairs", "nowhere.tsv").fails(1, "nowhere.tsv does not exist");
    eval("--source", none, "--reference", none).fails(1, "none is empty");
    eval("--model", two, "--source", two, "--reference", two).fails(1, "two");
    eval("--source", two, "--reference", two, "--output", two).fails(1, "cannot be made a folder");
  }

  @Test
  void aSentenceThatIsTooLongIsNamed() throws IOException {
    String source = file("source", "Yes.\n" + "word ".repeat(9000) + "\n");
    String reference = file("reference", "Ja.\nNein.\n");
    eval("--source", source, "--reference", reference).fails(1, "en-de: sentence 2: ");
  }
}
