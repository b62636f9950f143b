package dev.bcq.fuzz;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/** Mutated inputs do no harm, as far as the time that {@code bcq.fuzz.seconds} gives can tell. */
class FuzzTest {
  private static final long SECONDS = Long.getLong("bcq.fuzz.seconds");

  private static void run(Class<?> target) throws Exception {
    JazzerRun run = JazzerRun.of(target, Seeds.of(target), SECONDS);
    System.out.println(run);
    if (run.finding() != null) {
      fail(run.finding());
    }
  }

  @Test
  void bytesAreAModelThatTranslatesOrAreRefused() throws Exception {
    run(BcqFileTarget.class);
  }

  @Test
  void bytesAreTensorsOrAreRefused() throws Exception {
    run(SafetensorsTarget.class);
  }

  @Test
  void bytesAreAPickleThatDoesNothingOrAreRefused() throws Exception {
    run(PickleTarget.class);
  }

  @Test
  void bytesAreWeightsOfPyTorchOrAreRefused() throws Exception {
    run(PyTorchTarget.class);
  }

  @Test
  void bytesAreAModelOfCTranslate2OrAreRefused() throws Exception {
    run(CTranslate2Target.class);
  }

  @Test
  void bytesAreAModelOfMarianOrAreRefused() throws Exception {
    run(MarianTarget.class);
  }

  @Test
  void bytesAreAModelOfTransformerBcqOrAreRefused() throws Exception {
    run(TransformerBcqTarget.class);
  }

  @Test
  void bytesAreAModelOfCompressedTransformersOrAreRefused() throws Exception {
    run(CompressedTransformersTarget.class);
  }

  @Test
  void bytesAreATokenizerOrAreRefused() throws Exception {
    run(SentencePieceTarget.class);
  }

  @Test
  void anyTextHasATranslation() throws Exception {
    run(TranslateTarget.class);
  }
}
