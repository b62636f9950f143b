package dev.bcq.fuzz;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.runtime.text.SentencePiece;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads bytes as a model of SentencePiece, and takes a text to pieces and back with it. */
public final class SentencePieceTarget {
  /** As the documentation of the reader and of the tokenizer says. */
  private static final AllocationLimit READING = new AllocationLimit(256 << 10, 128);

  private static final AllocationLimit TOKENIZING = new AllocationLimit(256 << 10, 64);
  private static final int MOST_PIECES = 64;
  private static final String TEXT = "  Hello  w\u00f6rld\u3000\ufb01\u00a0\ud83d\ude00 1\n";
  private static final InputFile FILES = new InputFile();

  private SentencePieceTarget() {}

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, Readers::sentencePiece);
  }

  static void run(byte[] input, Function<Path, SentencePieceModel> reader) {
    Path file = FILES.write("source.spm", input);
    List<SentencePiece> read = new ArrayList<>();
    try {
      READING.check(input.length, () -> read.add(new SentencePiece(reader.apply(file))));
    } catch (CheckpointException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("there is no message", e);
      }
      return;
    }
    SentencePiece tokenizer = read.get(0);
    String text = text(tokenizer.model());
    int length = tokenizer.normalize(text).getBytes(StandardCharsets.UTF_8).length;
    TOKENIZING.check(input.length + length, () -> tokenize(tokenizer, text));
  }

  /** Returns a text that has some of a model's own pieces in it. */
  private static String text(SentencePieceModel model) {
    StringBuilder text = new StringBuilder(TEXT);
    for (int i = 0; i < Math.min(MOST_PIECES, model.pieces().size()); i++) {
      text.append(model.pieces().get(i).replace('\u2581', ' '));
    }
    return text.toString();
  }

  private static void tokenize(SentencePiece tokenizer, String text) {
    int[] numbers = tokenizer.encode(text);
    int pieces = tokenizer.model().pieces().size();
    for (int number : numbers) {
      if (number < 0 || number >= pieces) {
        throw new AssertionError("piece " + number + " of " + pieces);
      }
    }
    tokenizer.decode(numbers);
    int[] all = new int[pieces];
    for (int i = 0; i < pieces; i++) {
      all[i] = i;
    }
    tokenizer.decode(all);
  }
}
