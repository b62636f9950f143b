package dev.bcq.benchmarks;

import dev.bcq.benchmarks.measure.BenchModel;
import dev.bcq.benchmarks.synthetic.ModelShape;
import dev.bcq.benchmarks.synthetic.Precision;
import dev.bcq.benchmarks.synthetic.SyntheticModel;
import dev.bcq.console.CommandException;
import dev.bcq.console.Progress;
import dev.bcq.console.Usage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** Which models are measured. */
final class ModelChoice {
  /** System property in which the launcher names the model that comes with the program. */
  private static final String DEFAULT_MODEL = "bcq.model";

  private static final String ALL_BITS = "32,int8,4,3,2";
  private static final long SEED = 1;

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description =
          "A model; may be given several times"
              + " (default: the English-German one that comes with the program).")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--synthetic",
      paramLabel = "SHAPE",
      converter = ShapeConverter.class,
      description = "Random weights in the shape of t5-small, transformer-base or transformer-big.")
  private @Nullable ModelShape shape;

  @Option(
      names = "--bits",
      paramLabel = "B",
      split = ",",
      converter = PrecisionConverter.class,
      description =
          "With --synthetic, bits of a weight: 32, int8, 1 to 8, or 2.6, the mixture of Chung and"
              + " Kim (default: "
              + ALL_BITS
              + ").")
  private @Nullable List<Precision> precisions;

  @Option(
      names = "--preset",
      paramLabel = "chung-kim|t5-summary",
      description = "A known claim about low-bit translation, measured with synthetic models.")
  private @Nullable Preset preset;

  @Option(
      names = "--keep",
      paramLabel = "FOLDER",
      description = "Write synthetic models to FOLDER and leave them there.")
  private @Nullable Path keep;

  static final class ShapeConverter implements ITypeConverter<ModelShape> {
    @Override
    public ModelShape convert(String text) {
      try {
        return ModelShape.named(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  static final class PrecisionConverter implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String text) {
      try {
        return Precision.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Nullable Preset preset() {
    return preset;
  }

  /** Returns whether the models have random weights. */
  boolean synthetic() {
    return shape != null || preset != null;
  }

  /** Checks that the options go together. */
  void checkUsage() {
    long ways =
        Stream.of(!files.isEmpty(), shape != null, preset != null).filter(way -> way).count();
    Usage.require(command, ways <= 1, "give only one of --model, --synthetic and --preset");
    Usage.require(command, precisions == null || shape != null, "--bits needs --synthetic");
    Usage.require(command, keep == null || synthetic(), "--keep needs --synthetic or --preset");
  }

  /**
   * Opens the models, after writing the synthetic ones.
   *
   * @throws dev.bcq.format.BcqFormatException if a file is not a usable model
   */
  OpenModels open() {
    if (preset != null) {
      return write(preset.shape(), preset.precisions());
    }
    if (shape != null) {
      return write(shape, Objects.requireNonNullElseGet(precisions, ModelChoice::allBits));
    }
    return new OpenModels(
        null,
        (files.isEmpty() ? List.of(standard()) : files)
            .stream().map(file -> BenchModel.open(name(file), file)).toList());
  }

  private static List<Precision> allBits() {
    return Stream.of(ALL_BITS.split(",")).map(Precision::parse).toList();
  }

  private OpenModels write(ModelShape wanted, List<Precision> bits) {
    ModelFolder folder = ModelFolder.of(keep);
    try (Progress progress = Progress.of("writing models", bits.size(), " models", 1)) {
      List<BenchModel> models = new ArrayList<>();
      for (Precision precision : bits.stream().distinct().toList()) {
        Path file = folder.path().resolve(wanted.name() + "-" + precision.label() + ".bcq");
        SyntheticModel.write(file, wanted, precision, SEED);
        models.add(BenchModel.open(wanted.name(), precision.label(), file));
        progress.add(1);
      }
      return new OpenModels(folder, models);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static Path standard() {
    String file = System.getProperty(DEFAULT_MODEL);
    if (file == null) {
      throw new CommandException("no model: name one with --model FILE");
    }
    return Path.of(file);
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".bcq") ? name.substring(0, name.length() - ".bcq".length()) : name;
  }
}
