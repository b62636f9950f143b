package dev.bcq.cli;

import dev.bcq.console.TextTable;
import dev.bcq.console.TextTable.Column;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.FloatTensorEntry;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.Provenance;
import dev.bcq.format.StackConfig;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TokenizerEntry;
import dev.bcq.format.TransformerConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code bcq-inspect} says of a file. */
final class ModelSummary {
  private final BcqFile file;
  private final BcqDirectory directory;
  private final ModelSizes sizes;
  private final int verifiedSamples;

  /**
   * Prepares a summary.
   *
   * @param verifiedSamples golden samples that were verified, or -1 if nothing was
   */
  ModelSummary(BcqFile file, int verifiedSamples) {
    this.file = file;
    this.directory = file.directory();
    this.sizes = new ModelSizes(directory);
    this.verifiedSamples = verifiedSamples;
  }

  String text(boolean tensors) {
    StringBuilder text = new StringBuilder();
    lines()
        .forEach(
            (name, value) -> text.append(String.format(Locale.ROOT, "%-12s %s%n", name, value)));
    if (tensors) {
      text.append('\n').append(table());
    }
    return text.toString();
  }

  private Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("name", directory.info().name());
    lines.put(
        "languages",
        String.join(",", directory.info().sourceLanguages())
            + " to "
            + String.join(",", directory.info().targetLanguages()));
    lines.put("license", directory.info().license());
    lines.put("attribution", directory.info().attribution());
    if (directory.info().sourceLanguages().isEmpty()) {
      lines.remove("languages");
    }
    lines.values().removeIf(String::isEmpty);
    lines.put("architecture", architecture(directory.config()));
    lines.put(
        "size",
        String.format(
            Locale.ROOT,
            "%,d bytes, %,d parameters, %.3f bits per weight",
            file.length(),
            sizes.parameters(),
            sizes.bitsPerWeight()));
    lines.put("storage", storages());
    lines.put("tokenizer", tokenizer());
    if (directory.tokenizer() != null && !directory.tokenizer().languages().all().isEmpty()) {
      lines.put(
          "to choose from",
          directory.tokenizer().languages().all().stream()
              .map(TextLanguages.Language::name)
              .collect(Collectors.joining(", ")));
    }
    lines.put("decoding", decoding(directory.generation()));
    directory.tasks().forEach((name, task) -> lines.put("task " + name, decoding(task)));
    lines.put("made by", directory.provenance().converter() + options());
    lines.put(
        "made from",
        directory.provenance().sources().stream()
            .map(source -> source.name() + " " + source.sha256().substring(0, 12))
            .collect(Collectors.joining(", ")));
    lines.put(
        "verified",
        verifiedSamples < 0
            ? "no (--verify)"
            : "all checksums, " + verifiedSamples + " golden samples");
    return lines;
  }

  private static String architecture(TransformerConfig config) {
    return String.format(
        Locale.ROOT,
        "%d + %d layers, width %d, heads %s, feed-forward %s, vocabulary %s",
        config.encoder().layers(),
        config.decoder().layers(),
        config.width(),
        both(config, StackConfig::heads),
        both(config, StackConfig::feedForwardWidth),
        config.sourceVocabulary() == config.targetVocabulary()
            ? String.valueOf(config.sourceVocabulary())
            : config.sourceVocabulary() + " / " + config.targetVocabulary());
  }

  private interface Size {
    int of(StackConfig stack);
  }

  private static String both(TransformerConfig config, Size size) {
    int encoder = size.of(config.encoder());
    int decoder = size.of(config.decoder());
    return encoder == decoder ? String.valueOf(encoder) : encoder + " / " + decoder;
  }

  private String storages() {
    return directory.matrices().stream()
        .collect(
            Collectors.groupingBy(
                matrix -> ModelSizes.storage(matrix) + (matrix.recovered() ? " recovered" : ""),
                LinkedHashMap::new,
                Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry -> entry.getValue() + " matrices " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private String tokenizer() {
    if (directory.tokenizer() == null) {
      return "none: token ids only";
    }
    TokenizerEntry.SubwordEntry model = directory.tokenizer().source().model();
    return model.kind() + (model.size() == 0 ? "" : ", " + model.size() + " pieces");
  }

  /** Returns the settings that are set, as name and value. */
  private static String decoding(GenerationSettings settings) {
    String text = settings.toString();
    String inside = text.substring(text.indexOf('[') + 1, text.length() - 1);
    String set =
        List.of(inside.split(", (?=[a-zA-Z]+=)")).stream()
            .filter(part -> !part.endsWith("=null"))
            .collect(Collectors.joining(", "));
    return set.isEmpty() ? "defaults" : set;
  }

  private String options() {
    String options =
        directory.provenance().options().stream()
            .map(Provenance.Option::commandLine)
            .collect(Collectors.joining(" "));
    return options.isEmpty() ? "" : " " + options;
  }

  private String table() {
    TextTable table =
        new TextTable(
            Column.text("tensor"),
            Column.number("shape"),
            Column.number("storage"),
            Column.number("relative error"),
            Column.number("bytes"));
    for (MatrixEntry matrix : directory.matrices()) {
      table.add(
          matrix.name(),
          matrix.rows() + " x " + matrix.cols(),
          ModelSizes.storage(matrix),
          matrix.recovered() ? "none" : String.format(Locale.ROOT, "%.6f", matrix.relativeError()),
          String.format(Locale.ROOT, "%,d", matrix.storedBytes()));
    }
    for (FloatTensorEntry tensor : directory.tensors()) {
      table.add(
          tensor.name(),
          tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(" x ")),
          "float32",
          "",
          String.format(Locale.ROOT, "%,d", tensor.values().length()));
    }
    return table.render();
  }
}
