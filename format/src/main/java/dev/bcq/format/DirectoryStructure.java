package dev.bcq.format;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Checks the FlatBuffer of a directory before generated code touches it: every table, vector and
 * string lies inside, aligned, and reading all of them once costs at most four times the
 * directory's length.
 *
 * <p>FlatBuffers for Java has no verifier. The shapes below mirror {@code model.fbs}, field by
 * field.
 */
final class DirectoryStructure {
  private static final int BUDGET_FACTOR = 4;

  /** What a field holds. */
  private sealed interface Field {}

  /** A scalar or struct inside its table. */
  private record Inline(int size, int alignment) implements Field {}

  /** A string. */
  private record Text() implements Field {}

  /** A vector of scalars. */
  private record Scalars(int size) implements Field {}

  /** A vector of strings. */
  private record Texts() implements Field {}

  /** A table. */
  private record Table(Shape shape) implements Field {}

  /** A vector of tables. */
  private record Tables(Shape shape) implements Field {}

  private record Shape(String name, List<Field> fields, List<String> names) {}

  private static final Field BYTE = new Inline(1, 1);
  private static final Field INT = new Inline(4, 4);
  private static final Field DOUBLE = new Inline(8, 8);
  private static final Field BLOCK = new Inline(24, 8);
  private static final Field TEXT = new Text();
  private static final Field TEXTS = new Texts();
  private static final Field INTS = new Scalars(4);

  private static final Shape STACK = shape("Stack", INT, INT, INT, INT);
  private static final Shape CONFIG =
      shape(
          "Config",
          INT,
          INT,
          INT,
          new Table(STACK),
          new Table(STACK),
          BYTE,
          BYTE,
          INT,
          BYTE,
          BYTE,
          BYTE,
          BYTE,
          BYTE,
          BYTE,
          INT,
          INT,
          BYTE,
          BYTE,
          INT,
          INT,
          BYTE,
          INT,
          BYTE,
          BYTE,
          INT,
          BYTE,
          INT);
  private static final Shape INFO = shape("Info", TEXT, TEXTS, TEXTS, TEXT, TEXT);
  private static final Shape PAIR = shape("pair of strings", TEXT, TEXT);
  private static final Shape ORIGIN =
      shape("Origin", TEXT, TEXT, new Tables(PAIR), new Tables(PAIR));
  private static final Shape GENERATION =
      shape(
          "Generation",
          TEXT,
          TEXT,
          INT,
          INT,
          INT,
          BYTE,
          INT,
          INT,
          INT,
          INT,
          INT,
          INT,
          INT,
          INTS,
          INT,
          INTS,
          INTS,
          INTS,
          INTS,
          DOUBLE);
  private static final Shape STRING_LIST = shape("StringList", INT, BLOCK, BLOCK);
  private static final Shape SENTENCE_PIECE =
      shape(
          "SentencePiece",
          new Table(STRING_LIST),
          BLOCK,
          BLOCK,
          BLOCK,
          BYTE,
          BYTE,
          BYTE,
          BYTE,
          BYTE,
          TEXT,
          BYTE);
  private static final Shape TEXT_STEP = shape("TextStep", BYTE, TEXT, TEXT, INT, INT, BLOCK);
  private static final Shape ADDED_TOKEN = shape("AddedToken", TEXT, INT, BYTE, BYTE, BYTE, BYTE);
  private static final Shape BYTE_PAIR =
      shape("BytePair", new Table(STRING_LIST), BLOCK, INT, BYTE, BYTE, BYTE, TEXT, TEXT);
  private static final Shape WORD_PIECE =
      shape("WordPiece", new Table(STRING_LIST), INT, TEXT, INT);
  private static final Shape WORDS = shape("Words", new Table(STRING_LIST), BLOCK, TEXT, BYTE);
  private static final Shape TEXT_PIPELINE =
      shape(
          "TextPipeline",
          new Tables(TEXT_STEP),
          new Tables(TEXT_STEP),
          new Tables(TEXT_STEP),
          new Tables(ADDED_TOKEN),
          new Table(SENTENCE_PIECE),
          new Table(BYTE_PAIR),
          new Table(WORD_PIECE),
          new Table(WORDS));
  private static final Shape LANGUAGE = shape("Language", TEXT, INT);
  private static final Shape TOKENIZER =
      shape(
          "Tokenizer",
          new Table(SENTENCE_PIECE),
          new Table(SENTENCE_PIECE),
          new Table(STRING_LIST),
          INT,
          INT,
          BYTE,
          new Table(TEXT_PIPELINE),
          new Table(TEXT_PIPELINE),
          new Table(STRING_LIST),
          INTS,
          INTS,
          INTS,
          INTS,
          INTS,
          new Tables(LANGUAGE),
          BYTE,
          BYTE,
          INT,
          INT);
  private static final Shape ROW_BLOCK = shape("RowBlock", INT, BYTE, BLOCK, BLOCK);
  private static final Shape MATRIX =
      shape(
          "Matrix",
          TEXT,
          INT,
          INT,
          BYTE,
          INT,
          BYTE,
          BYTE,
          BYTE,
          INT,
          new Tables(ROW_BLOCK),
          BLOCK,
          BLOCK,
          BLOCK,
          INT,
          BYTE);
  private static final Shape TENSOR = shape("Tensor", TEXT, INTS, BLOCK);
  private static final Shape SAMPLE = shape("Sample", TEXT, INTS, INTS, INT, INTS, INT);
  private static final Shape DIRECTORY =
      shape(
          "Directory",
          new Table(CONFIG),
          new Table(INFO),
          new Table(ORIGIN),
          new Table(GENERATION),
          new Tables(GENERATION),
          new Table(TOKENIZER),
          new Tables(MATRIX),
          new Tables(TENSOR),
          new Tables(SAMPLE));

