package dev.bcq.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.benchmarks.synthetic.ModelShape;
import dev.bcq.benchmarks.synthetic.Precision;
import dev.bcq.benchmarks.synthetic.SmallShapes;
import dev.bcq.benchmarks.synthetic.SyntheticModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderMatricesTest {
  @TempDir Path folder;

  @Test
  void aStepMultipliesByEachMatrixOfTheDecoderOnce() {
    for (ModelShape shape : SmallShapes.all()) {
      Path file = folder.resolve(shape.name());
      SyntheticModel.write(file, shape, new Precision.Int8(), 1);
      BenchModel model = BenchModel.open("model", file);
      List<String> products =
          DecoderMatrices.of(model).stream().map(product -> product.matrix().name()).toList();
      Set<String> expected = new TreeSet<>();
      model.directory().matrices().forEach(matrix -> expected.add(matrix.name()));
      // What reads the source alone is computed once for all steps.
      expected.removeIf(
          name -> name.startsWith("encoder.") || name.matches(".*cross_attention\\.(key|value).*"));
      assertEquals(expected, new TreeSet<>(products));
      assertEquals(expected.size(), products.size());
    }
  }
}
