package dev.bcq.converter;

import dev.bcq.console.Progress;
import dev.bcq.console.Version;
import dev.bcq.converter.allocate.Allocation;
import dev.bcq.converter.allocate.Allocator;
import dev.bcq.converter.allocate.Goal;
import dev.bcq.converter.allocate.Plan;
import dev.bcq.converter.calibrate.Calibration;
import dev.bcq.converter.calibrate.CalibrationText;
import dev.bcq.converter.calibrate.Calibrator;
import dev.bcq.converter.calibrate.TokenUse;
import dev.bcq.converter.calibrate.Workers;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.quantize.BitAllocation;
import dev.bcq.converter.quantize.BitAllocation.Storage;
import dev.bcq.converter.quantize.Candidate;
import dev.bcq.converter.quantize.EncodedMatrix;
import dev.bcq.converter.quantize.InputMoments;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.converter.report.ConversionReport;
import dev.bcq.converter.report.MatrixReport;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqWriter;
import dev.bcq.format.DataBlock;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.GoldenSample;
import dev.bcq.format.ModelInfo;
import dev.bcq.format.Provenance;
import dev.bcq.format.TokenizerEntry;
import dev.bcq.format.TransformerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One conversion: read, calibrate, encode in parallel, write in order, try out, commit. Matrices
 * are held only between encoding and writing, a few at a time, but for those that are tried out
 * while bits are divided.
 */
final class Conversion {
  /** Bytes that the directory may have more than that of the float model. */
  private static final long DIRECTORY_RESERVE = 1536;

  private static final long DIRECTORY_RESERVE_OF_MATRIX = 128;

  private final ConversionOptions options;
  private final Checkpoint checkpoint;
  private final List<MatrixPlan> plans;
  private final List<MatrixReport> reports = new ArrayList<>();
  private final List<String> changed = new ArrayList<>();
  private @Nullable Calibration calibration;
  private @Nullable Allocation allocation;

  private Conversion(ConversionOptions options, Checkpoint checkpoint) {
    this.options = options;
    this.checkpoint = checkpoint;
    this.plans = new ArrayList<>(plans(options, checkpoint));
  }

  private static List<MatrixPlan> plans(ConversionOptions options, Checkpoint checkpoint) {
    TransformerConfig config = checkpoint.config();
    Map<String, Storage> storages =
        options.plan() == null
            ? options.bits().allocate(List.copyOf(checkpoint.matrices().keySet()))
            : storages(options.plan(), checkpoint.matrices());
    return checkpoint.matrices().entrySet().stream()
        .map(
            entry ->
                new MatrixPlan(
                    entry.getKey(),
                    entry.getValue(),
                    Objects.requireNonNull(storages.get(entry.getKey())),
                    checkpoint.stored().get(entry.getKey()),
                    config.tiedOutput() && entry.getKey().equals(config.outputProjection())))
        .toList();
  }

  private static Map<String, Storage> storages(Plan plan, Map<String, TensorSource> matrices) {
    Map<String, Integer> rows = new LinkedHashMap<>();
    matrices.forEach((name, source) -> rows.put(name, Math.toIntExact(source.shape().get(0))));
    Map<String, Storage> storages = new LinkedHashMap<>();
    plan.fitted(rows)
        .forEach((name, division) -> storages.put(name, new BitAllocation.Divided(division)));
    return storages;
  }

  /** Converts. Nothing is left behind when it fails. */
  static ConversionReport run(ConversionOptions options) {
    try (Arena arena = Arena.ofShared()) {
      Checkpoint checkpoint = CheckpointReaders.read(options.reader(), options.input(), arena);
      return new Conversion(options, checkpoint).run();
    }
  }

  private ConversionReport run() {
    try (FloatModel floats = new FloatModel(options.output(), this::addFloats);
        Workers workers = new Workers(options.threads())) {
      if (options.dryRun()) {
        prepare(floats, workers);
        encodeAll(workers, this::report);
        return report(0);
      }
      try (BcqWriter writer = BcqWriter.create(options.output(), options.force())) {
        prepare(floats, workers);
        return write(writer, floats, workers);
      }
    }
  }