  private final ByteBuffer bytes;
  private final int length;
  private long budget;

  private DirectoryStructure(ByteBuffer bytes) {
    this.bytes = bytes;
    this.length = bytes.remaining();
    this.budget = (long) BUDGET_FACTOR * length;
  }

  private static Shape shape(String name, Field... fields) {
    return new Shape(
        name,
        List.of(fields),
        IntStream.range(0, fields.length)
            .mapToObj(i -> name + " field " + i)
            .collect(Collectors.toList()));
  }

  /**
   * Checks a directory.
   *
   * @param bytes little-endian, the directory from position 0
   * @throws BcqFormatException if anything points outside, is misaligned or costs too much
   */
  static void check(ByteBuffer bytes) {
    DirectoryStructure structure = new DirectoryStructure(bytes);
    structure.range(0, 8, 4, "root");
    byte[] identifier = {'B', 'C', 'Q', '1'};
    for (int i = 0; i < identifier.length; i++) {
      if (bytes.get(4 + i) != identifier[i]) {
        throw new BcqFormatException("the directory lacks the identifier BCQ1");
      }
    }
    structure.table(structure.follow(0, "root"), DIRECTORY);
  }

  private void table(int at, Shape shape) {
    range(at, 4, 4, shape.name());
    long vtable = (long) at - bytes.getInt(at);
    range(vtable, 4, 2, shape.name());
    int vtableLength = Short.toUnsignedInt(bytes.getShort((int) vtable));
    int tableLength = Short.toUnsignedInt(bytes.getShort((int) vtable + 2));
    if (vtableLength < 4 || vtableLength % 2 != 0 || tableLength < 4) {
      throw damaged(shape.name(), at, "its field table has " + vtableLength + " bytes");
    }
    range(vtable, vtableLength, 2, shape.name());
    range(at, tableLength, 4, shape.name());
    charge((long) vtableLength + tableLength, shape.name());
    int count = Math.min(shape.fields().size(), (vtableLength - 4) / 2);
    for (int i = 0; i < count; i++) {
      int offset = Short.toUnsignedInt(bytes.getShort((int) vtable + 4 + 2 * i));
      if (offset != 0) {
        field(at, offset, tableLength, shape.fields().get(i), shape.names().get(i));
      }
    }
  }

  private void field(int table, int offset, int tableLength, Field field, String what) {
    int size = field instanceof Inline inline ? inline.size() : 4;
    int alignment = field instanceof Inline inline ? inline.alignment() : 4;
    if (offset < 4 || offset + size > tableLength) {
      throw damaged(what, table, "its offset " + offset + " is outside the table");
    }
    int at = table + offset;
    range(at, size, alignment, what);
    if (field instanceof Text) {
      string(follow(at, what), what);
    } else if (field instanceof Table table1) {
      table(follow(at, what), table1.shape());
    } else if (field instanceof Scalars scalars) {
      vector(follow(at, what), scalars.size(), what);
    } else if (field instanceof Texts) {
      int vector = follow(at, what);
      int count = vector(vector, 4, what);
      for (int i = 0; i < count; i++) {
        string(follow(vector + 4 + 4 * i, what), what);
      }
    } else if (field instanceof Tables tables) {
      int vector = follow(at, what);
      int count = vector(vector, 4, what);
      for (int i = 0; i < count; i++) {
        table(follow(vector + 4 + 4 * i, what), tables.shape());
      }
    }
  }

  private int vector(int at, int size, String what) {
    range(at, 4, 4, what);
    long count = Integer.toUnsignedLong(bytes.getInt(at));
    range(at, 4 + count * size, 4, what);
    charge(4 + count * size, what);
    return (int) count;
  }

  private void string(int at, String what) {
    int count = vector(at, 1, what);
    range(at, 5L + count, 4, what);
    if (bytes.get(at + 4 + count) != 0) {
      throw damaged(what, at, "a string does not end in a zero byte");
    }
    if (!Utf8.isValid(bytes, at + 4, at + 4 + count)) {
      throw new BcqFormatException(what + " is not valid UTF-8");
    }
  }

  private int follow(int at, String what) {
    long target = at + Integer.toUnsignedLong(bytes.getInt(at));
    range(target, 4, 4, what);
    return (int) target;
  }

  private void range(long at, long size, int alignment, String what) {
    if (at < 0 || size > length || at > length - size || at % alignment != 0) {
      throw damaged(
          what,
          at,
          String.format(
              Locale.ROOT, "%d bytes there are not inside its %d bytes, aligned", size, length));
    }
  }

  private void charge(long cost, String what) {
    budget -= cost;
    if (budget < 0) {
      throw new BcqFormatException(
          String.format(
              Locale.ROOT,
              "the directory is damaged: reading it costs more than %d times its %d bytes, at %s",
              BUDGET_FACTOR,
              length,
              what));
    }
  }

  private static BcqFormatException damaged(String what, long at, String reason) {
    return new BcqFormatException(
        String.format(
            Locale.ROOT, "the directory is damaged: %s at byte %d: %s", what, at, reason));
  }
}
