package dev.bcq.fuzz;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What targets start from does no harm. */
@Execution(ExecutionMode.SAME_THREAD)
class SeedsTest {

  @Test
  void modelFilesDoNoHarm() throws IOException {
    Seeds.of(BcqFileTarget.class).forEach(BcqFileTarget::fuzzerTestOneInput);
  }

  @Test
  void weightsDoNoHarm() throws IOException {
    Seeds.of(SafetensorsTarget.class).forEach(SafetensorsTarget::fuzzerTestOneInput);
  }

  @Test
  void tokenizersDoNoHarm() throws IOException {
    Seeds.of(SentencePieceTarget.class).forEach(SentencePieceTarget::fuzzerTestOneInput);
  }

  @Test
  void textsDoNoHarm() throws IOException {
    Seeds.of(TranslateTarget.class).forEach(TranslateTarget::fuzzerTestOneInput);
  }
}
