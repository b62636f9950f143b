package dev.bcq.converter.checkpoint.ctranslate2;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bcq.converter.checkpoint.TensorSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Writes {@code model.bin} files of any version, right or with mistakes. */
public final class ModelBinWriter {
  int version = 6;
  String specification = "TransformerSpec";
  int revision = 7;
  final Map<String, Variable> variables = new LinkedHashMap<>();
  final Map<String, String> aliases = new LinkedHashMap<>();

  /** A variable of a type by its number in CTranslate2. */
  record Variable(int type, long[] shape, byte[] values) {
    int itemSize() {
      return List.of(4, 1, 2, 4, 2, 2).get(type);
    }
  }

  void scalar(String name, int value) {
    variables.put(name, new Variable(1, new long[0], new byte[] {(byte) value}));
  }

  void number(String name, float value) {
    floats(name, new float[] {value});
  }

  void text(String name, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    variables.put(name, new Variable(1, new long[] {bytes.length}, bytes));
  }

  void floats(String name, float[] values, long... shape) {
    byte[] bytes = new byte[4 * values.length];
    ByteBuffer into = buffer(bytes);
    for (float value : values) {
      into.putFloat(value);
    }
    variables.put(name, new Variable(0, shape, bytes));
  }

  /** Adds values as IEEE binary16, or as the upper half of floats. */
  void halves(String name, float[] values, boolean upper, long... shape) {
    byte[] bytes = new byte[2 * values.length];
    ByteBuffer into = buffer(bytes);
    for (float value : values) {
      into.putShort(
          upper ? (short) (Float.floatToIntBits(value) >>> 16) : Float.floatToFloat16(value));
    }
    variables.put(name, new Variable(upper ? 5 : 4, shape, bytes));
  }

  /** Adds a matrix as int8 codes with a scale for each row, of the given type. */
  void int8(String name, float[] values, boolean halfScales, long rows, long cols) {
    byte[] codes = new byte[values.length];
    float[] scales = new float[(int) rows];
    for (int r = 0; r < rows; r++) {
      float most = 0;
      for (int c = 0; c < cols; c++) {
        most = Math.max(most, Math.abs(values[(int) (r * cols + c)]));
      }
      float scale = most == 0 ? 1 : 127 / most;
      scales[r] = halfScales ? Float.float16ToFloat(Float.floatToFloat16(scale)) : scale;
      for (int c = 0; c < cols; c++) {
        int i = (int) (r * cols + c);
        codes[i] = (byte) Math.clamp(Math.rint((double) values[i] * scales[r]), -127, 127);
      }
    }
    variables.put(name, new Variable(1, new long[] {rows, cols}, codes));
    if (halfScales) {
      halves(name + "_scale", scales, false, rows);
    } else {
      floats(name + "_scale", scales, rows);
    }
  }

  /**
   * Adds a matrix as int16 codes.
   *
   * @param scaleStored whether the scale is stored; it is 1000 otherwise
   */
  void int16(String name, float[] values, boolean scaleStored, long rows, long cols) {
    float most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    float scale = scaleStored ? 1024 / most : 1000;
    byte[] bytes = new byte[2 * values.length];
    ByteBuffer into = buffer(bytes);
    for (float value : values) {
      into.putShort((short) Math.rint((double) value * scale));
    }
    variables.put(name, new Variable(2, new long[] {rows, cols}, bytes));
    if (scaleStored) {
      number(name + "_scale", scale);
    }
  }

  static float[] values(TensorSource... parts) {
    int count = (int) LongStream.of(count(parts)).sum();
    float[] all = new float[count];
    int at = 0;
    for (TensorSource part : parts) {
      float[] values = part.readAll();
      System.arraycopy(values, 0, all, at, values.length);
      at += values.length;
    }
    return all;
  }

  private static long[] count(TensorSource... parts) {
    long[] counts = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      counts[i] = parts[i].count();
    }
    return counts;
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    integer(out, version);
    if (version >= 2) {
      name(out, specification);
      integer(out, revision);
    }
    integer(out, variables.size());
    variables.forEach((name, variable) -> variable(out, name, variable));
    if (version >= 3) {
      integer(out, aliases.size());
      aliases.forEach(
          (alias, name) -> {
            name(out, alias);
            name(out, name);
          });
    }
    return out.toByteArray();
  }

  private void variable(ByteArrayOutputStream out, String name, Variable variable) {
    name(out, name);
    out.write(variable.shape().length);
    for (long size : variable.shape()) {
      integer(out, (int) size);
    }
    out.write(version >= 4 ? variable.type() : variable.itemSize());
    integer(
        out,
        version >= 4 ? variable.values().length : variable.values().length / variable.itemSize());
    out.writeBytes(variable.values());
  }

  static void integer(ByteArrayOutputStream out, int value) {
    byte[] bytes = new byte[4];
    buffer(bytes).putInt(value);
    out.writeBytes(bytes);
  }

  static void name(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    byte[] length = new byte[2];
    buffer(length).putShort((short) (bytes.length + 1));
    out.writeBytes(length);
    out.writeBytes(bytes);
    out.write(0);
  }
}
