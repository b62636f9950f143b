package dev.bcq.converter;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.converter.checkpoint.huggingface.TinyTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A T5 checkpoint of a few kilobytes with random weights, to be written whole or with a mistake.
 */
final class TinyCheckpoint {
  private static final int WIDTH = 32;
  private static final int INNER = 48;
  private static final int HEADS = 2;
  private static final int VOCABULARY = 40;

  final Map<String, Object> config = new LinkedHashMap<>();
  final Map<String, Object> generation = new LinkedHashMap<>();
  final Map<String, int[]> shapes = new LinkedHashMap<>();

  /** Standard deviation of all weights. */
  float deviation = 0.3f;

  private final Random random;

  TinyCheckpoint(long seed) {
    this(seed, VOCABULARY);
  }

  TinyCheckpoint(long seed, int vocabulary) {
    random = new Random(seed);
    config.put("model_type", "t5");
    config.put("d_model", WIDTH);
    config.put("d_kv", WIDTH / HEADS);
    config.put("d_ff", INNER);
    config.put("num_heads", HEADS);
    config.put("num_layers", 1);
    config.put("vocab_size", vocabulary);
    config.put("relative_attention_num_buckets", 8);
    config.put("relative_attention_max_distance", 16);
    generation.put("decoder_start_token_id", 0);
    generation.put("eos_token_id", 1);
    shapes.put("shared.weight", new int[] {vocabulary, WIDTH});
    for (String stack : List.of("encoder", "decoder")) {
      String block = stack + ".block.0.layer.";
      attention(block + "0.SelfAttention");
      shapes.put(block + "0.SelfAttention.relative_attention_bias.weight", new int[] {8, HEADS});
      shapes.put(block + "0.layer_norm.weight", new int[] {WIDTH});
      String last = block + "1";
      if (stack.equals("decoder")) {
        attention(block + "1.EncDecAttention");
        shapes.put(block + "1.layer_norm.weight", new int[] {WIDTH});
        last = block + "2";
      }
      shapes.put(last + ".DenseReluDense.wi.weight", new int[] {INNER, WIDTH});
      shapes.put(last + ".DenseReluDense.wo.weight", new int[] {WIDTH, INNER});
      shapes.put(last + ".layer_norm.weight", new int[] {WIDTH});
      shapes.put(stack + ".final_layer_norm.weight", new int[] {WIDTH});
    }
  }

  private void attention(String name) {
    for (String part : List.of("q", "k", "v", "o")) {
      shapes.put(name + "." + part + ".weight", new int[] {WIDTH, WIDTH});
    }
  }

  /** Writes the checkpoint as one file of float32. */
  Path write(Path folder) {
    try {
      Files.createDirectories(folder);
      ObjectMapper json = new ObjectMapper();
      json.writeValue(folder.resolve("config.json").toFile(), config);
      json.writeValue(folder.resolve("generation_config.json").toFile(), generation);
      Files.write(folder.resolve("model.safetensors"), safetensors(json));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the checkpoint with a tokenizer for text. */
  Path writeWithTokenizer(Path folder) {
    write(folder);
    TinyTokenizer.write(folder.resolve("spiece.model"));
    return folder;
  }

  private byte[] safetensors(ObjectMapper json) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    int end = 0;
    for (Map.Entry<String, int[]> tensor : shapes.entrySet()) {
      int begin = end;
      end += 4 * count(tensor.getValue());
      header.put(
          tensor.getKey(),
          Map.of(
              "dtype", "F32", "shape", tensor.getValue(), "data_offsets", new int[] {begin, end}));
    }
    byte[] text = json.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + end).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    while (bytes.hasRemaining()) {
      bytes.putFloat(deviation * (float) random.nextGaussian());
    }
    return bytes.array();
  }

  private static int count(int[] shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    return count;
  }
}
