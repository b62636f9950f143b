package dev.bcq.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.benchmarks.synthetic.ModelShape;
import dev.bcq.benchmarks.synthetic.Precision;
import dev.bcq.benchmarks.synthetic.SmallShapes;
import dev.bcq.benchmarks.synthetic.SyntheticModel;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.decoding.SearchRequest;
import dev.bcq.runtime.decoding.Workspace;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhasesTest {
  @TempDir Path folder;

  private BenchModel model() {
    ModelShape shape = SmallShapes.t5();
    Path file = folder.resolve("model.bcq");
    SyntheticModel.write(file, shape, new Precision.Planes(2), 1);
    return BenchModel.open("model", file);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,17", "4,1", "4,17"})
  void exactlyAsManyTokensAreGeneratedAsAskedAndTheyAreThoseOfATranslator(int beam, int tokens) {
    BenchModel model = model();
    Transformer transformer =
        ModelLoader.load(model.file(), new ScalarKernelProvider().create(), Arithmetic.FAST);
    Workload workload = new Workload(List.of(), 9, tokens, null);
    int[] source = workload.sources(model.file()).get(0);
    AtomicInteger steps = new AtomicInteger();
    Phases phases =
        Phases.of(
            new Workspace(transformer, ThreadTeam.SINGLE),
            new SearchRequest(
                0, source, workload.parameters(model.directory(), source.length, beam)),
            steps::incrementAndGet);
    assertEquals(9, phases.sourceTokens());
    assertEquals(tokens, phases.positions());
    assertEquals(tokens, steps.get());
    assertTrue(phases.encoder() <= phases.firstToken());
    assertTrue(phases.firstToken() <= phases.total());
    assertEquals(phases.total(), phases.encoder() + phases.decoder());
    GenerationSettings settings =
        GenerationSettings.builder().beams(beam).minTokens(tokens).maxTokens(tokens).build();
    try (Translator translator = Translator.open(model.path())) {
      assertEquals(
          translator.translate(source, TranslationOptions.of(settings)).best().ids(),
          phases.target());
    }
  }
}
