package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.Commands.Outcome;
import dev.bcq.converter.checkpoint.CheckpointReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of {@code bcq-convert} that say what the input is. */
class InputCommandTest {

  @TempDir Path folder;

  private Outcome convert(String... options) {
    String[] args = new String[options.length + 2];
    System.arraycopy(options, 0, args, 0, options.length);
    args[options.length] = new TinyCheckpoint(1).write(folder.resolve("tiny")).toString();
    args[options.length + 1] = folder.resolve("model.bcq").toString();
    return Commands.convert(args);
  }

  @Test
  void formatsAreListedWithWhatIsLookedFor() {
    Outcome outcome = Commands.convert("--list-formats");
    assertEquals(0, outcome.code(), outcome.err());
    for (CheckpointReader reader : CheckpointReaders.all()) {
      assertTrue(
          outcome
              .out()
              .lines()
              .anyMatch(
                  line ->
                      line.startsWith(reader.name() + " ")
                          && line.contains(reader.description())
                          && line.endsWith(reader.looksFor())),
          outcome.out());
    }
  }

  @Test
  void aFormatMayBeNamed() {
    assertEquals(0, convert("--format", "huggingface").code());
    convert("--format", "fairseq").fails(1, "tiny has none of checkpoint_best.pt");
    convert("--format", "hf")
        .fails(2, "--format: 'hf'; expected one of ctranslate2, marian, huggingface, fairseq");
  }

  @Test
  void aConfigurationIsManyValuesAndSetCountsMore() throws IOException {
    Path values = Files.writeString(folder.resolve("small.json"), "{\"heads\": 2, \"dff\": true}");
    convert("--configuration", values.toString())
        .fails(1, "--set heads does not go with huggingface");
    convert("--format", "compressed-transformers", "--configuration", values.toString())
        .fails(1, "tiny has no .pth file");
    Files.writeString(values, "{\"heads\": [2]}");
    convert("--configuration", values.toString())
        .fails(1, "small.json: heads is no single value; expected an object of numbers, texts");
    Files.writeString(values, "heads: 2");
    convert("--configuration", values.toString()).fails(1, "small.json is not valid JSON");
    convert("--configuration", folder.resolve("none.json").toString())
        .fails(1, "none.json cannot be read");
  }

  @Test
  void formsAreChosenWhereThereAreSeveral() {
    convert("--weights", "codes")
        .fails(1, "--weights does not go with huggingface, which holds each matrix in one form");
    convert("--weights", "*=half")
        .fails(2, "--weights: 'half' is no form; expected float, codes or signs");
  }

  @Test
  void foldersOfTransformersNeedNoMoreWords() {
    convert("--set", "num_heads=2")
        .fails(1, "--set num_heads does not go with huggingface, whose folders hold everything");
    convert("--source-vocabulary", "dict.txt")
        .fails(1, "--source-vocabulary does not go with huggingface");
    convert("--set", "num_heads").fails(2, "--set");
  }
}
