package dev.bcq.converter.allocate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.console.CommandException;
import dev.bcq.console.OutputFile;
import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.converter.quantize.RowDivision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanFileTest {
  private static final Map<String, Integer> ROWS = Map.of("a.weight", 48, "b.weight", 40);

  @TempDir Path folder;

  private static Plan plan() {
    int[] order = IntStream.range(0, 40).map(row -> row * 7 % 40).toArray();
    Map<String, RowDivision> divisions = new LinkedHashMap<>();
    divisions.put("a.weight", RowDivision.whole(3, 48));
    divisions.put(
        "b.weight",
        new RowDivision(List.of(new RowDivision.Part(6, 16), new RowDivision.Part(2, 24)), order));
    return new Plan(64, true, divisions);
  }

  private Plan read(String text) throws IOException {
    return PlanFile.read(Files.writeString(folder.resolve("plan.json"), text));
  }

  @Test
  void planReturnsAsItWasWritten() throws IOException {
    Plan read = read(PlanFile.text(plan()));
    assertEquals(64, read.groupSize());
    assertTrue(read.offset());
    Map<String, RowDivision> fitted = read.fitted(ROWS);
    for (Map.Entry<String, RowDivision> entry : plan().divisions().entrySet()) {
      RowDivision found = Objects.requireNonNull(fitted.get(entry.getKey()));
      assertEquals(entry.getValue().parts(), found.parts());
      assertArrayEquals(entry.getValue().order(), found.order());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3",
        "{}",
        "{\"matrices\": 3}",
        "{\"matrices\": {\"a.weight\": 0, \"b.weight\": 1}}",
        "{\"matrices\": {\"a.weight\": 9, \"b.weight\": 1}}",
        "{\"matrices\": {\"a.weight\": 3}}",
        "{\"matrices\": {\"a.weight\": 3, \"b.weight\": 3, \"c.weight\": 3}}",
        "{\"group\": \"17\", \"matrices\": {\"a.weight\": 3, \"b.weight\": 3}}",
        "{\"matrices\": {\"a.weight\": 3, \"b.weight\": []}}",
        "{\"matrices\": {\"a.weight\": 3, \"b.weight\": [{\"planes\": 2, \"rows\": \"0-38\"}]}}",
        "{\"matrices\": {\"a.weight\": 3, \"b.weight\": [{\"planes\": 2, \"rows\": \"0-39,5\"}]}}",
        "{\"matrices\": {\"a.weight\": 3, \"b.weight\": [{\"planes\": 2, \"rows\": \"-5\"}]}}",
        "{\"matrices\": {\"a.weight\": 3, \"b.weight\": [{\"planes\": 2, \"rows\": \"0-40\"}]}}",
        "{\"matrices\": {\"a.weight\": 3, \"b.weight\": [{\"planes\": 2, \"rows\": \"2147483640-2147483647\"}]}}",
        "{\"matrices\": {\"a.weight\": 3, \"b.weight\": [{\"planes\": 2, \"rows\": \"0-9\"}, {\"planes\": 1, \"rows\": \"10-39\"}]}}",
      })
  void whatIsNoPlanOfTheModelIsRefused(String text) {
    assertThrows(QuantizationException.class, () -> read(text).fitted(ROWS));
  }

  @Test
  void anyEditGivesAPlanOrAMessage() throws IOException {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(PlanFile.text(plan()));
      for (int edit = 0; edit < 3; edit++) {
        int at = random.nextInt(text.length());
        text.replace(at, at + 1, String.valueOf((char) (' ' + random.nextInt(95))));
      }
      try {
        read(text.toString()).fitted(ROWS);
      } catch (QuantizationException | CommandException e) {
        assertTrue(String.valueOf(e.getMessage()).length() > 10, "seed " + seed);
      }
    }
  }

  @Test
  void missingFolderIsSaidBeforeTheWork() {
    assertThrows(
        CommandException.class,
        () -> new OutputFile(folder.resolve("none/plan.json"), false, "plan").check());
  }
}
