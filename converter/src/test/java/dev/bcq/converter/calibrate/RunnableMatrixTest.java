package dev.bcq.converter.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.bcq.converter.Conversions;
import dev.bcq.converter.allocate.Plan;
import dev.bcq.converter.quantize.EncodedMatrix;
import dev.bcq.converter.quantize.MatrixEncoder;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.converter.quantize.RowDivision.Part;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.decoding.TeacherForcing;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.model.MatrixLoader;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.tensor.Matrix;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnableMatrixTest {
  private static final long SEED = 3;

  @TempDir Path folder;

  private static EncodedMatrix.BitPlanes encode(BcqFile file, MatrixEntry entry, Plan plan) {
    MatrixEntry.Float32 dense = (MatrixEntry.Float32) entry.storage();
    FloatBuffer weights = file.block(dense.values()).asFloatBuffer();
    MatrixEncoder encoder =
        new MatrixEncoder(
            entry.name(),
            entry.rows(),
            entry.cols(),
            (row, into) -> weights.get(row * entry.cols(), into, 0, entry.cols()),
            null);
    return (EncodedMatrix.BitPlanes)
        encoder.quantize(
            plan.divisions().getOrDefault(entry.name(), RowDivision.whole(1, 1)),
            new QuantizationOptions(
                plan.groupSize(), plan.offset(), QuantizationOptions.Method.ALTERNATING, false));
  }

  private static Plan plan(BcqFile file, int groupSize, boolean offset) {
    Map<String, RowDivision> divisions = new LinkedHashMap<>();
    for (MatrixEntry entry : file.directory().matrices()) {
      int[] reversed = IntStream.range(0, entry.rows()).map(i -> entry.rows() - 1 - i).toArray();
      divisions.put(
          entry.name(),
          entry.name().startsWith("decoder")
              ? RowDivision.whole(3, entry.rows())
              : new RowDivision(
                  List.of(new Part(4, 16), new Part(2, entry.rows() - 16)), reversed));
    }
    return new Plan(groupSize, offset, divisions);
  }

  /** All matrices at once, for the embedding is looked up as well as multiplied. */
  @ParameterizedTest
  @CsvSource({"0,false,0.3", "0,true,0.3", "64,true,0.3", "0,true,0.0005"})
  void aModelOfThemComputesTheBitsOfTheFileThatWasWritten(
      int groupSize, boolean offset, float deviation) {
    BcqFile floats = Conversions.tiny(SEED, deviation, folder);
    Plan plan = plan(floats, groupSize, offset);
    BcqFile written = Conversions.planned(SEED, deviation, plan, folder);
    Map<String, Matrix> runnable = new HashMap<>();
    for (MatrixEntry entry : floats.directory().matrices()) {
      runnable.put(entry.name(), RunnableMatrix.of(encode(floats, entry, plan), entry.cols()));
    }
    for (MatrixEntry entry : written.directory().matrices()) {
      Matrix expected = MatrixLoader.load(written, entry);
      Matrix found = Objects.requireNonNull(runnable.get(entry.name()));
      float[] row = new float[entry.cols()];
      float[] same = new float[entry.cols()];
      for (int i = 0; i < entry.rows(); i++) {
        expected.readRow(i, row, 0);
        found.readRow(i, same, 0);
        assertArrayEquals(row, same, entry.name() + " row " + i);
      }
    }
    Kernels kernels = KernelRegistry.load().choose(KernelRegistry.AUTO).create();
    for (Arithmetic arithmetic : Arithmetic.values()) {
      assertArrayEquals(
          scores(ModelLoader.load(written, kernels, arithmetic)),
          scores(ModelLoader.load(floats, runnable, kernels, arithmetic)),
          arithmetic.toString());
    }
  }

  private static float[] scores(Transformer transformer) {
    int[] source = {7, 3, 22, 9, 1};
    int[] target = {30, 2, 5, 11, 1};
    return TeacherForcing.logProbabilities(transformer, transformer.encode(source), 0, target);
  }
}
