package dev.bcq.converter.quantize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What an option says of each matrix: a value for all, or rules {@code pattern=value,pattern=value}
 * over canonical names without the trailing {@code .weight}; {@code *} stands for any characters,
 * {@code {a,b}} for one of several words, the first rule that matches wins.
 *
 * @param <V> what a matrix gets
 */
public final class MatrixRules<V> {
  /** Commas between rules, not between alternatives. */
  private static final Pattern OUTSIDE_BRACES = Pattern.compile(",(?![^{}]*\\})");

  private final String option;
  private final String example;
  private final List<Rule<V>> rules;

  private record Rule<V>(String pattern, Pattern compiled, V value) {}

  private MatrixRules(String option, String example, List<Rule<V>> rules) {
    this.option = option;
    this.example = example;
    this.rules = rules;
  }

  /**
   * Parses an option.
   *
   * @param option its name, for messages
   * @param example a rule, for messages
   * @param value returns what a word stands for, or throws a {@link QuantizationException}
   * @throws QuantizationException if it cannot be understood
   */
  public static <V> MatrixRules<V> parse(
      String option, String text, String example, Function<String, V> value) {
    String meant = text.contains("=") ? text : "*=" + text;
    List<Rule<V>> rules = new ArrayList<>();
    for (String part : OUTSIDE_BRACES.split(meant, -1)) {
      int equals = part.indexOf('=');
      if (equals < 1) {
        throw new QuantizationException(
            "%s: '%s' is no rule; expected PATTERN=VALUE, for instance %s"
                .formatted(option, part, example));
      }
      String pattern = part.substring(0, equals).trim();
      V parsed = value.apply(part.substring(equals + 1).trim());
      rules.add(new Rule<>(pattern, compiled(pattern), parsed));
    }
    return new MatrixRules<>(option, example, List.copyOf(rules));
  }

  private static Pattern compiled(String pattern) {
    StringBuilder expression = new StringBuilder();
    boolean braces = false;
    for (int i = 0; i < pattern.length(); i++) {
      char character = pattern.charAt(i);
      boolean opens = character == '{' && pattern.indexOf('}', i) > 0;
      if (character == '*') {
        expression.append(".*");
      } else if (opens && !braces) {
        expression.append("(?:");
        braces = true;
      } else if (braces && character == '}') {
        expression.append(')');
        braces = false;
      } else if (braces && character == ',') {
        expression.append('|');
      } else {
        expression.append(Pattern.quote(String.valueOf(character)));
      }
    }
    return Pattern.compile(expression.toString());
  }

  /**
   * Returns the value of each matrix.
   *
   * @param matrices canonical names
   * @param optional tells values whose rules need not match anything
   * @throws QuantizationException if a rule matches nothing, or nothing matches a matrix
   */
  public Map<String, V> apply(List<String> matrices, Predicate<V> optional) {
    Map<String, V> result = new LinkedHashMap<>();
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
        result.put(matrix, rules.get(rule).value());
      }
      // A rule may be hidden by one before it and still not be a mistake.
      for (int i = 0; i < rules.size(); i++) {
        used[i] |= rules.get(i).compiled().matcher(name).matches();
      }
    }
    if (!unmatched.isEmpty()) {
      throw new QuantizationException(
          "%s: no rule matches %s%s; end with a rule for the rest, for instance %s"
              .formatted(
                  option,
                  unmatched.get(0),
                  unmatched.size() == 1 ? "" : " and " + (unmatched.size() - 1) + " more",
                  example));
    }
    for (int i = 0; i < used.length; i++) {
      if (!used[i] && !optional.test(rules.get(i).value())) {
        throw new QuantizationException(
            "%s: the rule '%s' matches no matrix; names are like %s"
                .formatted(
                    option,
                    rules.get(i).pattern(),
                    matrices.get(0).replaceFirst("\\.weight$", "")));
      }
    }
    return result;
  }
}
