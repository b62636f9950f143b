package dev.bcq.converter.allocate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.console.CommandException;
import dev.bcq.console.TextFile;
import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.converter.quantize.RowDivision.Part;
import dev.bcq.format.BitPlaneLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A plan as a file of JSON that people edit: {@code {"group": "row", "offset": true, "matrices":
 * {NAME: 3, NAME: [{"planes": 6, "rows": "0-15,22"}, ..]}}}. Rows of a division are stored in the
 * order in which they are listed. Without {@code group} it is {@code "row"}, without {@code offset}
 * there is none; nothing else may be left out, and nothing be added.
 */
public final class PlanFile {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final String GROUP = "group";
  private static final String OFFSET = "offset";
  private static final String MATRICES = "matrices";
  private static final String PLANES = "planes";
  private static final String ROWS = "rows";
  private static final String WHOLE_ROW = "row";
  private static final String AS_SAVED = "JSON as --save-plan writes it";
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,8})(?:-([0-9]{1,8}))?");

  /** More than any vocabulary has; keeps a hostile file from filling the memory. */
  private static final int MOST_ROWS = 1 << 24;

  /** Most characters of a value that a message repeats. */
  private static final int MOST_SHOWN = 60;

  private PlanFile() {}

  /**
   * Reads a plan.
   *
   * @throws CommandException if the file cannot be read
   * @throws QuantizationException if it is no plan; the message names the file, the key, what was
   *     found there and what was expected
   */
  public static Plan read(Path file) {
    String name = file.toString();
    try {
      return plan(name, JSON.readTree(String.join("\n", TextFile.lines(file))));
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
      throw wrong(name + line, e.getOriginalMessage(), AS_SAVED);
    }
  }

  private static Plan plan(String file, JsonNode root) {
    checkKeys(file, root, List.of(GROUP, OFFSET, MATRICES));
    JsonNode matrices = root.path(MATRICES);
    if (!matrices.isObject() || matrices.isEmpty()) {
      throw wrong(file, MATRICES, matrices, "an object with the planes of each matrix");
    }
    JsonNode offset = root.path(OFFSET);
    if (!offset.isMissingNode() && !offset.isBoolean()) {
      throw wrong(file, OFFSET, offset, "true or false");
    }
    Map<String, RowDivision> divisions = new LinkedHashMap<>();
    matrices
        .properties()
        .forEach(
            entry ->
                divisions.put(entry.getKey(), division(file, entry.getKey(), entry.getValue())));
    return new Plan(file, groupSize(file, root.path(GROUP)), offset.asBoolean(false), divisions);
  }

  private static int groupSize(String file, JsonNode group) {
    return switch (group.isTextual() || group.isMissingNode() ? group.asText(WHOLE_ROW) : "") {
      case WHOLE_ROW -> 0;
      case "64" -> 64;
      case "128" -> 128;
      default -> throw wrong(file, GROUP, group, "\"row\", \"128\" or \"64\"");
    };
  }

  private static RowDivision division(String file, String matrix, JsonNode value) {
    if (!value.isArray()) {
      // How many rows that are is for the matrix to say.
      return RowDivision.whole(planes(file, matrix, value, ", or a list of parts"), 0);
    }
    if (value.isEmpty()) {
      throw wrong(file, matrix, value, "parts with \"planes\" and \"rows\"");
    }
    String place = file + ": \"" + matrix + '"';
    List<Part> parts = new ArrayList<>();
    int[] order = {};
    for (JsonNode part : value) {
      checkKeys(place, part, List.of(PLANES, ROWS));
      int[] rows = rows(place, part.path(ROWS), MOST_ROWS - order.length);
      parts.add(new Part(planes(place, PLANES, part.path(PLANES), ""), rows.length));
      int before = order.length;
      order = Arrays.copyOf(order, before + rows.length);
      System.arraycopy(rows, 0, order, before, rows.length);
    }
    return new RowDivision(List.copyOf(parts), order);
  }

  private static int planes(String place, String key, JsonNode value, String orElse) {
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > BitPlaneLayout.MAX_PLANES) {
      throw wrong(
          place, key, value, "a number of planes, 1 to " + BitPlaneLayout.MAX_PLANES + orElse);
    }
    return value.asInt();
  }

  private static int[] rows(String place, JsonNode value, int most) {
    String expected = "a text with numbers and ranges of rows, for instance \"0-15,22\"";
    if (!value.isTextual()) {
      throw wrong(place, ROWS, value, expected);
    }
    IntStream.Builder rows = IntStream.builder();
    int count = 0;
    for (String text : value.asText().split(",", -1)) {
      Matcher range = RANGE.matcher(text.trim());
      int first = range.matches() ? Integer.parseInt(range.group(1)) : 0;
      int last =
          range.matches() && range.group(2) != null ? Integer.parseInt(range.group(2)) : first;
      if (!range.matches() || first > last || last - first >= most - count) {
        throw wrong(place, "\"" + ROWS + "\" has '" + shown(text) + "'", expected);
      }
      IntStream.rangeClosed(first, last).forEach(rows::add);
      count += last - first + 1;
    }
    return rows.build().toArray();
  }

  private static void checkKeys(String place, JsonNode object, List<String> known) {
    String expected = "\"" + String.join("\", \"", known) + "\"";
    if (!object.isObject()) {
      throw wrong(place, "found " + shown(object.toString()), "an object with " + expected);
    }
    object
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw wrong(place, "\"" + shown(key) + "\" is no key of a plan", expected);
              }
            });
  }

  private static QuantizationException wrong(
      String place, String key, JsonNode found, String expected) {
    return wrong(
        place,
        found.isMissingNode()
            ? "\"" + key + "\" is missing"
            : "\"" + shown(key) + "\" is " + shown(found.toString()),
        expected);
  }

  private static QuantizationException wrong(String place, String found, String expected) {
    return new QuantizationException(place + ": " + found + "; expected " + expected);
  }

  private static String shown(String text) {
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + ".." : text;
  }

  /** Returns the text of a plan's file. */
  public static String text(Plan plan) {
    ObjectNode root = JSON.createObjectNode();
    root.put(GROUP, plan.groupSize() == 0 ? WHOLE_ROW : String.valueOf(plan.groupSize()));
    root.put(OFFSET, plan.offset());
    ObjectNode matrices = root.putObject(MATRICES);
    plan.divisions()
        .forEach(
            (name, division) -> {
              if (division.order() == null) {
                matrices.put(name, division.parts().get(0).planes());
              } else {
                addParts(division, division.order(), matrices.putArray(name));
              }
            });
    return root.toPrettyString() + "\n";
  }

  private static void addParts(RowDivision division, int[] order, ArrayNode into) {
    int first = 0;
    for (Part part : division.parts()) {
      into.addObject()
          .put(PLANES, part.planes())
          .put(ROWS, ranges(order, first, first + part.rows()));
      first += part.rows();
    }
  }

  private static String ranges(int[] order, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; ) {
      int end = i + 1;
      while (end < to && order[end] == order[end - 1] + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ",").append(order[i]);
      if (end - i > 1) {
        text.append('-').append(order[end - 1]);
      }
      i = end;
    }
    return text.toString();
  }
}
