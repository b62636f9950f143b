package dev.bcq.converter;

import dev.bcq.console.Progress;
import dev.bcq.console.Version;
import dev.bcq.converter.calibrate.Calibration;
import dev.bcq.converter.calibrate.CalibrationText;
import dev.bcq.converter.calibrate.Calibrator;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.HuggingFaceReader;
import dev.bcq.converter.quantize.BitAllocation;
import dev.bcq.converter.quantize.BitAllocation.Storage;
import dev.bcq.converter.quantize.Candidate;
import dev.bcq.converter.quantize.EncodedMatrix;
import dev.bcq.converter.quantize.InputMoments;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.report.ConversionReport;
import dev.bcq.converter.report.MatrixReport;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqWriter;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.GoldenSample;
import dev.bcq.format.ModelInfo;
import dev.bcq.format.Provenance;
import dev.bcq.format.TokenizerEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conversion: read, calibrate, encode in parallel, write in order, try out, commit. Matrices
 * are held only between encoding and writing, a few at a time.
 */
final class Conversion {
  private final ConversionOptions options;
  private final Checkpoint checkpoint;
  private final List<MatrixPlan> plans = new ArrayList<>();
  private final List<MatrixReport> reports = new ArrayList<>();
  private final List<String> changed = new ArrayList<>();
  private @Nullable Calibration calibration;

  private Conversion(ConversionOptions options, Checkpoint checkpoint) {
    this.options = options;
    this.checkpoint = checkpoint;
    Map<String, Storage> storages =
        options.bits().allocate(List.copyOf(checkpoint.matrices().keySet()));
    String tied = checkpoint.config().sharedEmbedding() ? "embedding" : "decoder.embedding";
    checkpoint
        .matrices()
        .forEach(
            (name, source) ->
                plans.add(
                    new MatrixPlan(
                        name,
                        source,
                        Objects.requireNonNull(storages.get(name)),
                        checkpoint.stored().get(name),
                        checkpoint.config().tiedOutput() && name.equals(tied + ".weight"))));
  }

  /** Converts. Nothing is left behind when it fails. */
  static ConversionReport run(ConversionOptions options) {
    try (Arena arena = Arena.ofShared()) {
      Checkpoint checkpoint = HuggingFaceReader.read(options.input(), arena);
      return new Conversion(options, checkpoint).run();
    }
  }

  private ConversionReport run() {
    if (options.dryRun()) {
      calibrate();
      encodeAll(this::report);
      return report(0);
    }
    try (BcqWriter writer = BcqWriter.create(options.output(), options.force())) {
      calibrate();
      return write(writer);
    }
  }

  private ConversionReport write(BcqWriter writer) {
    ModelWriter model = new ModelWriter(writer);
    encodeAll(
        (plan, encoded) -> {
          report(plan, encoded);
          model.add(plan, encoded);
        });
    TokenizerEntry tokenizer = addRest(writer, model);
    BcqDirectory directory = directory(model, tokenizer, List.of());
    List<GoldenSample> samples = samples(writer.draft(directory));
    BcqDirectory complete = directory(model, tokenizer, samples);
    long length = writer.draft(complete).length();
    writer.commit(complete);
    return report(length);
  }

  private @Nullable TokenizerEntry addRest(BcqWriter writer, ModelWriter model) {
    checkpoint.tensors().forEach(model::add);
    return checkpoint.tokenizer() == null ? null : writer.addTokenizer(checkpoint.tokenizer());
  }

  private List<GoldenSample> samples(BcqFile draft) {
    boolean lossless =
        plans.stream().allMatch(plan -> plan.storage() instanceof BitAllocation.Float32);
    if (lossless) {
      return Samples.make(draft, draft);
    }
    List<GoldenSample> samples = new ArrayList<>();
    useFloatModel(floats -> samples.addAll(Samples.make(draft, floats)));
    return samples;
  }

  /** Calibrates with the float model if that was asked for. */
  private void calibrate() {
    CalibrationText text = options.calibration();
    if (text != null) {
      useFloatModel(floats -> calibration = new Calibrator(floats, options.threads()).run(text));
    }
  }

  // The float model lies beside the output for as long as it is asked; it is never held in memory.
  private void useFloatModel(Consumer<BcqFile> user) {
    try (BcqWriter writer = BcqWriter.create(options.output(), true)) {
      ModelWriter model = new ModelWriter(writer);
      for (MatrixPlan plan : plans) {
        MatrixPlan dense =
            new MatrixPlan(plan.name(), plan.source(), new BitAllocation.Float32(), null, false);
        model.add(dense, dense.encode(options.quantization(), generation(), null));
      }
      TokenizerEntry tokenizer = addRest(writer, model);
      user.accept(writer.draft(directory(model, tokenizer, List.of())));
    }
  }

  private void encodeAll(BiConsumer<MatrixPlan, EncodedMatrix> next) {
    long weights = plans.stream().mapToLong(plan -> plan.source().count()).sum();
    Deque<Future<EncodedMatrix>> pending = new ArrayDeque<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(options.threads());
        Progress progress = Progress.of("quantizing", weights, " M weights", 1_000_000)) {
      int submitted = 0;
      try {
        for (MatrixPlan plan : plans) {
          while (submitted < plans.size() && pending.size() <= options.threads()) {
            MatrixPlan ahead = plans.get(submitted++);
            InputMoments moments =
                calibration == null ? null : calibration.moments().get(ahead.name());
            pending.add(
                workers.submit(() -> ahead.encode(options.quantization(), generation(), moments)));
          }
          next.accept(plan, result(pending.remove()));
          progress.add(plan.source().count());
        }
      } catch (RuntimeException e) {
        workers.shutdownNow();
        throw e;
      }
    }
  }

  private static EncodedMatrix result(Future<EncodedMatrix> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConversionException("interrupted");
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
            candidates));
  }

  private ConversionReport report(long fileBytes) {
    long others = checkpoint.tensors().values().stream().mapToLong(t -> t.source().count()).sum();
    return new ConversionReport(
        checkpoint.family(),
        usedOptions(),
        List.copyOf(reports),
        others,
        fileBytes,
        calibration,
        warnings());
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
            : String.valueOf(options.input().toAbsolutePath().normalize().getFileName());
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
    used.add(new Provenance.Option("bits", options.bits().text()));
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
