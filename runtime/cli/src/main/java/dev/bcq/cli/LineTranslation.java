package dev.bcq.cli;

import dev.bcq.console.CommandException;
import dev.bcq.runtime.BatchListener;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.LanguageException;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationException;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Translates lines to an output, in their order, each as soon as those before it are there. */
final class LineTranslation {
  /**
   * Lines are taken together for this many rounds of all threads, so that few wait for the last.
   */
  private static final int ROUNDS = 16;

  private final Translator translator;
  private final TranslationOptions options;
  private final BatchOptions batch;
  private final Rendering rendering;
  private final boolean sentences;
  private final Output output;
  private final Watcher watcher;

  /** Sees what is done. */
  interface Watcher {

    /** Hears of a line that is written. */
    void done(String line);
  }

  /**
   * Prepares.
   *
   * @param sentences whether lines are split into sentences; they are segments otherwise
   */
  LineTranslation(
      Translator translator,
      TranslationOptions options,
      BatchOptions batch,
      Rendering rendering,
      boolean sentences,
      Output output,
      Watcher watcher) {
    this.translator = translator;
    this.options = options;
    this.batch = batch;
    this.rendering = rendering;
    this.sentences = sentences;
    this.output = output;
    this.watcher = watcher;
  }

  /**
   * Translates all lines.
   *
   * @param first number of lines that are done already
   */
  void run(LineSource lines, long first) {
    long done = first;
    int most = sentences ? 1 : batch.segments() * batch.threads() * ROUNDS;
    for (List<String> taken = lines.next(most); !taken.isEmpty(); taken = lines.next(most)) {
      translate(taken, done + 1);
      done += taken.size();
      output.checkpoint(done);
    }
  }

  private void translate(List<String> lines, long number) {
    if (lines.size() == 1) {
      translate(lines.get(0), number);
      return;
    }
    InOrder inOrder = new InOrder(lines);
    try {
      segments(lines, batch.withListener(inOrder));
    } catch (LanguageException e) {
      throw e;
    } catch (TranslationException | CommandException e) {
      // One of them cannot be translated: those before it can.
      for (int i = inOrder.next; i < lines.size(); i++) {
        translate(lines.get(i), number + i);
      }
    }
  }

  private void translate(String line, long number) {
    try {
      String text =
          sentences
              ? rendering.text(line, translator.translateText(line, options, batch))
              : rendering.segment(line, segments(List.of(line), batch).get(0));
      output.write(text);
      watcher.done(line);
    } catch (LanguageException e) {
      // Of the options, not of the line.
      throw e;
    } catch (TranslationException | CommandException e) {
      throw new CommandException("line " + number + ": " + e.getMessage(), e);
    }
  }

  private List<Translation> segments(List<String> lines, BatchOptions how) {
    return rendering.ids()
        ? translator.translateAllIds(lines.stream().map(TokenIds::parse).toList(), options, how)
        : translator.translateAll(lines, options, how);
  }

  /** Holds translations back until those of all lines before them are written. */
  private final class InOrder implements BatchListener {
    private final List<String> lines;
    private final @Nullable String[] texts;
    private int next;

    InOrder(List<String> lines) {
      this.lines = lines;
      this.texts = new String[lines.size()];
    }

    @Override
    public void translated(int segment, Translation translation, int done, int total) {
      texts[segment] = rendering.segment(lines.get(segment), translation);
      while (next < texts.length && texts[next] != null) {
        output.write(texts[next]);
        watcher.done(lines.get(next));
        texts[next++] = null;
      }
      BatchListener listener = batch.listener();
      if (listener != null) {
        listener.translated(segment, translation, done, total);
      }
    }
  }
}
