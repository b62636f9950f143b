package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.converter.checkpoint.TensorSource;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Variables that are flags, numbers or short texts; reading one marks it as known. */
final class Scalars {
  private static final int MOST_CHARACTERS = 1000;

  private final TensorPicker picker;

  Scalars(TensorPicker picker) {
    this.picker = picker;
  }

  boolean has(String name) {
    return picker.find(name) != null;
  }

  /** Returns a number, or null if there is none. */
  @Nullable Float number(String name) {
    TensorSource source = picker.find(name);
    if (source == null) {
      return null;
    }
    if (source.count() != 1) {
      throw new CheckpointException(
          "%s has the shape %s; expected one number".formatted(name, source.shape()));
    }
    return source.readAll()[0];
  }

  int integer(String name, int absent) {
    Float found = number(name);
    if (found == null) {
      return absent;
    }
    if (found != Math.rint(found) || Math.abs(found) > 1 << 20) {
      throw wrong(name, found, "a small integer");
    }
    return Math.round(found);
  }

  boolean flag(String name, boolean absent) {
    Float found = number(name);
    return found == null ? absent : found != 0;
  }

  /** Returns a text, which is stored as bytes, or null if there is none. */
  @Nullable String text(String name) {
    TensorSource source = picker.find(name);
    if (source == null) {
      return null;
    }
    if (source.type() != TensorSource.Type.I8 || source.count() > MOST_CHARACTERS) {
      throw new CheckpointException(
          "%s is %s of %s; expected a text of bytes"
              .formatted(name, source.shape(), source.type()));
    }
    float[] values = source.readAll();
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static CheckpointException wrong(String name, Object found, String expected) {
    return new CheckpointException("%s is %s; expected %s".formatted(name, found, expected));
  }
}
