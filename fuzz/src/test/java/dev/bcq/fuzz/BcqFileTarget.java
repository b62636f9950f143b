package dev.bcq.fuzz;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.TranslationException;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.decoding.DecodingException;
import dev.bcq.runtime.kernels.Arithmetic;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Opens bytes as a model file, loads the model and translates with it. The first byte of an input
 * says how the others become the file: they are the file itself, or {@link Patches} of one.
 */
public final class BcqFileTarget {
  /** The header's lengths are left as they are. */
  static final int KEEP_LENGTHS = 1;

  /** Checksums are left as they are. */
  static final int KEEP_CHECKSUMS = 2;

  /** The model runs in exact arithmetic. */
  static final int EXACT = 4;

  /** The bytes are patches; the number of the file that they change is in the upper bits. */
  static final int PATCHES = 8;

  /** The first of the bits that number a file. */
  static final int NUMBER_SHIFT = 4;

  /** As the documentation of {@link BcqFile#open} and {@link Translator#open} says. */
  private static final AllocationLimit OPENING = new AllocationLimit(256 << 10, 64);

  private static final AllocationLimit TRANSLATING = new AllocationLimit(256 << 10, 256);
  private static final int HEADER = 64;
  private static final InputFile FILES = new InputFile();
  private static final List<byte[]> MODELS = SmallModels.files();
  private static final TranslationOptions SHORT =
      TranslationOptions.of(GenerationSettings.builder().beams(2).nBest(1).maxTokens(3).build());

  private BcqFileTarget() {}

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, file -> {});
  }

  /**
   * Runs one input.
   *
   * @param further what else is done with a file that could be opened
   */
  static void run(byte[] input, Consumer<BcqFile> further) {
    if (input.length == 0) {
      return;
    }
    int control = input[0];
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    if ((control & PATCHES) != 0) {
      int number = (control >> NUMBER_SHIFT & 0xf) % MODELS.size();
      bytes = Patches.apply(bytes, MODELS.get(number));
    }
    byte[] file = bytes;
    repair(file, control);
    Path path = FILES.write("model.bcq", file);
    Opened opened = new Opened();
    try {
      OPENING.check(file.length, () -> opened.open(path, control, further));
      TRANSLATING.check(file.length, opened::translate);
    } catch (BcqFormatException | TranslationException | DecodingException e) {
      requireMessage(e);
    }
  }

  /** Makes lengths and checksums right again, so that the checks behind them have to hold. */
  static void repair(byte[] bytes, int control) {
    if (bytes.length < HEADER) {
      return;
    }
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long directory = all.getLong(16);
    if ((control & KEEP_LENGTHS) == 0) {
      directory = Math.min(Math.max(directory, 0), bytes.length - HEADER);
      all.putLong(16, directory);
      all.putLong(24, (HEADER + directory + 63) & -64);
      all.putLong(32, bytes.length);
    }
    if ((control & KEEP_CHECKSUMS) == 0) {
      if (directory >= 0 && directory <= bytes.length - HEADER) {
        all.putInt(12, crc(bytes, HEADER, (int) directory));
      }
      all.putInt(60, crc(bytes, 0, HEADER - 4));
    }
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static void requireMessage(RuntimeException e) {
    if (String.valueOf(e.getMessage()).length() > 2000) {
      throw new AssertionError("the message is too long to be read", e);
    }
  }

  /** A model, as far as it could be opened. */
  private static final class Opened {
    private @Nullable BcqFile file;
    private @Nullable Translator translator;

    void open(Path path, int control, Consumer<BcqFile> further) {
      BcqFile opened = BcqFile.open(path);
      further.accept(opened);
      Arithmetic arithmetic = (control & EXACT) == 0 ? Arithmetic.FAST : Arithmetic.EXACT;
      translator =
          Translator.of(
              opened, TranslatorOptions.DEFAULT.withKernels("scalar").withArithmetic(arithmetic));
      file = opened;
    }

    void translate() {
      BcqDirectory directory = Objects.requireNonNull(file).directory();
      Translator loaded = Objects.requireNonNull(translator);
      int vocabulary = directory.config().sourceVocabulary();
      loaded.translateAllIds(List.of(new int[] {0, vocabulary - 1}), SHORT, BatchOptions.DEFAULT);
      if (directory.tokenizer() != null) {
        loaded.translate("Aa \u00e4.", SHORT);
        loaded.targetIds("b <c>");
      }
    }
  }
}
