package dev.bcq.console;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.charset.StandardCharsets;

/**
 * The streams of a command: UTF-8 whatever the locale says.
 *
 * <p>The launcher tells by system properties what the JVM does not: {@code bcq.stderr}, the device
 * that messages go to (what the JVM itself prints goes elsewhere), and {@code bcq.stdin.terminal},
 * {@code bcq.stdout.terminal}, {@code bcq.stderr.terminal}, whether a person is there.
 */
public final class Terminal {

  private Terminal() {}

  /** Makes standard output and error UTF-8. Call it first. */
  public static void useUtf8() {
    System.setOut(
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errorStream(), true, StandardCharsets.UTF_8));
  }

  // The number must become a descriptor itself: opening its device again would write a file from
  // another place.
  private static FileOutputStream errorStream() {
    Integer number = Integer.getInteger("bcq.stderr");
    if (number != null) {
      try {
        Constructor<FileDescriptor> constructor =
            FileDescriptor.class.getDeclaredConstructor(int.class);
        constructor.setAccessible(true);
        return new FileOutputStream(constructor.newInstance(number));
      } catch (ReflectiveOperationException | InaccessibleObjectException e) {
        // Started without the launcher's flags; the JVM's own stream reaches the same person.
        return new FileOutputStream(FileDescriptor.err);
      }
    }
    return new FileOutputStream(FileDescriptor.err);
  }

  /** Returns whether a person types the input. */
  public static boolean isInput() {
    return Boolean.getBoolean("bcq.stdin.terminal");
  }

  /** Returns whether a person reads the output. */
  public static boolean isOutput() {
    return Boolean.getBoolean("bcq.stdout.terminal");
  }

  /** Returns whether a person looks at standard error: progress is shown only then. */
  public static boolean isError() {
    return Boolean.getBoolean("bcq.stderr.terminal");
  }

  /** Returns a reader of UTF-8; malformed bytes become U+FFFD. */
  public static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }
}
