package dev.bcq.converter.checkpoint.compressedtransformers;

import dev.bcq.converter.checkpoint.pickle.PickleWriter;
import dev.bcq.converter.checkpoint.pytorch.PyTorchWriter;
import dev.bcq.format.Positions;
import dev.bcq.runtime.ops.Sinusoids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Checkpoints as Compressed-Transformers writes them, with random weights. */
final class CompressedWriter {
  static final int WIDTH = 16;
  private static final int INNER = 32;
  private static final int SOURCE = 24;
  private static final int TARGET = 20;
  private static final int ROWS = 30;

  private final Random random = new Random(3);
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final PickleWriter pickle = new PickleWriter();

  /** The largest code of rounded layers; 0 for none. */
  int largestCode;

  /** A weight that is zero, so that its sign is. */
  boolean zero;

  /** What is added to the tables of positions. */
  float shift;

  /** A tensor that is left out. */
  String missing = "";

  Path write(Path folder, String name) {
    pickle.raw("\u0080\u0002}(").text("dataset_name").text("IWSLT").text("state_dict").raw("}(");
    floats("src_embedding.embeddings_table.weight", SOURCE, WIDTH);
    floats("trg_embedding.embeddings_table.weight", TARGET, WIDTH);
    positions("src_pos_embedding.positional_encodings_table");
    positions("trg_pos_embedding.positional_encodings_table");
    for (String stack : new String[] {"encoder", "decoder"}) {
      String layer = "%s.%s_layers.0.".formatted(stack, stack);
      boolean encoder = stack.equals("encoder");
      for (int i = 0; i < (encoder ? 2 : 3); i++) {
        norm(layer + "sublayers." + i + ".norm");
      }
      for (String attention :
          encoder
              ? new String[] {"multi_headed_attention"}
              : new String[] {"trg_multi_headed_attention", "src_multi_headed_attention"}) {
        for (int i = 0; i < 3; i++) {
          linear(layer + attention + ".qkv_nets." + i, WIDTH, WIDTH, largestCode > 0);
        }
        linear(layer + attention + ".out_projection_net", WIDTH, WIDTH, false);
      }
      linear(layer + "pointwise_net.linear1", INNER, WIDTH, false);
      linear(layer + "pointwise_net.linear2", WIDTH, INNER, false);
      norm(stack + ".norm");
    }
    linear("decoder_generator.linear", TARGET, WIDTH, false);
    entries.put("m/data.pkl", pickle.raw("uu").stop());
    entries.put("m/byteorder", "little".getBytes(StandardCharsets.ISO_8859_1));
    try {
      return Files.write(Files.createDirectories(folder).resolve(name), PyTorchWriter.zip(entries));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void linear(String name, int rows, int cols, boolean codes) {
    floats(name + ".weight", rows, cols);
    floats(name + ".bias", rows);
    if (codes) {
      byte[] bytes = new byte[rows * cols];
      int most = Math.min(largestCode, 127);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (i == 0 ? -largestCode : random.nextInt(2 * most + 1) - most);
      }
      tensor(name + ".quantized_weight", "CharStorage", bytes, rows, cols);
      number(name + ".weight_norm", 0.01f + 0.1f / largestCode);
      tensor(name + ".quantized_bias", "CharStorage", new byte[rows], rows);
      number(name + ".bias_norm", 1e-9f);
      tensor(name + "._step", "FloatStorage", new byte[4], 1);
    }
  }

  private void norm(String name) {
    floats(name + ".weight", WIDTH);
    floats(name + ".bias", WIDTH);
  }

  private void positions(String name) {
    float[] table = Sinusoids.table(new Positions.Sinusoidal(ROWS, true, 0, false), WIDTH, ROWS);
    table[WIDTH] += shift;
    tensor(name, "FloatStorage", bytes(table), ROWS, WIDTH);
  }

  private void floats(String name, int... shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = zero && i == 1 ? 0 : 0.3f * (float) random.nextGaussian();
    }
    tensor(name, "FloatStorage", bytes(values), shape);
  }

  private void number(String name, float value) {
    tensor(name, "FloatStorage", bytes(value));
  }

  private static byte[] bytes(float... values) {
    byte[] bytes = new byte[4 * values.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  private void tensor(String name, String storage, byte[] values, int... shape) {
    if (name.equals(missing)) {
      return;
    }
    String key = String.valueOf(entries.size());
    entries.put("m/data/" + key, values);
    int size = storage.equals("FloatStorage") ? 4 : 1;
    pickle.text(name).global("torch._utils", "_rebuild_tensor_v2").raw("((").text("storage");
    pickle.global("torch", storage).text(key).text("cpu").number(values.length / size);
    pickle.raw("tQ").number(0).raw("(");
    for (int length : shape) {
      pickle.number(length);
    }
    pickle.raw("t(");
    long stride = values.length / size;
    for (int length : shape) {
      stride /= length;
      pickle.number(stride);
    }
    pickle.raw("t\u0089NtR");
  }
}
