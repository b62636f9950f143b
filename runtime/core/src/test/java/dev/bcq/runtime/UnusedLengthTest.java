package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that a file may have and a short translation does not use up cost nothing. */
class UnusedLengthTest {
  private static final int END = 1;
  private static final int[] SOURCE = {5, 6, END};
  private static final long LITTLE = 1 << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;
  private BcqFile file;

  @BeforeEach
  void open() {
    file = RandomModels.t5(folder.resolve("m.bcq"), 1);
  }

  private static GenerationSettings.Builder settings() {
    return GenerationSettings.builder().beams(64).startToken(0).endTokens(List.of(END));
  }

  /** Returns what a translation of one token allocates the second time. */
  private long allocated(GenerationSettings.Builder settings) {
    TranslationOptions options = TranslationOptions.of(settings.forcedFirstToken(END).build());
    try (Translator translator =
        Translator.of(file, TranslatorOptions.DEFAULT.withKernels("scalar"))) {
      translator.translate(SOURCE, options);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      assertEquals(List.of(END), translator.translate(SOURCE, options).best().ids());
      return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
  }

  private static void assertAlike(long less, long more) {
    assertTrue(more <= less + LITTLE, more + " bytes instead of " + less);
  }

  @Test
  void theMostTokensCostNothingBeforeTheyAreThere() {
    assertAlike(
        allocated(settings().maxLength(40)),
        allocated(settings().maxLength(Translator.MOST_TOKENS)));
  }

  @Test
  void anEndTokenThatIsNamedOftenCostsNoMoreThanOnce() {
    assertAlike(
        allocated(settings()), allocated(settings().endTokens(Collections.nCopies(10_000, END))));
  }
}
