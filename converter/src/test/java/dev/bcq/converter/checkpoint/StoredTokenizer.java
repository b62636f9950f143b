package dev.bcq.converter.checkpoint;

import dev.bcq.format.Activation;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqWriter;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.ModelInfo;
import dev.bcq.format.NormKind;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.Provenance;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Tokenizers as a model file gives them back. */
public final class StoredTokenizer {
  /** More tokens than any tokenizer here has. */
  public static final int TOKENS = 70_000;

  private StoredTokenizer() {}

  /** Writes a tokenizer into a model file and returns what is read from its bytes. */
  public static TokenizerModel of(TokenizerModel model) {
    try {
      Path folder = Files.createTempDirectory("tokenizer");
      try (BcqWriter writer = BcqWriter.create(folder.resolve("m.bcq"), true)) {
        return Objects.requireNonNull(
            writer.draft(directory(writer, model)).tokenizer(), "the tokenizer that was read");
      } finally {
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BcqDirectory directory(BcqWriter writer, TokenizerModel model) {
    StackConfig stack = new StackConfig(1, 1, 8, 8);
    TransformerConfig config =
        new TransformerConfig(
            TOKENS,
            TOKENS,
            8,
            stack,
            stack,
            NormKind.LAYER,
            NormPlacement.PRE,
            1e-5f,
            true,
            false,
            Activation.RELU,
            false,
            true,
            new Positions.None(),
            1f,
            true,
            true,
            1f,
            false,
            1f);
    return new BcqDirectory(
        config,
        new ModelInfo("", List.of(), List.of(), "", ""),
        new Provenance("", "", List.of(), List.of()),
        GenerationSettings.NONE,
        Map.of(),
        writer.addTokenizer(model),
        List.of(),
        List.of(),
        List.of());
  }
}
