package dev.bcq.converter.checkpoint.tokenizers;

import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.format.BytePairModel;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TextStep;
import dev.bcq.format.TextStep.Kind;
import java.nio.file.Path;
import java.util.List;

/** Byte-level BPE of GPT-2 and BART: {@code vocab.json} and {@code merges.txt}. */
public final class BytePairFiles {
  private BytePairFiles() {}

  /**
   * Returns the pipeline of two files.
   *
   * @param prefixSpace a space is put in front of a text
   * @throws dev.bcq.converter.checkpoint.CheckpointException if they cannot be read, or merges join
   *     what the vocabulary lacks
   */
  public static TextPipeline read(Path vocabulary, Path merges, boolean prefixSpace) {
    PieceIds ids =
        new PieceIds(String.valueOf(vocabulary.getFileName())).addAll(JsonFile.read(vocabulary));
    return new TextPipeline(
        List.of(),
        List.of(TextStep.of(Kind.BYTES, "", "", prefixSpace ? 1 : 0, 1)),
        new BytePairModel(
            ids.pieces(), MergesFile.merges(merges, ids.ids()), null, false, false, false, "", ""),
        List.of(TextStep.of(Kind.FROM_BYTES)),
        List.of());
  }
}
