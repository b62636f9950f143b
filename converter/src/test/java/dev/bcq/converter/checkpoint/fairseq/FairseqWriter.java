package dev.bcq.converter.checkpoint.fairseq;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.bcq.converter.checkpoint.pickle.PickleWriter;
import dev.bcq.converter.checkpoint.pytorch.PyTorchWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A small checkpoint as fairseq saves it, with random weights, to be changed before it is written.
 */
final class FairseqWriter {
  static final int WIDTH = 8;
  static final int INNER = 16;
  static final int SOURCE_VOCABULARY = 12;
  static final int TARGET_VOCABULARY = 14;

  /** Settings as {@code args} holds them; values are numbers, flags, texts or null. */
  final Map<String, @Nullable Object> args = new LinkedHashMap<>();

  /** Tensors of floats by name. */
  final Map<String, Tensor> tensors = new TreeMap<>();

  /** Whether settings are in {@code cfg}, as data classes have them, and not in {@code args}. */
  boolean nested;

  /** A tensor: floats, or integers of 64 bits. */
  record Tensor(float[] values, boolean integers, long... shape) {
    Tensor rows(int from, int count) {
      int row = values.length / (int) shape[0];
      long[] part = shape.clone();
      part[0] = count;
      return new Tensor(Arrays.copyOfRange(values, from * row, (from + count) * row), false, part);
    }

    /** Returns tensors below each other. */
    static Tensor stack(List<Tensor> parts) {
      int count = parts.stream().mapToInt(part -> part.values.length).sum();
      float[] all = new float[count];
      int at = 0;
      for (Tensor part : parts) {
        System.arraycopy(part.values, 0, all, at, part.values.length);
        at += part.values.length;
      }
      long[] shape = parts.get(0).shape.clone();
      shape[0] = parts.stream().mapToLong(part -> part.shape[0]).sum();
      return new Tensor(all, false, shape);
    }
  }

  private final Random random;

  FairseqWriter(long seed) {
    random = new Random(seed);
    args.put("arch", "transformer");
    args.put("task", "translation");
    args.put("source_lang", "en");
    args.put("target_lang", "de");
    for (String stack : List.of("encoder", "decoder")) {
      args.put(stack + "_embed_dim", (long) WIDTH);
      args.put(stack + "_ffn_embed_dim", (long) INNER);
      args.put(stack + "_layers", 1L);
      args.put(stack + "_attention_heads", 2L);
      args.put(stack + "_normalize_before", false);
      tensor(stack + ".version", 1);
      Arrays.fill(get(stack + ".version").values(), 3f);
      layer(stack, stack + ".layers.0.");
    }
    args.put("max_source_positions", 32L);
    args.put("max_target_positions", 32L);
    args.put("dropout", 0.1);
    args.put("adaptive_softmax_cutoff", null);
    tensor("encoder.embed_tokens.weight", SOURCE_VOCABULARY, WIDTH);
    tensor("decoder.embed_tokens.weight", TARGET_VOCABULARY, WIDTH);
    tensor("decoder.output_projection.weight", TARGET_VOCABULARY, WIDTH);
  }

