package dev.bcq.console;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a user has typed, and checks of it: what does not hold is wrong usage. */
public final class Usage {

  /** What a shell takes as it is. */
  private static final Pattern PLAIN = Pattern.compile("[\\w./:=,+@%-]+");

  private Usage() {}

  /** Returns what was typed, as a shell takes it. */
  public static String typed(@Nullable CommandSpec command) {
    CommandLine line = Objects.requireNonNull(command).commandLine();
    return line.getCommandName()
        + line.getParseResult().originalArgs().stream()
            .map(
                argument ->
                    PLAIN.matcher(argument).matches()
                        ? " " + argument
                        : " '" + argument.replace("'", "'\\''") + "'")
            .collect(Collectors.joining());
  }

  /**
   * Checks a condition.
   *
   * @param command the command, which is known once its options are read
   * @throws ParameterException with the message if the condition does not hold
   */
  public static void require(@Nullable CommandSpec command, boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(Objects.requireNonNull(command).commandLine(), message);
    }
  }

  /**
   * Checks a number.
   *
   * @param found the number, or null if it was not given
   * @param most most that is allowed; {@link Integer#MAX_VALUE} for any
   * @throws ParameterException with the allowed range if the number is outside of it
   */
  public static void range(
      @Nullable CommandSpec command, String name, @Nullable Integer found, int least, int most) {
    String expected = most == Integer.MAX_VALUE ? least + " or more" : least + " to " + most;
    require(
        command,
        found == null || (found >= least && found <= most),
        name + " is " + found + "; expected " + expected);
  }
}
