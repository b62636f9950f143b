package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.ExternalProgram.Outcome;
import dev.bcq.format.MatrixEntry.Int8Order;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader that knows nothing but FORMAT.md finds the weights that Java finds. */
class PythonReaderTest {
  private static final String READER =
      Path.of("src/test/python/read_matrix.py").toAbsolutePath().toString();

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private static ExternalProgram python;

  @BeforeAll
  static void find() {
    python = ExternalProgram.named("python3");
  }

  private Outcome read(Path file, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = READER;
    all[1] = file.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return python.run(folder, all);
  }

  private void assertRefused(byte[] bytes, String reason) throws IOException {
    Path file = Files.write(folder.resolve("refused.bcq"), bytes);
    Outcome outcome = read(file);
    assertEquals(1, outcome.code(), outcome.output());
    assertEquals(1, outcome.output().lines().count(), outcome.output());
    assertTrue(outcome.output().contains(reason), outcome.output());
  }

  /** The runtime's tests compare the same list with what the runtime reads. */
  @Test
  void rebuildsEveryKindOfMatrixBitForBit() {
    Outcome outcome = read(ReleasedFiles.VERSION_1);
    assertEquals(0, outcome.code(), outcome.output());
    assertEquals(ReleasedFiles.matricesOfVersion1(), outcome.output().lines().toList());
  }

  @Test
  void printsARowAsHexadecimalFloats() {
    Outcome outcome = read(ReleasedFiles.VERSION_1, "extra.floats.weight", "2");
    assertEquals(0, outcome.code(), outcome.output());
    BcqFile file = BcqFile.open(ReleasedFiles.VERSION_1);
    MatrixEntry.Float32 floats =
        file.directory().matrices().stream()
            .filter(matrix -> matrix.name().equals("extra.floats.weight"))
            .map(matrix -> (MatrixEntry.Float32) matrix.storage())
            .findFirst()
            .orElseThrow();
    String[] row = outcome.output().trim().split(" ", -1);
    assertEquals(5, row.length);
    for (int col = 0; col < row.length; col++) {
      float expected = file.block(floats.values()).getFloat(4 * (2 * 5 + col));
      assertEquals(expected, Double.parseDouble(row[col]), "column " + col);
    }
  }

  /** The example of FORMAT.md, written by hand. */
  @Test
  void readsTheExampleOfTheDescription() {
    byte[] bits = new byte[128];
    bits[0] = 5;
    bits[64] = 6;
    byte[] scales = new byte[64];
    scales[1] = 0x3c;
    scales[33] = 0x38;
    Path file = folder.resolve("example.bcq");
    try (BcqWriter writer = BcqWriter.create(file, false)) {
      writer.commit(
          directory(
              writer.addBlock(ByteBuffer.wrap(bits)), writer.addBlock(ByteBuffer.wrap(scales))));
    }
    Outcome outcome = read(file, "example.weight", "0");
    assertEquals(0, outcome.code(), outcome.output());
    List<Double> row =
        Arrays.stream(outcome.output().trim().split(" ", -1)).map(Double::valueOf).toList();
    assertEquals(List.of(0.5, -0.5, 1.5), row);
  }

  /** The same weights in both orders are the same floats. */
  @Test
  void readsBytesInTilesAndByRows() {
    int rows = 17;
    int cols = 45;
    Random random = new Random(1);
    ByteBuffer byRows = ByteBuffer.allocate(rows * cols);
    ByteBuffer tiles = ByteBuffer.allocate((int) Int8TileLayout.valuesLength(rows, cols));
    Arrays.fill(tiles.array(), (byte) Int8TileLayout.ZERO);
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        byte weight = (byte) (random.nextInt(255) - 127);
        byRows.put(row * cols + col, weight);
        int at = (int) Int8TileLayout.byteOffset(row, col, BitPlaneLayout.chunks(cols));
        tiles.put(at, (byte) (weight + Int8TileLayout.ZERO));
      }
    }
    ByteBuffer scales = ByteBuffer.allocate(4 * rows).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      scales.putFloat(4 * row, random.nextFloat());
    }
    Path file = folder.resolve("int8.bcq");
    try (BcqWriter writer = BcqWriter.create(file, false)) {
      List<MatrixEntry> matrices = new ArrayList<>();
      for (Int8Order order : Int8Order.values()) {
        DataBlock values = writer.addBlock(order == Int8Order.ROWS ? byRows : tiles);
        MatrixEntry.Int8 int8 = new MatrixEntry.Int8(order, values, writer.addBlock(scales));
        String name = order.name().toLowerCase(Locale.ROOT);
        matrices.add(new MatrixEntry(name, rows, cols, int8, 0f, false));
      }
      writer.commit(directory(matrices));
    }
    Outcome outcome = read(file);
    assertEquals(0, outcome.code(), outcome.output());
    List<String> lines = outcome.output().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("rows 17 45 "), lines.get(0));
    assertEquals(lines.get(0).replace("rows", "tiles"), lines.get(1));
  }

  private static BcqDirectory directory(DataBlock bits, DataBlock scales) {
    MatrixEntry.BitPlanes planes =
        new MatrixEntry.BitPlanes(
            0,
            false,
            MatrixEntry.ScaleType.FLOAT16,
            MatrixEntry.ScaleAxis.OUTPUT,
            1,
            List.of(new MatrixEntry.RowBlock(1, 2, bits, scales)),
            null);
    return directory(List.of(new MatrixEntry("example.weight", 1, 3, planes, 0f, true)));
  }

  private static BcqDirectory directory(List<MatrixEntry> matrices) {
    return new BcqDirectory(
        TestFiles.config(new Positions.None()),
        new ModelInfo("example", List.of(), List.of(), "", ""),
        new Provenance("test", "none", List.of(), List.of()),
        GenerationSettings.NONE,
        Map.of(),
        null,
        matrices,
        List.of(),
        List.of());
  }

  @Test
  void refusesWhatIsNoWholeFileWithOneLine() throws IOException {
    byte[] bytes = Files.readAllBytes(ReleasedFiles.VERSION_1);
    assertRefused(Arrays.copyOf(bytes, 0), "signature");
    assertRefused(Arrays.copyOf(bytes, 40), "truncated");
    assertRefused(Arrays.copyOf(bytes, bytes.length - 1), "truncated");
    assertRefused("once upon a time".getBytes(StandardCharsets.UTF_8), "signature");
    byte[] newer = bytes.clone();
    newer[8] = 2;
    assertRefused(newer, "version 2; this program reads version 1");
    byte[] damaged = bytes.clone();
    damaged[100] ^= 1;
    assertRefused(damaged, "checksum of the directory");
    damaged = bytes.clone();
    damaged[ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(24)] ^= 1;
    assertRefused(damaged, "checksum of a block");
  }
}
