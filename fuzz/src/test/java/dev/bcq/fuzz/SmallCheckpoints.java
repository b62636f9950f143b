package dev.bcq.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The smallest models of CTranslate2 and of Marian: one layer on each side, four columns. */
final class SmallCheckpoints {
  /** Tokens of both vocabularies, a line each. */
  static final List<String> TOKENS = List.of("</s>", "<unk>", "<s>");

  /** The options of the model of Marian. */
  static final String OPTIONS =
      """
      type: transformer
      dim-emb: 4
      dim-vocabs: [3, 3]
      enc-depth: 1
      dec-depth: 1
      transformer-heads: 2
      transformer-dim-ffn: 4
      tied-embeddings-all: true
      transformer-tied-layers:
        []
      """;

  private static final int WIDTH = 4;

  private SmallCheckpoints() {}

  /** Returns a {@code model.bin}. */
  static byte[] modelBin(int version, boolean codes) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    for (String stack : List.of("encoder", "decoder")) {
      shapes.put(stack + "/embeddings/weight", new int[] {TOKENS.size(), WIDTH});
      String layer = stack + "/layer_0/";
      block(shapes, layer + "self_attention/", 3 * WIDTH, WIDTH);
      if (stack.equals("decoder")) {
        block(shapes, layer + "attention/", WIDTH, 2 * WIDTH, WIDTH);
      }
      block(shapes, layer + "ffn/", WIDTH, WIDTH);
      shapes.put(stack + "/layer_norm/gamma", new int[] {WIDTH});
      shapes.put(stack + "/layer_norm/beta", new int[] {WIDTH});
      shapes.put(stack + "/position_encodings/encodings", new int[] {2, WIDTH});
      shapes.put(stack + "/num_heads", new int[0]);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    integer(out, version);
    name(out, "TransformerSpec");
    integer(out, 7);
    ByteArrayOutputStream variables = new ByteArrayOutputStream();
    int count = 0;
    for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
      boolean matrix = codes && entry.getKey().endsWith("weight");
      boolean scalar = entry.getValue().length == 0;
      count += matrix ? 2 : 1;
      variable(variables, entry.getKey(), matrix || scalar ? 1 : 0, version, entry.getValue());
      if (matrix) {
        variable(variables, entry.getKey() + "_scale", 0, version, new int[] {entry.getValue()[0]});
      }
    }
    integer(out, count);
    out.writeBytes(variables.toByteArray());
    integer(out, 1);
    name(out, "decoder/projection/weight");
    name(out, "decoder/embeddings/weight");
    return out.toByteArray();
  }

  private static void block(Map<String, int[]> shapes, String name, int... rows) {
    for (int i = 0; i < rows.length; i++) {
      shapes.put(name + "linear_" + i + "/weight", new int[] {rows[i], WIDTH});
      shapes.put(name + "linear_" + i + "/bias", new int[] {rows[i]});
    }
    shapes.put(name + "layer_norm/gamma", new int[] {WIDTH});
    shapes.put(name + "layer_norm/beta", new int[] {WIDTH});
  }

  private static void variable(
      ByteArrayOutputStream out, String name, int type, int version, int[] shape) {
    name(out, name);
    out.write(shape.length);
    int values = 1;
    for (int size : shape) {
      integer(out, size);
      values *= size;
    }
    int size = type == 0 ? Float.BYTES : 1;
    out.write(version >= 4 ? type : size);
    integer(out, version >= 4 ? values * size : values);
    byte[] bytes = new byte[values * size];
    ByteBuffer into = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values; i++) {
      if (type == 0) {
        into.putFloat(1f);
      } else {
        into.put((byte) 2);
      }
    }
    out.writeBytes(bytes);
  }

  private static void integer(ByteArrayOutputStream out, int value) {
    byte[] bytes = new byte[Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(value);
    out.writeBytes(bytes);
  }

  private static void name(ByteArrayOutputStream out, String text) {
    out.write(text.length() + 1);
    out.write(0);
    out.writeBytes(text.getBytes(ISO_8859_1));
    out.write(0);
  }

  /** Returns a {@code .npz} with these options. */
  static byte[] npz(byte[] options) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("special:model.yml", npy("|i1", new int[] {options.length}, options));
    entries.put("Wemb", floats(TOKENS.size(), WIDTH));
    entries.put("decoder_ff_logit_out_b", floats(1, TOKENS.size()));
    List<String> attentions =
        List.of("encoder_l1_self_", "decoder_l1_self_", "decoder_l1_context_");
    List<String> blocks = new ArrayList<>();
    for (String attention : attentions) {
      for (String part : List.of("q", "k", "v", "o")) {
        entries.put(attention + "W" + part, floats(WIDTH, WIDTH));
        entries.put(attention + "b" + part, floats(1, WIDTH));
      }
      blocks.add(attention + "Wo_ln_");
    }
    for (String stack : List.of("encoder", "decoder")) {
      for (int i = 1; i <= 2; i++) {
        entries.put(stack + "_l1_ffn_W" + i, floats(WIDTH, WIDTH));
        entries.put(stack + "_l1_ffn_b" + i, floats(1, WIDTH));
      }
      blocks.add(stack + "_l1_ffn_ffn_ln_");
    }
    for (String block : blocks) {
      entries.put(block + "scale", floats(1, WIDTH));
      entries.put(block + "bias", floats(1, WIDTH));
    }
    return zip(entries);
  }

  private static byte[] floats(int rows, int cols) {
    return npy("<f4", new int[] {rows, cols}, new byte[rows * cols * Float.BYTES]);
  }

  /** Returns a {@code .npy} array. */
  static byte[] npy(String descr, int[] shape, byte[] values) {
    String sizes = Arrays.toString(shape).replace("[", "(").replace("]", ",)");
    String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n".formatted(descr, sizes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x93);
    out.writeBytes("NUMPY\u0001\u0000".getBytes(ISO_8859_1));
    out.write(text.length());
    out.write(0);
    out.writeBytes(text.getBytes(ISO_8859_1));
    out.writeBytes(values);
    return out.toByteArray();
  }

  private static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> content : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(content.getKey() + ".npy");
        CRC32 checksum = new CRC32();
        checksum.update(content.getValue());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.getValue().length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
