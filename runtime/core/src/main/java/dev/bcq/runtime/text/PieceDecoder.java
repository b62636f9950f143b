package dev.bcq.runtime.text;

import dev.bcq.format.TextStep;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The decoder steps of a pipeline. Immutable and thread-safe. */
final class PieceDecoder {
  /** Pieces grow at most so much, all in all. */
  private static final int MOST_GROWTH = 32;

  private static final int GROWTH_OF_ANY = 1024;

  /** What BERT's clean-up closes up, in its order. */
  private static final String[][] CLEAN_UP = {
    {" .", "."},
    {" ?", "?"},
    {" !", "!"},
    {" ,", ","},
    {" ' ", "'"},
    {" n't", "n't"},
    {" 'm", "'m"},
    {" do not", " don't"},
    {" 's", "'s"},
    {" 've", "'ve"},
    {" 're", "'re"}
  };

  private final List<TextStep> steps;

  PieceDecoder(List<TextStep> steps) {
    this.steps = steps;
  }

  /** Returns the text of pieces. */
  String decode(List<String> pieces) {
    if (steps.isEmpty()) {
      return String.join(" ", pieces);
    }
    List<String> result = pieces;
    for (TextStep step : steps) {
      result = apply(step, result);
    }
    return String.join("", result);
  }

  private static List<String> apply(TextStep step, List<String> pieces) {
    return switch (step.kind()) {
      case SPACES -> spaces(step, pieces);
      case FROM_BYTES -> List.of(fromBytes(pieces));
      case CONTINUATIONS -> continuations(step, pieces);
      case REPLACE_IN_PIECES -> replaced(step.text(), step.content(), pieces);
      case BYTE_PIECES -> bytePieces(pieces);
      case FUSE -> List.of(String.join("", pieces));
      case STRIP_PIECES -> stripped(step, pieces);
      case END_SUFFIXES -> endSuffixes(step.text(), pieces);
      case JOINERS -> joiners(step.text(), pieces);
      default -> throw new IllegalStateException(step.kind() + " is no step of a decoder");
    };
  }

  private static List<String> spaces(TextStep step, List<String> pieces) {
    List<String> result = new ArrayList<>(pieces.size());
    for (String piece : pieces) {
      boolean dropped = result.isEmpty() && step.first() == 1;
      result.add(piece.replace(step.text(), dropped ? "" : " "));
    }
    return result;
  }

  private static String fromBytes(List<String> pieces) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String piece : pieces) {
      byte[] found = ByteCharacters.bytes(piece);
      bytes.write(found, 0, found.length);
    }
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  private static List<String> continuations(TextStep step, List<String> pieces) {
    List<String> result = new ArrayList<>(pieces.size());
    for (String piece : pieces) {
      String text =
          result.isEmpty()
              ? piece
              : piece.startsWith(step.text()) ? piece.substring(step.text().length()) : " " + piece;
      result.add(step.first() == 1 ? cleanedUp(text) : text);
    }
    return result;
  }

  private static String cleanedUp(String text) {
    String result = text;
    for (String[] pair : CLEAN_UP) {
      result = result.replace(pair[0], pair[1]);
    }
    return result;
  }

  private static List<String> replaced(String text, String content, List<String> pieces) {
    List<String> result = new ArrayList<>(pieces.size());
    for (String piece : pieces) {
      long most = (long) MOST_GROWTH * piece.length() + GROWTH_OF_ANY;
      result.add(TextNormalizer.replaced(text, content, piece, most));
    }
    return result;
  }

  private static List<String> bytePieces(List<String> pieces) {
    List<String> result = new ArrayList<>(pieces.size());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String piece : pieces) {
      if (BytePieces.isByte(piece)) {
        bytes.write(BytePieces.value(piece));
      } else {
        addBytes(bytes, result);
        result.add(piece);
      }
    }
    addBytes(bytes, result);
    return result;
  }

  private static void addBytes(ByteArrayOutputStream bytes, List<String> into) {
    if (bytes.size() == 0) {
      return;
    }
    try {
      into.add(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      StringBuilder marks = new StringBuilder();
      for (int i = 0; i < bytes.size(); i++) {
        marks.append('\ufffd');
      }
      into.add(marks.toString());
    }
    bytes.reset();
  }

  private static List<String> stripped(TextStep step, List<String> pieces) {
    List<String> result = new ArrayList<>(pieces.size());
    for (String piece : pieces) {
      int from = 0;
      int to = piece.length();
      int length = step.text().length();
      for (int i = 0; i < step.first() && piece.startsWith(step.text(), from); i++) {
        from += length;
      }
      for (int i = 0;
          i < step.second() && to - length >= from && piece.startsWith(step.text(), to - length);
          i++) {
        to -= length;
      }
      result.add(piece.substring(from, to));
    }
    return result;
  }

  private static List<String> endSuffixes(String suffix, List<String> pieces) {
    List<String> result = new ArrayList<>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      result.add(pieces.get(i).replace(suffix, i == pieces.size() - 1 ? "" : " "));
    }
    return result;
  }

  private static List<String> joiners(String joiner, List<String> pieces) {
    List<String> result = new ArrayList<>(pieces.size());
    boolean spaced = false;
    for (String piece : pieces) {
      boolean joins = !joiner.isEmpty() && piece.endsWith(joiner);
      String text = joins ? piece.substring(0, piece.length() - joiner.length()) : piece;
      result.add(spaced ? " " + text : text);
      spaced = !joins;
    }
    return result;
  }
}
