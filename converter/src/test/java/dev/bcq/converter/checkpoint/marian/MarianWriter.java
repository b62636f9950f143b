package dev.bcq.converter.checkpoint.marian;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bcq.converter.checkpoint.numpy.NpzWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;

/** A tiny model as Marian stores it, with random weights, right or with mistakes. */
final class MarianWriter {
  static final int WIDTH = 8;
  static final int INNER = 12;
  static final int TOKENS = 10;

  final Map<String, String> options = new LinkedHashMap<>();
  final Map<String, float[]> values = new LinkedHashMap<>();
  final Map<String, long[]> shapes = new LinkedHashMap<>();

  private final Random random;
  private final int tokens;

  MarianWriter(long seed) {
    this(seed, TOKENS);
  }

  MarianWriter(long seed, int tokens) {
    this.tokens = tokens;
    random = new Random(seed);
    options.put("type", "transformer");
    options.put("dim-emb", String.valueOf(WIDTH));
    options.put("dim-vocabs", "\n  - " + tokens + "\n  - " + tokens);
    options.put("enc-depth", "1");
    options.put("dec-depth", "1");
    options.put("transformer-heads", "2");
    options.put("transformer-dim-ffn", String.valueOf(INNER));
    options.put("transformer-ffn-activation", "relu");
    options.put("transformer-preprocess", "\"\"");
    options.put("transformer-postprocess", "dan");
    options.put("tied-embeddings-all", "true");
    add("Wemb", tokens, WIDTH);
    add("decoder_ff_logit_out_b", 1, tokens);
    layers("");
  }

  /** Adds one layer for each side, with norms of this suffix. */
  void layers(String suffix) {
    for (String stack : new String[] {"encoder", "decoder"}) {
      attention(stack + "_l1_self_", suffix);
      if (stack.equals("decoder")) {
        attention(stack + "_l1_context_", suffix);
      }
      add(stack + "_l1_ffn_W1", WIDTH, INNER);
      add(stack + "_l1_ffn_b1", 1, INNER);
      add(stack + "_l1_ffn_W2", INNER, WIDTH);
      add(stack + "_l1_ffn_b2", 1, WIDTH);
      norm(stack + "_l1_ffn_ffn_ln_", suffix);
    }
  }

  private void attention(String name, String suffix) {
    for (String part : new String[] {"q", "k", "v", "o"}) {
      add(name + "W" + part, WIDTH, WIDTH);
      add(name + "b" + part, 1, WIDTH);
    }
    norm(name + "Wo_ln_", suffix);
  }

  void norm(String name, String suffix) {
    add(name + "scale" + suffix, 1, WIDTH);
    add(name + "bias" + suffix, 1, WIDTH);
  }

  /** Adds an array of random values. */
  void add(String name, long... shape) {
    float[] all = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) random.nextGaussian();
    }
    values.put(name, all);
    shapes.put(name, shape);
  }

  /** Turns the model into one whose sublayers begin with norms. */
  void normFirst() {
    values.keySet().removeIf(name -> name.contains("_ln_"));
    layers("_pre");
    norm("encoder_top_ln_", "");
    norm("decoder_top_ln_", "");
    options.put("transformer-preprocess", "n");
    options.put("transformer-postprocess", "da");
    options.put("transformer-postprocess-top", "n");
  }

  byte[] npz() {
    NpzWriter writer = new NpzWriter();
    values.forEach(
        (name, all) -> writer.floats(name, all, Objects.requireNonNull(shapes.get(name))));
    String text =
        options.entrySet().stream()
            .map(option -> option.getKey() + ": " + option.getValue() + "\n")
            .collect(Collectors.joining());
    byte[] bytes = text.getBytes(UTF_8);
    return writer
        .text("special:model.yml", Arrays.copyOf(bytes, (bytes.length / 256 + 1) * 256))
        .zip();
  }

  /** Writes the model and a vocabulary into a folder, and returns it. */
  Path write(Path folder) {
    StringBuilder vocabulary = new StringBuilder("</s>: 0\n<unk>: 1\n");
    for (int i = 2; i < tokens; i++) {
      vocabulary.append("t%d: %d\n".formatted(i, i));
    }
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve("model.npz"), npz());
      Files.writeString(folder.resolve("vocab.yml"), vocabulary);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