  private ConversionReport write(BcqWriter writer, FloatModel floats, Workers workers) {
    ModelWriter model = new ModelWriter(writer);
    encodeAll(
        workers,
        (plan, encoded) -> {
          report(plan, encoded);
          model.add(plan, encoded);
        });
    TokenizerEntry tokenizer = addRest(writer, model);
    BcqDirectory directory = directory(model, tokenizer, List.of());
    List<GoldenSample> samples = samples(writer.draft(directory), floats);
    BcqDirectory complete = directory(model, tokenizer, samples);
    long length = writer.draft(complete).length();
    writer.commit(complete);
    return report(length);
  }

  private @Nullable TokenizerEntry addRest(BcqWriter writer, ModelWriter model) {
    checkpoint.tensors().forEach(model::add);
    return checkpoint.tokenizer() == null ? null : writer.addTokenizer(checkpoint.tokenizer());
  }

  private List<GoldenSample> samples(BcqFile draft, FloatModel floats) {
    boolean lossless =
        plans.stream().allMatch(plan -> plan.storage() instanceof BitAllocation.Float32);
    return Samples.make(draft, lossless ? draft : floats.file());
  }

  /** Calibrates and divides bits, where that was asked for. */
  private void prepare(FloatModel floats, Workers workers) {
    CalibrationText text = options.calibration();
    Calibrator calibrator = text == null ? null : new Calibrator(floats.file(), text, workers);
    if (calibrator != null) {
      calibration = calibrator.run();
    }
    if (options.goal() != null) {
      Allocation divided = allocator(floats, calibrator, workers).allocate(options.goal());
      allocation = divided;
      plans.replaceAll(
          plan -> {
            RowDivision division =
                Objects.requireNonNull(divided.plan().divisions().get(plan.name()));
            return plan.with(new BitAllocation.Divided(division));
          });
    }
  }

  private Allocator allocator(FloatModel floats, @Nullable Calibrator calibrator, Workers workers) {
    if (!options.quantization().requantize()) {
      plans.forEach(MatrixPlan::refuseRetrained);
    }
    TransformerConfig config = checkpoint.config();
    long matrixBytes =
        plans.stream()
            .mapToLong(plan -> DataBlock.paddedLength(Float.BYTES * plan.source().count()))
            .sum();
    long directory = DIRECTORY_RESERVE + (long) plans.size() * DIRECTORY_RESERVE_OF_MATRIX;
    return new Allocator(
        plans.stream().map(plan -> plan.quantizable(moments(plan))).toList(),
        options.quantization(),
        floats.file().length() - matrixBytes + directory,
        calibrator == null
            ? TokenUse.expected(config.sourceVocabulary(), config.targetVocabulary())
            : calibrator.tokenUse(),
        calibrator == null ? null : calibrator.lossMeter(),
        workers);
  }

  private @Nullable InputMoments moments(MatrixPlan plan) {
    return calibration == null ? null : calibration.moments().get(plan.name());
  }

  /** Puts the float model into a file. */
  private BcqFile addFloats(BcqWriter writer) {
    ModelWriter model = new ModelWriter(writer);
    for (MatrixPlan plan : plans) {
      MatrixPlan dense =
          new MatrixPlan(plan.name(), plan.source(), new BitAllocation.Float32(), null, false);
      model.add(dense, dense.encode(options.quantization(), generation(), null));
    }
    TokenizerEntry tokenizer = addRest(writer, model);
    return writer.draft(directory(model, tokenizer, List.of()));
  }

  private void encodeAll(Workers workers, BiConsumer<MatrixPlan, EncodedMatrix> next) {
    long weights = plans.stream().mapToLong(plan -> plan.source().count()).sum();
    try (Progress progress = Progress.of("quantizing", weights, " M weights", 1_000_000)) {
      workers.each(
          plans,
          plan -> plan.encode(options.quantization(), generation(), moments(plan)),
          (plan, encoded) -> {
            next.accept(plan, encoded);
            progress.add(plan.source().count());
          });
    }
  }

