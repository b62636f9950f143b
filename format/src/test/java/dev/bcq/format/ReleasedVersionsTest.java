package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Float32;
import dev.bcq.format.MatrixEntry.Int8;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Files of released versions hold for ever what they held; see the README beside them. */
class ReleasedVersionsTest {
  private final BcqFile file = BcqFile.open(ReleasedFiles.VERSION_1);
  private final BcqDirectory directory = file.directory();

  private MatrixEntry matrix(String name) {
    return directory.matrices().stream()
        .filter(matrix -> matrix.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String line(MatrixEntry matrix, float[] weights) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights);
    return String.format(
        Locale.ROOT,
        "%s %d %d %08x",
        matrix.name(),
        matrix.rows(),
        matrix.cols(),
        FileHeader.crc(bytes));
  }

  @Test
  void theFileOfVersion1NeverChanges() throws IOException, NoSuchAlgorithmException {
    byte[] bytes = Files.readAllBytes(ReleasedFiles.VERSION_1);
    assertEquals(
        "c25538a4e8f26f2c9a803991ec3625a474eeb9d00d96aa02520afca56be2f4fd",
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
        "put the old file back; a new one belongs to a new version");
    file.verifyChecksums();
  }

  @Test
  void version1SaysWhatItsModelIs() {
    StackConfig stack = new StackConfig(1, 2, 24, 72);
    assertEquals(
        new TransformerConfig(
            40,
            40,
            40,
            stack,
            stack,
            NormKind.LAYER,
            NormPlacement.POST,
            1e-5f,
            false,
            true,
            Activation.SILU,
            true,
            true,
            new Positions.Sinusoidal(64, false, 0, true),
            2f,
            true,
            true,
            0.75f,
            true,
            0.25f),
        directory.config());
    assertEquals(
        new ModelInfo("version 1", List.of("en"), List.of("de", "fr"), "Apache-2.0", "random"),
        directory.info());
    assertEquals(
        new Provenance(
            "bcq 0.1.0",
            "marian",
            List.of(new Provenance.SourceFile("none", "0".repeat(64))),
            List.of(new Provenance.Option("bits", "2"))),
        directory.provenance());
  }

  @Test
  void version1SaysHowToDecode() {
    assertEquals(
        GenerationSettings.builder()
            .startToken(39)
            .endTokens(List.of(0))
            .blockedTokens(List.of(39))
            .lengthPenalty(0.5f)
            .noRepeatNgram(2)
            .repetitionPenalty(1.25f)
            .build(),
        directory.generation());
    assertEquals(
        Map.of("short", GenerationSettings.builder().prefix("the ").maxTokens(3).build()),
        directory.tasks());
    assertEquals(3, directory.samples().size());
    assertEquals(
        new GoldenSample(
            "the B\u00e4r <name> in here",
            List.of(2, 8, 10, 9, 6, 8, 36, 8, 7, 8, 16, 6, 13, 0),
            List.of(23, 23, 30, 30, 36, 7, 29, 17, 17, 29, 29, 0),
            -0x1.0c7478p3f,
            List.of(1, 0),
            -2.5f),
        directory.samples().get(1));
  }

  @Test
  void version1HasItsTokenizer() {
    TokenizerModel tokenizer = Objects.requireNonNull(file.tokenizer());
    assertEquals(1, tokenizer.unknown());
    assertEquals(TokenFrame.endingIn(0), tokenizer.sourceFrame());
    assertEquals(TokenFrame.endingIn(0), tokenizer.targetFrame());
    assertEquals(true, tokenizer.languageTokens());
    assertEquals(40, tokenizer.vocabulary().size());
    assertEquals("\u2581hello", tokenizer.vocabulary().get(3));
    assertEquals("<pad>", tokenizer.vocabulary().get(39));
    SentencePieceModel source = (SentencePieceModel) tokenizer.source().model();
    assertEquals(39, source.pieces().size());
    assertEquals(
        List.of("<unk>", "</s>", "<name>", "<0x0A>", "zzz"), source.pieces().subList(0, 5));
    assertEquals(
        List.of(
            PieceKind.UNKNOWN,
            PieceKind.CONTROL,
            PieceKind.USER_DEFINED,
            PieceKind.BYTE,
            PieceKind.UNUSED,
            PieceKind.NORMAL),
        List.of(source.kinds()).subList(0, 6));
    assertEquals(-2 - 0.125f * 38, source.scores()[38]);
    assertEquals(1083, source.characterMap().length);
    assertEquals(" \u2047 ", source.unknownSurface());
    SentencePieceModel target =
        (SentencePieceModel) Objects.requireNonNull(tokenizer.target()).model();
    assertEquals(
        List.of("<unk>", "</s>", "\u2581", "\u2581ein", "e", "i", "n", "s"), target.pieces());
    assertEquals(0, target.characterMap().length);
  }

