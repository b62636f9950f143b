package dev.bcq.converter.allocate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
    assertSame(plan().divisions(), read.fitted(ROWS));
  }

  /** What is wrong, and what the message says after the file's name. */
  private static List<Arguments> mistakes() {
    String head = "{\"matrices\": {\"a.weight\": 3, \"b.weight\": ";
    return List.of(
        arguments("", ": found ; expected an object with"),
        arguments("3", ": found 3; expected an object with \"group\", \"offset\", \"matrices\""),
        arguments("{}", ": \"matrices\" is missing; expected an object"),
        arguments("{\"matrices\": 3}", ": \"matrices\" is 3; expected an object"),
        arguments("{\"matrices\": {}}", ": \"matrices\" is {}; expected an object"),
        arguments("{\"matrices\": {\"a.weight\": 3}}", ": \"b.weight\" is missing; expected"),
        arguments(
            head + "3, \"c.weight\": 3}}", ": \"c.weight\" is no matrix of the model; expected"),
        arguments(head + "3}", " line 1: Unexpected end-of-input"),
        arguments(head + "3}} {}", " line 1: Trailing token"),
        arguments(head + "3,\n \"a.weight\": 4}}", " line 2: Duplicate"),
        arguments(head + "3},\n\n \"matrices\": {}}", " line 3: Duplicate"),
        arguments(head + "3}, \"Offset\": true}", ": \"Offset\" is no key of a plan; expected"),
        arguments(head + "3}, \"offset\": \"yes\"}", ": \"offset\" is \"yes\"; expected true or"),
        arguments(head + "3}, \"offset\": 1}", ": \"offset\" is 1; expected true or"),
        arguments(head + "3}, \"offset\": null}", ": \"offset\" is null; expected true or"),
        arguments(head + "3}, \"group\": \"17\"}", ": \"group\" is \"17\"; expected \"row\""),
        arguments(head + "3}, \"group\": 64}", ": \"group\" is 64; expected \"row\""),
        arguments(head + "0}}", ": \"b.weight\" is 0; expected a number of planes, 1 to 8"),
        arguments(head + "9}}", ": \"b.weight\" is 9; expected a number of planes, 1 to 8"),
        arguments(head + "3.0}}", ": \"b.weight\" is 3.0; expected a number of planes"),
        arguments(head + "4294967299}}", ": \"b.weight\" is 4294967299; expected a number"),
        arguments(head + "\"3\"}}", ": \"b.weight\" is \"3\"; expected a number of planes"),
        arguments(head + "{}}}", ": \"b.weight\" is {}; expected a number of planes"),
        arguments(head + "[]}}", ": \"b.weight\" is []; expected parts"),
        arguments(head + "[3]}}", ": \"b.weight\": found 3; expected an object"),
        arguments(head + "[{\"rows\": \"0-39\"}]}}", ": \"b.weight\": \"planes\" is missing"),
        arguments(head + "[{\"planes\": 2}]}}", ": \"b.weight\": \"rows\" is missing; expected"),
        arguments(part(9, "\"0-39\""), ": \"b.weight\": \"planes\" is 9; expected a number"),
        arguments(part(2, "\"0-39\", \"row\": 3"), ": \"b.weight\": \"row\" is no key"),
        arguments(part(2, "5"), ": \"b.weight\": \"rows\" is 5; expected a text"),
        arguments(part(2, "\"\""), ": \"b.weight\": \"rows\" has ''; expected a text"),
        arguments(part(2, "\"-5\""), ": \"b.weight\": \"rows\" has '-5'; expected a text"),
        arguments(part(2, "\"+5\""), ": \"b.weight\": \"rows\" has '+5'; expected a text"),
        arguments(part(2, "\"9-5\""), ": \"b.weight\": \"rows\" has '9-5'; expected a text"),
        arguments(part(2, "\"0-1-2\""), ": \"b.weight\": \"rows\" has '0-1-2'; expected"),
        arguments(part(2, "\"0-38\""), ": \"b.weight\" lacks row 39; expected each of 0 to 39"),
        arguments(part(2, "\"0-39,5\""), ": \"b.weight\" has row 5 twice; expected each of 0"),
        arguments(part(2, "\"0-40\""), ": \"b.weight\" has row 40; expected each of 0 to 39"),
        arguments(part(2, "\"2147483640-2147483647\""), ": \"b.weight\": \"rows\" has '2147"),
        arguments(part(2, "\"0-16777215,0\""), ": \"b.weight\": \"rows\" has '0'; expected"),
        arguments(
            part(2, "\"0-9\"}, {\"planes\": 1, \"rows\": \"10-39\""),
            ": \"b.weight\" has a part of 10 rows; expected a multiple of 16"));
  }

  private static String part(int planes, String rows) {
    return "{\"matrices\": {\"a.weight\": 3, \"b.weight\": [{\"planes\": %d, \"rows\": %s}]}}"
        .formatted(planes, rows);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakesAreNamedWithFileAndKeyAndWhatWasExpected(String text, String message) {
    QuantizationException refused =
        assertThrows(QuantizationException.class, () -> read(text).fitted(ROWS));
    String found = String.valueOf(refused.getMessage());
    assertTrue(found.startsWith(folder.resolve("plan.json") + message), found);
    assertTrue(found.contains("; expected "), found);
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
      assertPlanOrMessage(text.toString(), "seed " + seed);
    }
  }

  /** One value after another becomes something else, or its key gets another name. */
  @Test
  void anyValueInPlaceOfAnotherGivesAPlanOrAMessage() throws IOException {
    String[] others = {
      "null",
      "true",
      "\"yes\"",
      "\"\"",
      "\"64\"",
      "0",
      "-1",
      "7",
      "2.5",
      "1e3",
      "99999999999",
      "[]",
      "[[]]",
      "{}",
      "{\"planes\": 3, \"rows\": \"0-47\"}",
      "[{\"planes\": 3, \"rows\": \"0-47\"}]"
    };
    ObjectMapper json = new ObjectMapper();
    JsonNode plan = json.readTree(PlanFile.text(plan()));
    int accepted = 0;
    for (String path :
        List.of(
            "/group",
            "/offset",
            "/matrices",
            "/matrices/a.weight",
            "/matrices/b.weight",
            "/matrices/b.weight/0",
            "/matrices/b.weight/0/planes",
            "/matrices/b.weight/1/rows")) {
      for (String other : others) {
        JsonNode edited = plan.deepCopy();
        JsonPointer place = JsonPointer.compile(path);
        JsonNode parent = edited.at(place.head());
        String key = place.last().getMatchingProperty();
        if (parent instanceof ObjectNode object) {
          object.set(key, json.readTree(other));
        } else {
          ((ArrayNode) parent).set(Integer.parseInt(key), json.readTree(other));
        }
        accepted += assertPlanOrMessage(edited.toString(), path + " = " + other) ? 1 : 0;
        if (parent instanceof ObjectNode object) {
          object.remove(key);
          object.set(key + "s", plan.at(place));
          boolean optional = path.equals("/group") || path.equals("/offset");
          assertFalse(assertPlanOrMessage(edited.toString(), path + "s") && !optional, path);
        }
      }
    }
    // "64"; true; 7 and a division for a; 7 for b, and for its planes.
    assertEquals(6, accepted);
  }

  /** Returns whether a text is a plan, which its own text then gives again. */
  private boolean assertPlanOrMessage(String text, String what) throws IOException {
    try {
      Plan plan = read(text);
      Map<String, RowDivision> fitted = plan.fitted(ROWS);
      Plan again = read(PlanFile.text(new Plan(plan.groupSize(), plan.offset(), plan.divisions())));
      assertEquals(plan.groupSize(), again.groupSize(), what);
      assertEquals(plan.offset(), again.offset(), what);
      assertSame(fitted, again.fitted(ROWS));
      return true;
    } catch (QuantizationException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith(folder.resolve("plan.json").toString()), what + message);
      assertTrue(message.contains("; expected "), what + ": " + message);
      return false;
    }
  }

  private static void assertSame(
      Map<String, RowDivision> expected, Map<String, RowDivision> found) {
    assertEquals(expected.keySet(), found.keySet());
    for (Map.Entry<String, RowDivision> entry : expected.entrySet()) {
      RowDivision other = Objects.requireNonNull(found.get(entry.getKey()));
      assertEquals(entry.getValue().parts(), other.parts());
      assertArrayEquals(entry.getValue().order(), other.order());
    }
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    CommandException missing =
        assertThrows(CommandException.class, () -> PlanFile.read(folder.resolve("none.json")));
    assertTrue(String.valueOf(missing.getMessage()).endsWith("none.json does not exist"));
  }

  @Test
  void missingFolderIsSaidBeforeTheWork() {
    assertThrows(
        CommandException.class,
        () -> new OutputFile(folder.resolve("none/plan.json"), false, "plan").check());
  }
}
