package dev.bcq.converter;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.checkpoint.compressedtransformers.CompressedTransformersReader;
import dev.bcq.converter.checkpoint.ctranslate2.CTranslate2Reader;
import dev.bcq.converter.checkpoint.fairseq.FairseqReader;
import dev.bcq.converter.checkpoint.huggingface.HuggingFaceReader;
import dev.bcq.converter.checkpoint.marian.MarianReader;
import dev.bcq.converter.checkpoint.transformerbcq.TransformerBcqReader;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All sources of checkpoints. */
public final class CheckpointReaders {
  private static final List<CheckpointReader> ALL =
      List.of(
          new CTranslate2Reader(),
          new MarianReader(),
          new HuggingFaceReader(),
          new FairseqReader(),
          new TransformerBcqReader(),
          new CompressedTransformersReader());

  private CheckpointReaders() {}

  /** Returns all sources, in the order in which they are asked. */
  public static List<CheckpointReader> all() {
    return ALL;
  }

  /** Returns the names of all sources, for messages. */
  public static String names() {
    return ALL.stream().map(CheckpointReader::name).collect(Collectors.joining(", "));
  }

  /** Returns the source of a name, or null. */
  public static @Nullable CheckpointReader named(String name) {
    return ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
  }

  /**
   * Reads a checkpoint.
   *
   * @param reader its source, or null for the first that recognizes it
   * @param arena as long as it is open, the tensors can be read
   * @throws CheckpointException if no source knows it, or its source cannot express it
   */
  public static Checkpoint read(
      @Nullable CheckpointReader reader, CheckpointInput input, Arena arena) {
    if (!Files.exists(input.path())) {
      throw new CheckpointException(input.path() + " does not exist");
    }
    CheckpointReader source = reader == null ? find(input.path()) : reader;
    if (input.weights() != null && !source.choosesWeights()) {
      throw new CheckpointException(
          "--weights does not go with %s, which holds each matrix in one form"
              .formatted(source.name()));
    }
    return source.read(input, arena);
  }

  private static CheckpointReader find(Path path) {
    StringBuilder sought = new StringBuilder();
    for (CheckpointReader reader : ALL) {
      sought.append("\n  ").append(reader.name()).append(": ").append(reader.looksFor());
      try {
        if (reader.recognizes(path)) {
          return reader;
        }
      } catch (CheckpointException e) {
        sought.append(" (").append(e.getMessage()).append(')');
      }
    }
    throw new CheckpointException(
        "%s is no checkpoint of a known kind; looked for:%s\nWith --format NAME, the message says what is missing."
            .formatted(path, sought));
  }
}
