package dev.bcq.converter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.console.TextTable;
import dev.bcq.console.TextTable.Column;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.converter.checkpoint.WeightForm;
import dev.bcq.converter.quantize.MatrixRules;
import dev.bcq.converter.quantize.QuantizationException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what the input is. */
final class InputArguments {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "What INPUT is, if not what it looks like; --list-formats shows the names.")
  private @Nullable String format;

  @Option(names = "--list-formats", description = "List the kinds of checkpoints that are read.")
  private boolean listFormats;

  @Option(
      names = "--source-vocabulary",
      paramLabel = "FILE",
      description = "Vocabulary of the source, where it does not lie beside the checkpoint.")
  private @Nullable Path sourceVocabulary;

  @Option(
      names = "--target-vocabulary",
      paramLabel = "FILE",
      description = "Vocabulary of the target, likewise.")
  private @Nullable Path targetVocabulary;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A value of the configuration that the checkpoint does not hold, under the name that "
              + "its project gives it, for instance encoder_attention_heads=4. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--configuration",
      paramLabel = "FILE",
      description =
          "Many such values as a JSON object, as the hyper-parameters of transformer_bcq are; "
              + "what --set says counts more.")
  private @Nullable Path configuration;

  @Option(
      names = "--weights",
      paramLabel = "FORMS",
      description =
          "Which of several stored forms is taken, where a checkpoint has them: float "
              + "(default), codes or signs; or rules as those of --bits, for instance "
              + "*attention.query=signs,*=float.")
  private @Nullable String weights;

  boolean listsFormats() {
    return listFormats;
  }

  /** Returns the table of {@code --list-formats}. */
  static String formats() {
    TextTable table =
        new TextTable(Column.text("format"), Column.text("reads"), Column.text("recognized by"));
    for (CheckpointReader reader : CheckpointReaders.all()) {
      table.add(reader.name(), reader.description(), reader.looksFor());
    }
    return table.render();
  }

  CheckpointInput input(Path path) {
    Map<String, String> all = new LinkedHashMap<>();
    if (configuration != null) {
      for (Map.Entry<String, JsonNode> entry : JsonFile.read(configuration).properties()) {
        if (entry.getValue().isContainerNode()) {
          throw new CheckpointException(
              "%s: %s is no single value; expected an object of numbers, texts, true and false"
                  .formatted(configuration.getFileName(), entry.getKey()));
        }
        all.put(entry.getKey(), entry.getValue().asText());
      }
    }
    all.putAll(settings);
    return new CheckpointInput(
        path,
        sourceVocabulary,
        targetVocabulary,
        Collections.unmodifiableMap(all),
        weights == null ? null : forms(weights));
  }

  private MatrixRules<WeightForm> forms(String text) {
    try {
      return WeightForm.rules(text);
    } catch (QuantizationException e) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns the named source, or null if none is named. */
  @Nullable CheckpointReader reader() {
    CheckpointReader reader = format == null ? null : CheckpointReaders.named(format);
    if (format != null && reader == null) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--format: '%s'; expected one of %s".formatted(format, CheckpointReaders.names()));
    }
    return reader;
  }
}
