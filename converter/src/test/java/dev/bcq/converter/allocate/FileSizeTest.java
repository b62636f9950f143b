package dev.bcq.converter.allocate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.converter.Conversions;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.converter.quantize.RowDivision.Part;
import dev.bcq.format.BcqFile;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.MatrixEntry;
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
  private static final float DEVIATION = 0.3f;

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
  @CsvSource({"1,0,false", "2,0,true", "3,32,true", "4,64,true", "5,128,false", "6,0,true"})
  void bytesAreThoseBetweenTheMatricesOfTheFileThatIsWritten(
      int seed, int groupSize, boolean offset) {
    Plan plan = plan(Conversions.tiny(seed, folder), new Random(seed), groupSize, offset);
    BcqFile file = Conversions.planned(seed, DEVIATION, plan, folder);
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
      assertEquals(
          begins.get(i + 1) - begins.get(i),
          FileSize.ofMatrix(entry.rows(), entry.cols(), division, options),
          entry.name() + " in " + division.parts() + ", seed " + seed);
    }
  }
}