  private void report(MatrixPlan plan, EncodedMatrix encoded) {
    if (plan.hasChanged(encoded)) {
      changed.add(plan.name());
    }
    String storage =
        switch (encoded) {
          case EncodedMatrix.Float32 dense -> "float32";
          case EncodedMatrix.Int8 int8 -> "int8";
          case EncodedMatrix.BitPlanes planes ->
              String.join(
                  "/",
                  planes.blocks().stream().map(block -> String.valueOf(block.planes())).toList());
        };
    boolean recovered = encoded instanceof EncodedMatrix.BitPlanes planes && planes.recovered();
    List<Candidate> candidates =
        encoded instanceof EncodedMatrix.BitPlanes planes ? planes.candidates() : List.of();
    reports.add(
        new MatrixReport(
            plan.name(),
            plan.rows(),
            plan.cols(),
            storage,
            recovered,
            encoded.relativeError(),
            encoded.bytes(),
            encoded.scaleBytes(),
            candidates));
  }

  private ConversionReport report(long fileBytes) {
    long others = checkpoint.tensors().values().stream().mapToLong(t -> t.source().count()).sum();
    return new ConversionReport(
        checkpoint.family(),
        usedOptions(),
        List.copyOf(reports),
        others,
        inputBytes(),
        fileBytes,
        calibration,
        warnings(),
        allocation);
  }

  private long inputBytes() {
    long bytes = 0;
    for (Path file : checkpoint.files()) {
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
      }
    }
    return bytes;
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>(checkpoint.warnings());
    if (calibration != null) {
      warnings.addAll(calibration.warnings());
    }
    if (!changed.isEmpty()) {
      warnings.add(
          "%s changed since bcq.json was written, %s among them: new planes were found"
              .formatted(
                  changed.size() == 1 ? "1 matrix has" : changed.size() + " matrices have",
                  changed.get(0)));
    }
    return warnings;
  }

  private GenerationSettings generation() {
    return options.generation().orElse(checkpoint.generation());
  }

  private BcqDirectory directory(
      ModelWriter model, @Nullable TokenizerEntry tokenizer, List<GoldenSample> samples) {
    String name =
        options.name() != null
            ? options.name()
            : String.valueOf(options.input().path().toAbsolutePath().normalize().getFileName());
    return new BcqDirectory(
        checkpoint.config(),
        new ModelInfo(
            name,
            options.sourceLanguages(),
            options.targetLanguages(),
            options.license(),
            options.attribution()),
        provenance(),
        generation(),
        checkpoint.tasks(),
        tokenizer,
        model.matrices(),
        model.tensors(),
        samples);
  }

  private List<Provenance.Option> usedOptions() {
    QuantizationOptions quantization = options.quantization();
    int group = quantization.groupSize();
    List<Provenance.Option> used = new ArrayList<>();
    used.add(bitsOption());
    used.add(new Provenance.Option("group", group == 0 ? "row" : String.valueOf(group)));
    used.add(new Provenance.Option("offset", String.valueOf(quantization.offset())));
    used.add(new Provenance.Option("method", quantization.method().toString()));
    if (quantization.requantize()) {
      used.add(new Provenance.Option("requantize", "true"));
    }
    if (calibration != null) {
      used.add(new Provenance.Option("calibrate", calibration.text()));
    }
    return used;
  }

  private Provenance.Option bitsOption() {
    if (options.plan() != null) {
      return new Provenance.Option("plan", "given");
    }
    return switch (options.goal()) {
      case null -> new Provenance.Option("bits", options.bits().text());
      case Goal.FileBytes most ->
          new Provenance.Option("target-size", String.valueOf(most.bytes()));
      case Goal.BitsPerWeight most ->
          new Provenance.Option("target-bits", String.valueOf(most.bits()));
      case Goal.MostLoss most -> new Provenance.Option("max-loss", String.valueOf(most.loss()));
    };
  }

  private Provenance provenance() {
    return new Provenance(
        "bcq-convert " + Version.NUMBER,
        checkpoint.family(),
        checkpoint.files().stream().map(Conversion::sourceFile).toList(),
        usedOptions());
  }

  private static Provenance.SourceFile sourceFile(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return new Provenance.SourceFile(
          String.valueOf(file.getFileName()), HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
