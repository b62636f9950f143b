package dev.bcq.fuzz;

import dev.bcq.format.Activation;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqWriter;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.GoldenSample;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.Int8Order;
import dev.bcq.format.ModelInfo;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.Provenance;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TokenizerEntry;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random models of a few kilobytes, complete enough to translate. */
final class SmallModels {
  /** Most tokens of a source or a target. */
  static final int POSITIONS = 24;

  private static final int WIDTH = 8;
  private static final int INNER = 16;
  private static final int LAYERS = 1;

  private final BcqWriter writer;
  private final Random random = new Random(1);
  private final TransformerConfig config;
  private final List<MatrixEntry> matrices = new ArrayList<>();
  private final List<FloatTensorEntry> tensors = new ArrayList<>();

  private SmallModels(BcqWriter writer, TransformerConfig config) {
    this.writer = writer;
    this.config = config;
  }

  /**
   * Writes and opens a model with post-norm, sinusoids and a vocabulary, as Marian has them.
   *
   * @param language its source language, empty for none
   */
  static BcqFile translating(Path file, String language) {
    List<String> languages = language.isEmpty() ? List.of() : List.of(language);
    return write(
        file,
        config(NormKind.LAYER, false, new Positions.Sinusoidal(POSITIONS, false, 0, false)),
        languages,
        SmallTokenizers.withVocabulary());
  }

