package dev.bcq.benchmarks.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How the matrices of a synthetic model are stored. */
public sealed interface Precision {
  /** What {@link #parse} takes. */
  String ALLOWED = "32, int8, 1 to 8, or 2.6";

  /** Dense float32. */
  record Float32() implements Precision {}

  /** Dense int8 with a scale for each row. */
  record Int8() implements Precision {}

  /**
   * The same number of bit-planes everywhere.
   *
   * @param count 1 to 8
   */
  record Planes(int count) implements Precision {}

  /**
   * The 2.6 bits on average of Chung and Kim 2020: in the decoder 2 planes for self-attention, 3
   * for cross-attention, 1 for feed-forward; in the encoder 3 for self-attention, 4 for
   * feed-forward; embedding rows 4, 3, 2 and 1, a quarter of the vocabulary each, frequent tokens
   * first.
   */
  record ChungKim() implements Precision {}

  /**
   * Rows of a matrix with the same number of planes.
   *
   * @param rows number of rows; a multiple of 16 but for the last block of a matrix
   */
  record Block(int rows, int planes) {}

  /**
   * Returns the precision that a person means.
   *
   * @throws IllegalArgumentException if it is none of {@value #ALLOWED}
   */
  static Precision parse(String text) {
    if (text.equals("32")) {
      return new Float32();
    }
    if (text.equals("int8")) {
      return new Int8();
    }
    if (text.equals("2.6")) {
      return new ChungKim();
    }
    if (Pattern.matches("[1-8]", text)) {
      return new Planes(Integer.parseInt(text));
    }
    throw new IllegalArgumentException("'" + text + "'; expected " + ALLOWED);
  }

  /** Returns the word that {@link #parse} takes. */
  default String label() {
    return switch (this) {
      case Float32() -> "32";
      case Int8() -> "int8";
      case Planes(int count) -> String.valueOf(count);
      case ChungKim() -> "2.6";
    };
  }

  /**
   * Returns how the rows of a matrix are divided; none if it is dense.
   *
   * @param name canonical name of the matrix
   */
  default List<Block> blocks(String name, int rows) {
    return switch (this) {
      case Float32(), Int8() -> List.of();
      case Planes(int count) -> List.of(new Block(rows, count));
      case ChungKim() -> chungKim(name, rows);
    };
  }

  private static List<Block> chungKim(String name, int rows) {
    if (!name.contains(".layers.")) {
      return quarters(rows);
    }
    boolean encoder = name.startsWith("encoder.");
    if (name.contains(".cross_attention.")) {
      return List.of(new Block(rows, 3));
    }
    if (name.contains(".self_attention.")) {
      return List.of(new Block(rows, encoder ? 3 : 2));
    }
    return List.of(new Block(rows, encoder ? 4 : 1));
  }

  private static List<Block> quarters(int rows) {
    List<Block> blocks = new ArrayList<>();
    int quarter = rows / 4 / 16 * 16;
    for (int planes = 4; planes > 1; planes--) {
      if (quarter > 0) {
        blocks.add(new Block(quarter, planes));
      }
    }
    blocks.add(new Block(rows - quarter * blocks.size(), 1));
    return blocks;
  }
}