  private void layer(String stack, String layer) {
    List<String> attentions =
        stack.equals("encoder") ? List.of("self_attn") : List.of("self_attn", "encoder_attn");
    for (String attention : attentions) {
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        linear(layer + attention + "." + part, WIDTH, WIDTH);
      }
      norm(layer + attention + "_layer_norm");
    }
    linear(layer + "fc1", INNER, WIDTH);
    linear(layer + "fc2", WIDTH, INNER);
    norm(layer + "final_layer_norm");
  }

  private void linear(String name, int rows, int cols) {
    tensor(name + ".weight", rows, cols);
    tensor(name + ".bias", rows);
  }

  void norm(String name) {
    tensor(name + ".weight", WIDTH);
    tensor(name + ".bias", WIDTH);
  }

  /** Adds a tensor of random values. */
  void tensor(String name, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 3;
    }
    tensors.put(name, new Tensor(values, false, shape));
  }

  Tensor get(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  Tensor remove(String name) {
    return Objects.requireNonNull(tensors.remove(name), name);
  }

  void rename(String from, String to) {
    tensors.put(to, remove(from));
  }

  /** Writes {@code checkpoint_best.pt} and vocabularies into a folder and returns it. */
  Path write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve("checkpoint_best.pt"), bytes());
      Files.writeString(folder.resolve("dict.en.txt"), vocabulary(SOURCE_VOCABULARY));
      Files.writeString(folder.resolve("dict.de.txt"), vocabulary(TARGET_VOCABULARY));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  static String vocabulary(int size) {
    StringBuilder lines = new StringBuilder();
    for (int i = 4; i < size; i++) {
      lines.append("word").append(i).append(' ').append(100 - i).append('\n');
    }
    return lines.toString();
  }

  private byte[] bytes() {
    PickleWriter pickle = new PickleWriter().raw("\u0080\u0002}").text("args");
    if (nested) {
      pickle.raw("Ns").text("cfg").raw("}").text("model");
      dict(pickle, nestedSettings());
      pickle.raw("ss");
    } else {
      pickle.global("argparse", "Namespace").raw(")\u0081");
      dict(pickle, args);
      pickle.raw("bs");
    }
    pickle.text("model").global("collections", "OrderedDict").raw(")R");
    Map<String, byte[]> entries = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(tensors.keySet());
    for (int i = 0; i < names.size(); i++) {
      Tensor tensor = get(names.get(i));
      tensor(pickle.text(names.get(i)), tensor, i);
      entries.put("m/data/" + i, storage(tensor));
    }
    entries.put("m/data.pkl", pickle.raw("s").stop());
    entries.put("m/byteorder", "little".getBytes(ISO_8859_1));
    return PyTorchWriter.zip(entries);
  }

  /** Returns the settings as the data classes of later versions have them. */
  private Map<String, @Nullable Object> nestedSettings() {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    args.forEach(
        (key, value) -> {
          int dash = key.indexOf('_');
          if (key.startsWith("encoder_") || key.startsWith("decoder_")) {
            Object part =
                settings.computeIfAbsent(
                    key.substring(0, dash), name -> new LinkedHashMap<String, @Nullable Object>());
            @SuppressWarnings("unchecked")
            Map<String, @Nullable Object> stack = (Map<String, @Nullable Object>) part;
            stack.put(key.substring(dash + 1), value);
          } else {
            settings.put(key, value);
          }
        });
    return settings;
  }

  @SuppressWarnings("unchecked")
  private static void dict(PickleWriter pickle, Map<String, @Nullable Object> values) {
    pickle.raw("}");
    values.forEach(
        (key, value) -> {
          pickle.text(key);
          switch (value) {
            case null -> pickle.raw("N");
            case Long number -> pickle.number(number);
            case Boolean flag -> pickle.raw(flag ? "\u0088" : "\u0089");
            case Double number -> pickle.raw("F" + number + "\n");
            case Map<?, ?> map -> dict(pickle, (Map<String, @Nullable Object>) map);
            default -> pickle.text(value.toString());
          }
          pickle.raw("s");
        });
  }

  private static void tensor(PickleWriter pickle, Tensor tensor, int key) {
    pickle.global("torch._utils", "_rebuild_tensor_v2").raw("((").text("storage");
    pickle.global("torch", tensor.integers() ? "LongStorage" : "FloatStorage");
    pickle.text(String.valueOf(key)).text("cpu").number(tensor.values().length).raw("tQ").number(0);
    long[] strides = new long[tensor.shape().length];
    long next = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = next;
      next *= tensor.shape()[i];
    }
    for (long[] numbers : List.of(tensor.shape(), strides)) {
      pickle.raw("(");
      Arrays.stream(numbers).forEach(pickle::number);
      pickle.raw("t");
    }
    pickle.raw("\u0089NtRs");
  }

  private static byte[] storage(Tensor tensor) {
    ByteBuffer bytes =
        ByteBuffer.allocate(tensor.values().length * (tensor.integers() ? 8 : 4))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : tensor.values()) {
      if (tensor.integers()) {
        bytes.putLong((long) value);
      } else {
        bytes.putFloat(value);
      }
    }
    return bytes.array();
  }
}
