package dev.bcq.converter.allocate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.converter.Conversions;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.converter.quantize.RowDivision.Part;
import dev.bcq.format.BcqFile;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSizeTest {
  @TempDir Path folder;

  /** Returns a plan of the matrices with any planes, of rows in parts if there is a third tile. */
  private static Plan plan(BcqFile file, Random random, int groupSize, boolean offset) {
    Map<String, RowDivision> divisions = new LinkedHashMap<>();
    for (MatrixEntry entry : file.directory().matrices()) {
      int[] order = IntStream.range(0, entry.rows()).map(i -> entry.rows() - 1 - i).toArray();
      int planes = 1 + random.nextInt(8);
      divisions.put(
          entry.name(),
          entry.rows() > 32 && random.nextBoolean()
              ? new RowDivision(
                  List.of(new Part(planes, 16), new Part(9 - planes, entry.rows() - 16)), order)
              : RowDivision.whole(planes, entry.rows()));
    }
    return new Plan(groupSize, offset, divisions);
  }

  private static long begin(MatrixEntry entry) {
    return ((MatrixEntry.BitPlanes) entry.storage()).blocks().get(0).bits().offset();
  }

  /**
   * The model has 40 rows in its embedding and 48 columns in two matrices: some tiles are short.
   */
  @ParameterizedTest
  @CsvSource({
    "1,0,false,0.3",
    "2,0,true,0.3",
    "3,32,true,0.3",
    "4,64,true,0.3",
    "5,128,false,0.3",
    "6,0,true,0.3",
    "7,0,true,0.0005"
  })
  void bytesAreThoseBetweenTheMatricesOfTheFileThatIsWritten(
      int seed, int groupSize, boolean offset, float deviation) {
    Plan plan = plan(Conversions.tiny(seed, folder), new Random(seed), groupSize, offset);
    BcqFile file = Conversions.planned(seed, deviation, plan, folder);
    QuantizationOptions options =
        new QuantizationOptions(groupSize, offset, QuantizationOptions.Method.ALTERNATING, false);
    List<MatrixEntry> matrices = file.directory().matrices();
    List<Long> begins = new ArrayList<>(matrices.stream().map(FileSizeTest::begin).toList());
    // The first tensor follows the last matrix.
    FloatTensorEntry tensor = file.directory().tensors().get(0);
    begins.add(tensor.values().offset());
    for (int i = 0; i < matrices.size(); i++) {
      MatrixEntry entry = matrices.get(i);
      RowDivision division = Objects.requireNonNull(plan.divisions().get(entry.name()));
      // Weights so small that two bytes are too coarse for their scales.
      ScaleType scales = deviation < 0.001f ? ScaleType.FLOAT32 : ScaleType.FLOAT16;
      QuantizableMatrix matrix =
          new QuantizableMatrix(
              entry.name(), entry.rows(), entry.cols(), scales, (row, into) -> {}, null);
      assertEquals(
          begins.get(i + 1) - begins.get(i),
          FileSize.ofMatrix(matrix, division, options),
          entry.name() + " in " + division.parts() + ", seed " + seed);
    }
  }
}
