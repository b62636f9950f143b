package dev.bcq.runtime.text;

import dev.bcq.format.SentencePieceModel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * SentencePiece's normalizer: the character map applied to the longest match at each place, white
 * space trimmed, joined and escaped, user-defined pieces left as they are. Equal to {@code
 * normalizer.cc}.
 */
final class Normalizer {
  private static final byte[] ESCAPED_SPACE = "\u2581".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SPACE = {' '};

  private final SentencePieceModel model;
  private final CharacterMap map;
  private final ByteTrie userDefined;
  private final byte[] space;

  Normalizer(SentencePieceModel model, ByteTrie userDefined) {
    this.model = model;
    this.map = new CharacterMap(model.characterMap());
    this.userDefined = userDefined;
    this.space = model.escapeWhitespaces() ? ESCAPED_SPACE : SPACE;
  }

  /** Returns the normalized UTF-8 of a text; an unpaired surrogate counts as U+FFFD. */
  byte[] normalize(String text) {
    return new Run(Utf8.repaired(text).getBytes(StandardCharsets.UTF_8)).normalize();
  }

  /** One text on its way. */
  private final class Run {
    private final byte[] text;
    private byte[] output;
    private int length;

    /**
     * The replacement of the last step: bytes from .. to of an array, for a number of bytes of the
     * text.
     */
    private byte[] source = {};

    private int from;
    private int to;
    private int consumed;

    Run(byte[] text) {
      this.text = text;
      this.output = new byte[text.length + text.length / 2 + 16];
    }

    byte[] normalize() {
      int at = 0;
      if (model.removeExtraWhitespaces()) {
        while (at < text.length && isSpace(at)) {
          at += consumed;
        }
      }
      if (at == text.length) {
        return new byte[0];
      }
      if (model.addDummyPrefix() && !model.whitespaceAsSuffix()) {
        append(space, 0, space.length);
      }
      boolean afterSpace = model.removeExtraWhitespaces();
      while (at < text.length) {
        step(at);
        at += consumed;
        while (afterSpace && from < to && source[from] == ' ') {
          from++;
        }
        if (from < to) {
          afterSpace = source[to - 1] == ' ';
          appendEscaped();
        }
        afterSpace &= model.removeExtraWhitespaces();
      }
      if (model.removeExtraWhitespaces()) {
        trimEnd();
      }
      if (model.addDummyPrefix() && model.whitespaceAsSuffix()) {
        append(space, 0, space.length);
      }
      return Arrays.copyOf(output, length);
    }

    private boolean isSpace(int at) {
      step(at);
      return to - from == 1 && source[from] == ' ';
    }

    private void step(int at) {
      int whole = userDefined.longestMatch(text, at);
      if (whole == 0) {
        long match = map.longestMatch(text, at);
        if (match != CharacterMap.NO_MATCH) {
          source = map.bytes();
          from = (int) match;
          to = from;
          while (to < source.length && source[to] != 0) {
            to++;
          }
          consumed = (int) (match >>> 32);
          return;
        }
        whole = Math.min(Utf8.length(text[at]), text.length - at);
      }
      source = text;
      from = at;
      to = at + whole;
      consumed = whole;
    }

    private void appendEscaped() {
      for (int i = from; i < to; i++) {
        if (source[i] == ' ') {
          append(space, 0, space.length);
        } else {
          append(source, i, 1);
        }
      }
    }

    private void append(byte[] bytes, int offset, int count) {
      if (length + count > output.length) {
        output = Arrays.copyOf(output, 2 * output.length + count);
      }
      System.arraycopy(bytes, offset, output, length, count);
      length += count;
    }

    private void trimEnd() {
      while (endsInSpace()) {
        length -= space.length;
      }
    }

    private boolean endsInSpace() {
      boolean same = length >= space.length;
      for (int i = 0; i < space.length && same; i++) {
        same = output[length - space.length + i] == space[i];
      }
      return same;
    }
  }
}
