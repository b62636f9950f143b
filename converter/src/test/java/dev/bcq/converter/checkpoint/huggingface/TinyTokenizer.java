package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelWriter;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A SentencePiece model of a few words, and letters and digits for all others. */
public final class TinyTokenizer {
  private static final List<String> WORDS =
      List.of("the", "weather", "is", "nice", "today", "how", "much", "Berlin", "she", "lives");

  private static final String SPACE = "\u2581";

  private TinyTokenizer() {}

  /** Writes the model. */
  public static void write(Path file) {
    List<String> pieces = new ArrayList<>(List.of("<pad>", "</s>", "<unk>"));
    WORDS.forEach(word -> pieces.add(SPACE + word));
    int words = pieces.size();
    pieces.add(SPACE);
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        .chars()
        .forEach(letter -> pieces.add(Character.toString(letter)));
    float[] scores = new float[pieces.size()];
    PieceKind[] kinds = new PieceKind[pieces.size()];
    Arrays.fill(kinds, PieceKind.NORMAL);
    kinds[0] = PieceKind.CONTROL;
    kinds[1] = PieceKind.CONTROL;
    kinds[2] = PieceKind.UNKNOWN;
    for (int i = 3; i < scores.length; i++) {
      scores[i] = i < words ? -3 : -10;
    }
    try {
      SentencePieceModelWriter.write(
          new SentencePieceModel(
              Algorithm.UNIGRAM,
              pieces,
              scores,
              kinds,
              new byte[0],
              true,
              true,
              true,
              false,
              false,
              ""),
          file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes sentences of its words.
   *
   * @param between what is between a source and its target, empty for sources alone
   */
  public static Path sentences(Path file, int count, String between) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String source = WORDS.get(i % 10) + " " + WORDS.get(i * 7 % 10) + " " + i;
      lines.add(between.isEmpty() ? source : source + between + WORDS.get(i * 3 % 10) + " " + i);
    }
    try {
      return Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