  /** Returns files of every kind. */
  static List<byte[]> files() {
    Path file = new InputFile().folder().resolve("model.bcq");
    List<Runnable> writers =
        new ArrayList<>(
            List.of(() -> translating(file, "en"), () -> t5(file), () -> trainedPositions(file)));
    for (TokenizerModel tokenizer : SmallPipelines.all(SmallTokenizers.characterMap())) {
      writers.add(() -> write(file, small(), List.of("en"), tokenizer));
    }
    List<byte[]> files = new ArrayList<>();
    try {
      for (Runnable writer : writers) {
        writer.run();
        files.add(Files.readAllBytes(file));
      }
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Writes a model with a gate and relative positions, as T5 has them. */
  private static void t5(Path file) {
    write(
        file,
        config(NormKind.RMS, true, new Positions.Relative(8, 16, false)),
        List.of("en"),
        SmallTokenizers.byPieces());
  }

  /** Writes a model with trained positions. */
  private static void trainedPositions(Path file) {
    write(
        file,
        config(NormKind.LAYER, true, new Positions.Learned(POSITIONS, 2)),
        List.of(),
        SmallTokenizers.byPieces());
  }

  private static TransformerConfig small() {
    return config(NormKind.LAYER, true, new Positions.None());
  }

  private static TransformerConfig config(NormKind norm, boolean gated, Positions positions) {
    StackConfig stack = new StackConfig(LAYERS, 2, 4, INNER);
    return new TransformerConfig(
        SmallTokenizers.TOKENS,
        SmallTokenizers.TOKENS,
        WIDTH,
        stack,
        stack,
        norm,
        gated ? NormPlacement.PRE : NormPlacement.POST,
        1e-5f,
        gated,
        false,
        Activation.RELU,
        gated,
        norm == NormKind.LAYER,
        positions,
        2f,
        true,
        !gated,
        0.7f,
        !gated,
        0.5f);
  }

  private static BcqFile write(
      Path file, TransformerConfig config, List<String> languages, TokenizerModel tokenizer) {
    try (BcqWriter writer = BcqWriter.create(file, true)) {
      SmallModels model = new SmallModels(writer, config);
      model.addAll();
      TokenizerEntry entry = writer.addTokenizer(tokenizer);
      writer.commit(
          new BcqDirectory(
              config,
              new ModelInfo("small", languages, List.of("de"), "", ""),
              new Provenance(
                  "fuzz",
                  "random",
                  List.of(new Provenance.SourceFile("none", "0".repeat(64))),
                  List.of(new Provenance.Option("bits", "2"))),
              GenerationSettings.builder()
                  .startToken(0)
                  .endTokens(List.of(1))
                  .beams(2)
                  .maxTokens(4)
                  .build(),
              Map.of("short", GenerationSettings.builder().prefix("a").maxTokens(2).build()),
              entry,
              model.matrices,
              model.tensors,
              List.of(
                  new GoldenSample("a", List.of(4, 1), List.of(5, 1), -1f, List.of(5, 1), -1f))));
    }
    return BcqFile.open(file);
  }

  private void addAll() {
    matrix("embedding.weight", SmallTokenizers.TOKENS, WIDTH);
    for (String stack : List.of("encoder", "decoder")) {
      for (int i = 0; i < LAYERS; i++) {
        layer(stack, stack + ".layers." + i + ".");
      }
      if (config.positions() instanceof Positions.Relative relative) {
        tensor(stack + ".layers.0.relative_bias.weight", relative.buckets(), 2);
      } else if (config.positions() instanceof Positions.Learned learned) {
        tensor(stack + ".positions.weight", learned.offset() + learned.count(), WIDTH);
      }
      if (config.finalNorm()) {
        norm(stack + ".norm");
      }
    }
    if (!config.tiedOutput()) {
      matrix("output.weight", SmallTokenizers.TOKENS, WIDTH);
    }
    if (config.outputBias()) {
      tensor("output.bias", SmallTokenizers.TOKENS);
    }
  }

  private void layer(String stack, String prefix) {
    attention(prefix + "self_attention");
    if (stack.equals("decoder")) {
      attention(prefix + "cross_attention");
    }
    if (config.gated()) {
      linear(prefix + "feed_forward.gate", INNER, WIDTH);
    }
    linear(prefix + "feed_forward.up", INNER, WIDTH);
    linear(prefix + "feed_forward.down", WIDTH, INNER);
    norm(prefix + "feed_forward_norm");
  }

  private void attention(String name) {
    for (String part : List.of(".query", ".key", ".value", ".output")) {
      linear(name + part, WIDTH, WIDTH);
    }
    norm(name + "_norm");
  }

  private void linear(String name, int rows, int cols) {
    matrix(name + ".weight", rows, cols);
    if (config.biases()) {
      tensor(name + ".bias", rows);
    }
  }

  private void norm(String name) {
    tensor(name + ".weight", WIDTH);
    if (config.norm() == NormKind.LAYER) {
      tensor(name + ".bias", WIDTH);
    }
  }

  /** Adds a matrix; each is stored in another way than the one before. */
  private void matrix(String name, int rows, int cols) {
    MatrixEntry.Storage storage =
        switch (matrices.size() % 4) {
          case 0 -> planes(rows, cols, 2);
          case 1 ->
              new MatrixEntry.Int8(
                  Int8Order.TILES,
                  writer.addBlock(bytes((int) Int8TileLayout.valuesLength(rows, cols))),
                  writer.addBlock(floats(rows)));
          case 2 ->
              new MatrixEntry.Int8(
                  Int8Order.ROWS,
                  writer.addBlock(bytes(rows * cols)),
                  writer.addBlock(floats(rows)));
          default -> new MatrixEntry.Float32(writer.addBlock(floats(rows * cols)));
        };
    matrices.add(new MatrixEntry(name, rows, cols, storage, 0, false));
  }

  private MatrixEntry.BitPlanes planes(int rows, int cols, int planes) {
    int scales = (int) BitPlaneLayout.scaleCount(rows, cols, planes, 32, true);
    ByteBuffer order = ByteBuffer.allocate(4 * rows).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = rows - 1; i >= 0; i--) {
      order.putInt(i);
    }
    return new MatrixEntry.BitPlanes(
        32,
        true,
        MatrixEntry.ScaleType.FLOAT32,
        MatrixEntry.ScaleAxis.OUTPUT,
        1,
        List.of(
            new MatrixEntry.RowBlock(
                rows,
                planes,
                writer.addBlock(bytes((int) BitPlaneLayout.bitsLength(rows, cols, planes))),
                writer.addBlock(floats(scales)))),
        writer.addBlock(order.flip()));
  }

  private void tensor(String name, Integer... shape) {
    int count = List.of(shape).stream().reduce(1, (a, b) -> a * b);
    tensors.add(new FloatTensorEntry(name, List.of(shape), writer.addBlock(floats(count))));
  }

  private ByteBuffer bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private ByteBuffer floats(int count) {
    ByteBuffer values = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      values.putFloat(0.5f * (float) random.nextGaussian());
    }
    return values.flip();
  }
}
