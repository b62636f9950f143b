package dev.bcq.converter.checkpoint.transformerbcq;

import dev.bcq.converter.checkpoint.pickle.PickleWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Files as transformer_bcq writes them with NumPy 1, with random planes. */
final class QuantizedWriter {
  private static final int PLANES = 3;

  private final Random random = new Random(1);
  private final PickleWriter pickle = new PickleWriter();
  private final int width;
  private final int heads;
  private final int inner;
  private final int vocabulary;

  QuantizedWriter(int width, int heads, int inner, int vocabulary) {
    this.width = width;
    this.heads = heads;
    this.inner = inner;
    this.vocabulary = vocabulary;
  }

  /** Writes a model. */
  Path write(Path file, int layers) {
    beginArray().raw("(").number(1).raw(")").global("numpy", "dtype");
    pickle.raw("(").text("O8").raw("\u0089\u0088tR(").number(3).text("|").raw("NNNJ");
    pickle.u32(-1).raw("J").u32(-1).raw("K?tb\u0089](}(");
    layer("encoder/pos_embedding/embedding", () -> planes(vocabulary, width));
    layer("decoder/pos_embedding/embedding", () -> planes(vocabulary, width));
    for (int i = 0; i < layers; i++) {
      block("encoder/layer_" + i, "self_attention");
      block("decoder/layer_" + i, "causal_self_attention", "cross_attention");
    }
    layer(
        "final_layer",
        () -> {
          planes(vocabulary, width);
          floats(0, vocabulary);
        });
    // The items of the dict, the dict itself, the array's list and state, and the array.
    byte[] content = pickle.raw("uetb").stop();
    String header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }";
    byte[] start = new byte[128];
    Arrays.fill(start, (byte) ' ');
    byte[] magic = "\u0093NUMPY\u0001\u0000v\u0000".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(magic, 0, start, 0, magic.length);
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(text, 0, start, magic.length, text.length);
    start[127] = '\n';
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(start);
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private PickleWriter beginArray() {
    if (pickle.isEmpty()) {
      pickle.raw("\u0080\u0003");
    }
    pickle.global("numpy.core.multiarray", "_reconstruct").global("numpy", "ndarray");
    return pickle.raw("(").number(0).raw("tC\u0001b\u0087R");
  }

  private void layer(String key, Runnable entries) {
    pickle.text(key).raw("](");
    entries.run();
    pickle.raw("e");
  }

  private void block(String layer, String... attentions) {
    for (String attention : attentions) {
      layer(layer + "/" + attention + "/mha", this::attention);
      layer(layer + "/" + attention + "/layernorm", this::norm);
    }
    layer(
        layer + "/ffn/seq",
        () -> {
          planes(width, inner);
          floats(0, inner);
          planes(inner, width);
          floats(0, width);
        });
    layer(layer + "/ffn/layer_norm", this::norm);
  }

  private void attention() {
    for (int i = 0; i < 3; i++) {
      planes(width, heads, width);
      floats(0, heads, width);
    }
    planes(heads, width, width);
    floats(0, width);
  }

  private void norm() {
    floats(1, width);
    floats(0, width);
  }

  /** Writes a quantized entry. */
  private void planes(int... shape) {
    int cols = shape[shape.length - 1];
    int rows = 1;
    for (int i = 0; i < shape.length - 1; i++) {
      rows *= shape[i];
    }
    pickle.raw("}(").text("num_bits").number(PLANES).text("transpose").raw("\u0089");
    pickle.text("w_orig_shape").raw("](");
    for (int size : shape) {
      pickle.number(size);
    }
    pickle.raw("e").text("w_2d_shape").raw("](").number(rows).number(cols).raw("e");
    byte[] bits = new byte[rows * (cols / 8) * PLANES];
    random.nextBytes(bits);
    pickle.text("bits");
    array("u1", "|", bits, rows, cols / 8, PLANES);
    ByteBuffer alphas = ByteBuffer.allocate(8 * rows * PLANES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      double alpha = 0.02 + 0.02 * random.nextDouble();
      for (int plane = 0; plane < PLANES; plane++, alpha /= 2) {
        alphas.putDouble(alpha);
      }
    }
    pickle.text("alphas");
    array("f8", "<", alphas.array(), rows, PLANES);
    pickle.raw("u");
  }

  private void floats(float center, int... shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    ByteBuffer values = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      values.putFloat(center + 0.1f * (float) random.nextGaussian());
    }
    array("f4", "<", values.array(), shape);
  }

  private void array(String type, String order, byte[] values, int... shape) {
    beginArray().raw("(").number(1).raw("(");
    for (int size : shape) {
      pickle.number(size);
    }
    pickle.raw("t").global("numpy", "dtype").raw("(").text(type).raw("\u0089\u0088tR(");
    pickle.number(3).text(order).raw("NNNJ").u32(-1).raw("J").u32(-1).raw("K\u0000tb\u0089B");
    pickle.u32(values.length).bytes(values).raw("tb");
  }
}
