package dev.bcq.converter.quantize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which matrix gets which storage: what {@code --bits} says.
 *
 * <p>{@code auto}, a number of planes, {@code 32}, {@code int8}, {@code chung-kim}, or rules {@code
 * pattern=value,pattern=value} over canonical names without the trailing {@code .weight}; {@code *}
 * stands for any characters, the first rule that matches wins.
 */
public final class BitAllocation {
  /** The division of Chung and Kim 2020, section 3.2. */
  private static final String CHUNG_KIM =
      "*embedding=clusters,output=clusters,"
          + "decoder.*.self_attention.*=2,decoder.*.cross_attention.*=3,decoder.*.feed_forward.*=1,"
          + "encoder.*.self_attention.*=3,encoder.*.feed_forward.*=4";

  private static final int MOST_PLANES = 8;

  private final String text;
  private final List<Rule> rules;

  private BitAllocation(String text, List<Rule> rules) {
    this.text = text;
    this.rules = rules;
  }

  /** What a matrix becomes. */
  public sealed interface Storage {}

  /** The recovered number of planes, or a default. */
  public record Automatic() implements Storage {}

  /**
   * A number of planes.
   *
   * @param count 1 to 8
   */
  public record Planes(int count) implements Storage {}

  /** Fewer planes for rarer rows: 4, 3, 2, 1. */
  public record Clusters() implements Storage {}

  /**
   * Planes by rows.
   *
   * @param division planes of each row
   */
  public record Divided(RowDivision division) implements Storage {}

  /** 32-bit floats. */
  public record Float32() implements Storage {}

  /** Signed bytes. */
  public record Int8() implements Storage {}

  private record Rule(String pattern, Pattern compiled, Storage storage) {}

  /**
   * Parses an option.
   *
   * @throws QuantizationException if it cannot be understood
   */
  public static BitAllocation parse(String text) {
    String meant = text.equals("chung-kim") ? CHUNG_KIM : text;
    if (!meant.contains("=")) {
      meant = "*=" + meant;
    }
    List<Rule> rules = new ArrayList<>();
    for (String part : meant.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1) {
        throw new QuantizationException(
            "--bits: '%s' is no rule; expected PATTERN=VALUE, for instance *=3".formatted(part));
      }
      String pattern = part.substring(0, equals).trim();
      String expression = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
      rules.add(
          new Rule(
              pattern, Pattern.compile(expression), storage(part.substring(equals + 1).trim())));
    }
    return new BitAllocation(text, List.copyOf(rules));
  }

  /** Returns what was parsed. */
  public String text() {
    return text;
  }

  private static Storage storage(String value) {
    boolean number =
        value.length() == 1 && value.charAt(0) >= '1' && value.charAt(0) <= '0' + MOST_PLANES;
    return switch (value) {
      case "auto" -> new Automatic();
      case "clusters" -> new Clusters();
      case "32" -> new Float32();
      case "int8" -> new Int8();
      default -> {
        if (!number) {
          throw new QuantizationException(
              "--bits: '%s' is no storage; expected auto, 1 to 8, int8, 32, clusters, or chung-kim alone"
                  .formatted(value));
        }
        yield new Planes(value.charAt(0) - '0');
      }
    };
  }

  /**
   * Returns the storage of each matrix.
   *
   * @param matrices canonical names
   * @throws QuantizationException if a rule matches nothing, or nothing matches a matrix
   */
  public Map<String, Storage> allocate(List<String> matrices) {
    Map<String, Storage> result = new LinkedHashMap<>();
    boolean[] used = new boolean[rules.size()];
    List<String> unmatched = new ArrayList<>();
    for (String matrix : matrices) {
      String name = matrix.replaceFirst("\\.weight$", "");
      int rule = 0;
      while (rule < rules.size() && !rules.get(rule).compiled().matcher(name).matches()) {
        rule++;
      }
      if (rule == rules.size()) {
        unmatched.add(name);
      } else {
        result.put(matrix, rules.get(rule).storage());
      }
      // A rule may be hidden by one before it and still not be a mistake.
      for (int i = 0; i < rules.size(); i++) {
        used[i] |= rules.get(i).compiled().matcher(name).matches();
      }
    }
    if (!unmatched.isEmpty()) {
      throw new QuantizationException(
          "--bits: no rule matches %s%s; end with a rule for the rest, for instance *=3"
              .formatted(
                  unmatched.get(0),
                  unmatched.size() == 1 ? "" : " and " + (unmatched.size() - 1) + " more"));
    }
    for (int i = 0; i < used.length; i++) {
      boolean optional = rules.get(i).storage() instanceof Clusters;
      if (!used[i] && !optional) {
        throw new QuantizationException(
            "--bits: the rule '%s' matches no matrix; names are like %s"
                .formatted(rules.get(i).pattern(), matrices.get(0).replaceFirst("\\.weight$", "")));
      }
    }
    return result;
  }
}
