package dev.bcq.converter;

import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqWriter;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The model before it is quantized. It lies in a temporary file beside the output, from when it is
 * first asked for until it is closed; it is never held in memory.
 */
final class FloatModel implements AutoCloseable {
  private final Path output;
  private final Function<BcqWriter, BcqFile> contents;
  private @Nullable BcqWriter writer;
  private @Nullable BcqFile file;

  /**
   * Prepares.
   *
   * @param output file beside which it lies
   * @param contents puts the model into a file
   */
  FloatModel(Path output, Function<BcqWriter, BcqFile> contents) {
    this.output = output;
    this.contents = contents;
  }

  /** Returns the model. */
  BcqFile file() {
    BcqFile known = file;
    if (known == null) {
      BcqWriter created = BcqWriter.create(output, true);
      writer = created;
      known = contents.apply(created);
      file = known;
    }
    return known;
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