  @Test
  void version1HasEveryKindOfStorage() {
    assertEquals(
        ReleasedFiles.matricesOfVersion1().stream()
            .map(line -> line.substring(0, line.lastIndexOf(' ')))
            .collect(Collectors.toList()),
        directory.matrices().stream()
            .map(matrix -> matrix.name() + " " + matrix.rows() + " " + matrix.cols())
            .collect(Collectors.toList()));
    BitPlanes embedding = (BitPlanes) matrix("embedding.weight").storage();
    assertNotNull(embedding.permutation());
    assertEquals(
        List.of(4, 2, 1), embedding.blocks().stream().map(MatrixEntry.RowBlock::planes).toList());
    String layer = "encoder.layers.0.self_attention.";
    BitPlanes groups = (BitPlanes) matrix(layer + "key.weight").storage();
    assertEquals(32, groups.groupSize());
    assertEquals(true, groups.offset());
    assertEquals(ScaleType.FLOAT16, groups.scaleType());
    BitPlanes wide = (BitPlanes) matrix(layer + "value.weight").storage();
    assertEquals(ScaleType.FLOAT32, wide.scaleType());
    assertEquals(Int8.class, matrix(layer + "output.weight").storage().getClass());
    assertEquals(Float32.class, matrix("extra.floats.weight").storage().getClass());
    BitPlanes columns = (BitPlanes) matrix("extra.column_scales.weight").storage();
    assertEquals(ScaleAxis.INPUT, columns.scaleAxis());
    assertEquals(3, columns.heads());
  }

  /** The runtime's tests do the same for the other matrices. */
  @Test
  void version1sScalesAlongColumnsGiveTheirWeights() {
    MatrixEntry matrix = matrix("extra.column_scales.weight");
    BitPlanes planes = (BitPlanes) matrix.storage();
    MatrixEntry.RowBlock block = planes.blocks().get(0);
    ByteBuffer bits = file.block(block.bits());
    ByteBuffer scales = file.block(block.scales());
    int chunks = BitPlaneLayout.chunks(matrix.cols());
    int padded = chunks * BitPlaneLayout.CHUNK_COLS;
    float[] weights = new float[matrix.rows() * matrix.cols()];
    for (int row = 0; row < matrix.rows(); row++) {
      int head = row / (matrix.rows() / planes.heads());
      for (int col = 0; col < matrix.cols(); col++) {
        float sum = 0;
        for (int plane = 0; plane < block.planes(); plane++) {
          long at = BitPlaneLayout.byteOffset(row, col, plane, chunks, block.planes());
          int scale = (head * block.planes() + plane) * padded + col;
          float value = Float16.toFloat(scales.getShort(2 * scale));
          sum += (bits.get((int) at) >> (col & 7) & 1) == 1 ? value : -value;
        }
        weights[row * matrix.cols() + col] = sum;
      }
    }
    assertEquals(ReleasedFiles.matricesOfVersion1().get(20), line(matrix, weights));
  }

  @Test
  void version1sFloatsAreItsWeights() {
    MatrixEntry matrix = matrix("extra.floats.weight");
    float[] weights = new float[15];
    file.block(((Float32) matrix.storage()).values()).asFloatBuffer().get(weights);
    assertEquals(ReleasedFiles.matricesOfVersion1().get(19), line(matrix, weights));
    FloatTensorEntry bias =
        directory.tensors().stream()
            .filter(tensor -> tensor.name().equals("output.bias"))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of(40), bias.shape());
    float[] first = new float[3];
    file.block(bias.values()).asFloatBuffer().get(first);
    assertArrayEquals(new float[] {-0x1.7fbf74p-6f, -0x1.dad5d6p-2f, -0x1.526f90p-6f}, first);
  }
}
