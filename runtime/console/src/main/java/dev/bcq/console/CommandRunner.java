package dev.bcq.console;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * Runs a command: exit code 0, 1 for a failure, 2 for wrong usage; messages in place of stack
 * traces.
 */
public final class CommandRunner {
  /** System property that shows stack traces. */
  private static final String DEBUG = "bcq.debug";

  private static final String COMPLETION =
      "To complete options and file names in bash or zsh: . bin/completion/bcq.sh";

  /** Held here, or its level would be forgotten with it. */
  private static final Logger LOGGER = Logger.getLogger("dev.bcq");

  private CommandRunner() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(Object command, String[] args) {
    Terminal.useUtf8();
    int code = run(command, args);
    System.out.flush();
    System.exit(code);
  }

  /** Runs a command and returns its exit code. */
  public static int run(Object command, String[] args) {
    LOGGER.setLevel(Level.WARNING);
    CommandLine line = new CommandLine(command);
    for (OptionSpec option : line.getCommandSpec().options()) {
      for (Class<?> type : option.auxiliaryTypes()) {
        if (type.isEnum()) {
          registerChoice(line, type);
        }
      }
    }
    line.setUsageHelpWidth(100);
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    usage.footer(
        Stream.concat(Arrays.stream(usage.footer()), Stream.of("", COMPLETION))
            .toArray(String[]::new));
    line.setParameterExceptionHandler(CommandRunner::usageError);
    line.setExecutionExceptionHandler((e, failed, parsed) -> failure(failed.getCommandName(), e));
    return line.execute(args);
  }

  private static <T> void registerChoice(CommandLine line, Class<T> type) {
    line.registerConverter(type, text -> choice(type, text));
  }

  /** Returns the constant of an enumeration that users type in lower case. */
  private static <T> T choice(Class<T> type, String text) {
    T[] constants = type.getEnumConstants();
    for (T constant : constants) {
      if (constant.toString().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw new TypeConversionException(
        "'"
            + text
            + "'; expected one of: "
            + Arrays.stream(constants).map(String::valueOf).collect(Collectors.joining(", ")));
  }

  private static int usageError(ParameterException e, String[] args) {
    String name = e.getCommandLine().getCommandName();
    System.err.println(name + ": " + e.getMessage());
    System.err.println("Try '" + name + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  private static int failure(String name, Exception e) {
    boolean expected =
        e instanceof UncheckedIOException || e.getClass().getName().startsWith("dev.bcq.");
    System.err.println(
        name
            + ": "
            + (expected
                ? e.getMessage()
                : "internal error: "
                    + e
                    + "; run again with JAVA_TOOL_OPTIONS=-D"
                    + DEBUG
                    + "=true"));
    if (Boolean.getBoolean(DEBUG)) {
      e.printStackTrace();
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
