package dev.bcq.converter.allocate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.console.CommandException;
import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.converter.quantize.RowDivision.Part;
import dev.bcq.format.BitPlaneLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan as a file of JSON that people edit: {@code {"group": "row", "offset": true, "matrices":
 * {NAME: 3, NAME: [{"planes": 6, "rows": "0-15,22"}, ..]}}}. Rows of a division are stored in the
 * order in which they are listed.
 */
public final class PlanFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GROUP = "group";
  private static final String OFFSET = "offset";
  private static final String MATRICES = "matrices";
  private static final String PLANES = "planes";
  private static final String ROWS = "rows";
  private static final String WHOLE_ROW = "row";

  /** More than any vocabulary has; keeps a hostile file from filling the memory. */
  private static final int MOST_ROWS = 1 << 24;

  private PlanFile() {}

  /**
   * Reads a plan.
   *
   * @throws CommandException if the file cannot be read
   * @throws QuantizationException if it is no plan
   */
  public static Plan read(Path file) {
    try {
      return plan(file, JSON.readTree(Files.readString(file)));
    } catch (JsonProcessingException e) {
      throw new QuantizationException(
          "%s is no plan: %s; expected JSON as --save-plan writes it"
              .formatted(file, e.getOriginalMessage()));
    } catch (IOException e) {
      throw new CommandException(file + " cannot be read", e);
    }
  }

  private static Plan plan(Path file, JsonNode root) {
    JsonNode matrices = root.path(MATRICES);
    String group = root.path(GROUP).asText(WHOLE_ROW);
    if (!matrices.isObject() || matrices.isEmpty()) {
      throw new QuantizationException(
          file + " has no object \"matrices\"; expected a plan as --save-plan writes it");
    }
    if (!List.of(WHOLE_ROW, "64", "128").contains(group)) {
      throw new QuantizationException(
          "%s: \"group\" is '%s'; expected row, 128 or 64".formatted(file, group));
    }
    Map<String, RowDivision> divisions = new LinkedHashMap<>();
    matrices
        .properties()
        .forEach(
            entry ->
                divisions.put(
                    entry.getKey(), division(file + ": " + entry.getKey(), entry.getValue())));
    return new Plan(
        group.equals(WHOLE_ROW) ? 0 : Integer.parseInt(group),
        root.path(OFFSET).asBoolean(false),
        divisions);
  }

  private static RowDivision division(String place, JsonNode value) {
    if (value.isInt()) {
      // How many rows that are is for the matrix to say.
      return RowDivision.whole(planes(place, value), 0);
    }
    List<Part> parts = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (JsonNode part : value) {
      int before = order.size();
      addRows(place, part.path(ROWS).asText(""), order);
      parts.add(new Part(planes(place, part.path(PLANES)), order.size() - before));
    }
    if (parts.isEmpty()) {
      throw new QuantizationException(
          place
              + " is neither a number of planes nor a list of parts with \"planes\" and \"rows\"");
    }
    return new RowDivision(
        List.copyOf(parts), order.stream().mapToInt(Integer::intValue).toArray());
  }

  private static int planes(String place, JsonNode value) {
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > BitPlaneLayout.MAX_PLANES) {
      throw new QuantizationException(
          "%s has %s planes; expected 1 to %d".formatted(place, value, BitPlaneLayout.MAX_PLANES));
    }
    return value.asInt();
  }

  private static void addRows(String place, String ranges, List<Integer> rows) {
    for (String range : ranges.split(",", -1)) {
      String[] ends = range.trim().split("-", -1);
      try {
        int first = Integer.parseInt(ends[0]);
        int last = ends.length == 1 ? first : Integer.parseInt(ends[1]);
        if (ends.length > 2 || first > last || last >= MOST_ROWS || rows.size() > MOST_ROWS) {
          throw new NumberFormatException(range);
        }
        for (int row = first; row <= last; row++) {
          rows.add(row);
        }
      } catch (NumberFormatException e) {
        throw new QuantizationException(
            "%s: \"rows\" has '%s'; expected numbers and ranges, for instance 0-15,22"
                .formatted(place, range));
      }
    }
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
