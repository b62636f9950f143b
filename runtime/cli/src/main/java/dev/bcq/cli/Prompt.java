package dev.bcq.cli;

import dev.bcq.console.CommandException;
import dev.bcq.format.ModelInfo;
import dev.bcq.runtime.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/**
 * Asks a person for texts: arrow keys and history, Ctrl-C leaves a line or a translation, Ctrl-D
 * ends.
 */
final class Prompt {
  private final String prompt;

  /** What is done with a text. */
  interface Answer {

    /** Returns lines to show. */
    String to(String text, Cancellation handle);
  }

  Prompt(ModelInfo info) {
    String languages =
        String.join(",", info.sourceLanguages()) + "-" + String.join(",", info.targetLanguages());
    prompt = (languages.equals("-") ? "bcq" : languages) + "> ";
  }

  /** Returns where the lines that were typed are kept. */
  private static Path history() {
    String state = System.getenv("XDG_STATE_HOME");
    Path folder =
        state == null || state.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state);
    return folder.resolve("bcq").resolve("history");
  }

  /** Answers until the person ends it. */
  void run(Answer answer) {
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("bcq-translate")
              .variable(LineReader.HISTORY_FILE, history())
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      terminal.writer().println("Type a text to translate it; Ctrl-D ends.");
      run(answer, terminal, reader);
    } catch (IOException e) {
      throw new CommandException("the terminal cannot be used: " + e.getMessage(), e);
    }
  }

  private void run(Answer answer, Terminal terminal, LineReader reader) {
    while (true) {
      String text;
      try {
        text = reader.readLine(prompt);
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        return;
      }
      if (!text.isBlank()) {
        answer(answer, terminal, text);
      }
    }
  }

  private static void answer(Answer answer, Terminal terminal, String text) {
    Cancellation handle = new Cancellation();
    Terminal.SignalHandler former = terminal.handle(Signal.INT, signal -> handle.cancel());
    try {
      terminal.writer().print(answer.to(text, handle));
    } catch (CancellationException e) {
      terminal.writer().println("^C");
    } catch (RuntimeException e) {
      if (!e.getClass().getName().startsWith("dev.bcq.")) {
        throw e;
      }
      terminal.writer().println(e.getMessage());
    } finally {
      terminal.handle(Signal.INT, former);
      terminal.flush();
    }
  }
}
