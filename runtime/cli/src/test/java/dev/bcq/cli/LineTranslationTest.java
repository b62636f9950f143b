package dev.bcq.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineTranslationTest {

  /** An output with room for some sources. */
  private static final class Full implements Output {
    private final UncheckedIOException failure =
        new UncheckedIOException(new IOException("No space left on device"));
    private final List<String> written = new ArrayList<>();
    private final int room;

    Full(int room) {
      this.room = room;
    }

    @Override
    public void write(String text) {
      if (written.size() == room) {
        throw failure;
      }
      written.add(text);
    }

    @Override
    public void checkpoint(long lines) {}
  }

  @Test
  void anOutputThatIsFullEndsTheRunAndNoLineIsToBlame() {
    Full output = new Full(2);
    LineSource lines = new LineSource(new BufferedReader(new StringReader("One.\nTwo.\nFive.\n")));
    try (Translator translator = Translator.open(Path.of(Commands.MODEL))) {
      LineTranslation translation =
          new LineTranslation(
              translator,
              TranslationOptions.DEFAULT,
              BatchOptions.DEFAULT,
              new Rendering(false, false, false, false),
              false,
              output,
              line -> {});
      assertSame(
          output.failure,
          assertThrows(UncheckedIOException.class, () -> translation.run(lines, 0)));
    }
    assertEquals(2, output.written.size());
  }
}
