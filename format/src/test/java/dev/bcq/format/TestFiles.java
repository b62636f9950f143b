package dev.bcq.format;

import dev.bcq.format.MatrixEntry.Int8Order;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Small complete files for tests; they are no working models. */
final class TestFiles {

  private TestFiles() {}

  static TransformerConfig config(Positions positions) {
    return new TransformerConfig(
        40,
        40,
        8,
        new StackConfig(1, 2, 4, 16),
        new StackConfig(2, 2, 4, 16),
        NormKind.RMS,
        NormPlacement.PRE,
        1e-6f,
        true,
        false,
        Activation.GELU_TANH,
        true,
        false,
        positions,
        1f,
        true,
        true,
        0.25f,
        false,
        0.5f);
  }

  static GenerationSettings settings() {
    return GenerationSettings.builder()
        .prefix("translate: ")
        .beams(4)
        .nBest(2)
        .lengthPenalty(0f)
        .earlyStopping(EarlyStopping.FALSE)
        .repetitionPenalty(1.5f)
        .noRepeatNgram(0)
        .minTokens(0)
        .maxTokens(30)
        .minLength(1)
        .maxLength(31)
        .maxTokensPerSource(1.25)
        .startToken(0)
        .endTokens(List.of(1, 0))
        .forcedFirstToken(0)
        .forcedLastTokens(List.of(1))
        .blockedTokens(List.of(2, 3))
        .suppressedTokens(List.of(4))
        .beginSuppressedTokens(List.of(5))
        .build();
  }

  static ByteBuffer random(long seed, long length) {
    byte[] bytes = new byte[(int) length];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  static SentencePieceModel sentencePiece() {
    return new SentencePieceModel(
        SentencePieceModel.Algorithm.UNIGRAM,
        List.of("<unk>", "</s>", "\u2581a", "b", "<0x0A>"),
        new float[] {0, 0, -1, -2, 0},
        new SentencePieceModel.PieceKind[] {
          SentencePieceModel.PieceKind.UNKNOWN,
          SentencePieceModel.PieceKind.CONTROL,
          SentencePieceModel.PieceKind.NORMAL,
          SentencePieceModel.PieceKind.USER_DEFINED,
          SentencePieceModel.PieceKind.BYTE
        },
        new byte[] {4, 0, 0, 0, 0, 0, 0, 0, 'x', 0},
        true,
        false,
        true,
        false,
        true,
        " \u2047 ");
  }

  /** Adds data of every kind and returns the directory that describes it. */
  static BcqDirectory complete(BcqWriter writer) {
    DataBlock scales =
        writer.addBlock(random(1, 2 * BitPlaneLayout.scaleCount(16, 40, 3, 32, true)));
    DataBlock bits = writer.addBlock(random(2, BitPlaneLayout.bitsLength(16, 40, 3)));
    DataBlock moreBits = writer.addBlock(random(3, BitPlaneLayout.bitsLength(5, 40, 1)));
    DataBlock moreScales =
        writer.addBlock(random(4, 2 * BitPlaneLayout.scaleCount(5, 40, 1, 32, true)));
    ByteBuffer permutation = ByteBuffer.allocate(21 * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 20; i >= 0; i--) {
      permutation.putInt(i);
    }
    permutation.flip();
    MatrixEntry.BitPlanes planes =
        new MatrixEntry.BitPlanes(
            32,
            true,
            MatrixEntry.ScaleType.FLOAT16,
            MatrixEntry.ScaleAxis.OUTPUT,
            1,
            List.of(
                new MatrixEntry.RowBlock(16, 3, bits, scales),
                new MatrixEntry.RowBlock(5, 1, moreBits, moreScales)),
            writer.addBlock(permutation));
    MatrixEntry.BitPlanes inputScales =
        new MatrixEntry.BitPlanes(
            0,
            false,
            MatrixEntry.ScaleType.FLOAT32,
            MatrixEntry.ScaleAxis.INPUT,
            2,
            List.of(
                new MatrixEntry.RowBlock(
                    8,
                    2,
                    writer.addBlock(random(5, BitPlaneLayout.bitsLength(8, 33, 2))),
                    writer.addBlock(random(6, 2 * 2 * 64 * 4)))),
            null);
    Map<String, GenerationSettings> tasks = new LinkedHashMap<>();
    tasks.put("translation_en_to_de", settings());
    tasks.put("nothing", GenerationSettings.NONE);
    return new BcqDirectory(
        config(new Positions.Relative(32, 128, true)),
        new ModelInfo("näme", List.of("en"), List.of("de", "fr"), "CC BY 2.0", "who"),
        new Provenance(
            "test 1",
            "t5",
            List.of(new Provenance.SourceFile("config.json", "ab".repeat(32))),
            List.of(new Provenance.Option("bits", "3"))),
        settings(),
        tasks,
        writer.addTokenizer(
            TokenizerModel.of(
                sentencePiece(), sentencePiece(), List.of("<unk>", "</s>", "\u2581a"), 0, 1, true)),
        List.of(
            new MatrixEntry("embedding.weight", 21, 40, planes, 0.25f, true),
            new MatrixEntry("scaled.weight", 8, 33, inputScales, 0f, false),
            new MatrixEntry(
                "dense.weight",
                3,
                5,
                new MatrixEntry.Float32(writer.addBlock(random(7, 60))),
                0f,
                false),
            new MatrixEntry(
                "bytes.weight",
                3,
                5,
                new MatrixEntry.Int8(
                    Int8Order.ROWS, writer.addBlock(random(8, 15)), writer.addBlock(random(9, 12))),
                0.5f,
                false),
            new MatrixEntry(
                "tiles.weight",
                17,
                33,
                new MatrixEntry.Int8(
                    Int8Order.TILES,
                    writer.addBlock(random(11, 2048)),
                    writer.addBlock(random(12, 68))),
                0.5f,
                false)),
        List.of(
            new FloatTensorEntry("norm.weight", List.of(2, 4), writer.addBlock(random(10, 32)))),
        List.of(
            new GoldenSample("hello", List.of(5, 1), List.of(7, 1), -0.5f, List.of(8, 1), -0.4f)));
  }

  /** Returns a directory of a tokenizer and tensors alone. */
  static BcqDirectory small(@Nullable TokenizerEntry tokenizer, List<FloatTensorEntry> tensors) {
    return new BcqDirectory(
        config(new Positions.None()),
        new ModelInfo("", List.of(), List.of(), "", ""),
        new Provenance("", "", List.of(), List.of()),
        GenerationSettings.NONE,
        Map.of(),
        tokenizer,
        List.of(),
        tensors,
        List.of());
  }

  static Path write(Path file) {
    try (BcqWriter writer = BcqWriter.create(file, true)) {
      writer.commit(complete(writer));
    }
    return file;
  }
}
