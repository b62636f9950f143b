package dev.bcq.fuzz;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Each target finds a bug where there is one. */
class PlantedBugsTest {
  private static final long MOST_SECONDS = 300;

  private static void find(Class<?> planted, Class<?> target, String... words) throws Exception {
    for (byte[] seed : Seeds.of(target)) {
      // What is found has to be searched for.
      planted.getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) seed);
    }
    JazzerRun run = JazzerRun.of(planted, Seeds.of(target), MOST_SECONDS);
    System.out.println(run);
    String finding = run.finding();
    assertNotNull(finding, run.toString());
    boolean found = false;
    for (String word : words) {
      found |= finding.contains(word);
    }
    assertTrue(found, finding);
  }

  @Test
  void aTableAsLongAsAModelFileSaysIsFound() throws Exception {
    find(PlantedBugs.InBcqFile.class, BcqFileTarget.class, "were allocated for", "OutOfMemory");
  }

  @Test
  void aTensorAsLargeAsItsShapeSaysIsFound() throws Exception {
    find(
        PlantedBugs.InSafetensors.class,
        SafetensorsTarget.class,
        "were allocated for",
        "OutOfMemory");
  }

  @Test
  void anIntegerAsLongAsAPickleSaysIsFound() throws Exception {
    find(PlantedBugs.InPickle.class, PickleTarget.class, "were allocated for", "OutOfMemory");
  }

  @Test
  void anEntryAsLongAsAnArchiveSaysIsFound() throws Exception {
    find(PlantedBugs.InPyTorch.class, PyTorchTarget.class, "were allocated for", "OutOfMemory");
  }

  @Test
  void aVariableAsLargeAsItSaysIsFound() throws Exception {
    find(
        PlantedBugs.InCTranslate2.class,
        CTranslate2Target.class,
        "were allocated for",
        "OutOfMemory");
  }

  @Test
  void asManyLayersAsOptionsSayAreFound() throws Exception {
    find(PlantedBugs.InMarian.class, MarianTarget.class, "were allocated for", "OutOfMemory");
  }

  @Test
  void bytesTakenForValuesAreFound() throws Exception {
    find(
        PlantedBugs.InTransformerBcq.class,
        TransformerBcqTarget.class,
        "were allocated for",
        "OutOfMemory");
  }

  @Test
  void asManyBytesAsAPickleSaysAreFound() throws Exception {
    find(
        PlantedBugs.InCompressedTransformers.class,
        CompressedTransformersTarget.class,
        "were allocated for",
        "OutOfMemory");
  }

  @Test
  void aFieldAsLongAsItSaysIsFound() throws Exception {
    find(
        PlantedBugs.InSentencePiece.class,
        SentencePieceTarget.class,
        "were allocated for",
        "OutOfMemory");
  }

  @Test
  void aFailureOnUnpairedSurrogatesIsFound() throws Exception {
    find(PlantedBugs.InTranslate.class, TranslateTarget.class, "half a character");
  }
}
