package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.ModelInfo;

/** The {@code README.md} of a checkpoint: licence and attribution go where the weights go. */
final class ModelCard {

  private ModelCard() {}

  static String of(BcqDirectory directory) {
    ModelInfo info = directory.info();
    StringBuilder text = new StringBuilder("# " + info.name() + "\n\n");
    text.append("- family: ").append(directory.provenance().family()).append('\n');
    add(text, "source languages", String.join(", ", info.sourceLanguages()));
    add(text, "target languages", String.join(", ", info.targetLanguages()));
    add(text, "licence", info.license());
    add(text, "attribution", info.attribution());
    return text.append(
            """

            The weights were low-bit, and are those values as 32-bit floats. `bcq.json` tells how they were stored: with it,
            `bcq-convert` gives the same bit-planes and scales again. Nothing else reads it.
            """)
        .toString();
  }

  private static void add(StringBuilder text, String key, String value) {
    if (!value.isEmpty()) {
      text.append("- ").append(key).append(": ").append(value).append('\n');
    }
  }
}
