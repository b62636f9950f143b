package dev.bcq.converter;

import dev.bcq.converter.allocate.QuantizableMatrix;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.quantize.BitAllocation.Automatic;
import dev.bcq.converter.quantize.BitAllocation.Clusters;
import dev.bcq.converter.quantize.BitAllocation.Divided;
import dev.bcq.converter.quantize.BitAllocation.Float32;
import dev.bcq.converter.quantize.BitAllocation.Int8;
import dev.bcq.converter.quantize.BitAllocation.Planes;
import dev.bcq.converter.quantize.BitAllocation.Storage;
import dev.bcq.converter.quantize.EncodedMatrix;
import dev.bcq.converter.quantize.InputMoments;
import dev.bcq.converter.quantize.MatrixEncoder;
import dev.bcq.converter.quantize.MatrixRecovery;
import dev.bcq.converter.quantize.MatrixRestoration;
import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.converter.quantize.RowSource;
import dev.bcq.converter.quantize.StoredForm;
import dev.bcq.format.GenerationSettings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a matrix will become.
 *
 * @param name canonical name
 * @param source its weights
 * @param storage what the user asked for
 * @param stored how the model file stored it that the checkpoint was read out of, or null
 * @param tiedToOutput whether it is an embedding and the output projection at once
 */
record MatrixPlan(
    String name,
    TensorSource source,
    Storage storage,
    @Nullable StoredForm stored,
    boolean tiedToOutput) {
  /**
   * Planes of matrices that nothing is said of, and of embeddings that are output projections too.
   */
  private static final int DEFAULT_PLANES = 4;

  private static final int DEFAULT_TIED_PLANES = 6;
  private static final int CLUSTERS = 4;

  int rows() {
    return Math.toIntExact(source.shape().get(0));
  }

  int cols() {
    return Math.toIntExact(source.shape().get(1));
  }

  /**
   * Encodes the matrix.
   *
   * @param moments what calibration has seen of its inputs, or null
   * @throws QuantizationException if weights are not finite, or planes would be lost without {@code
   *     --requantize}
   */
  EncodedMatrix encode(
      QuantizationOptions options, GenerationSettings generation, @Nullable InputMoments moments) {
    MatrixEncoder encoder = new MatrixEncoder(name, rows(), cols(), weights(), inputs(moments));
    return switch (storage) {
      case Float32 dense -> encoder.toFloat32();
      case Int8 int8 -> encoder.toInt8();
      case Clusters clusters -> clusters(encoder, options, generation);
      case Planes planes -> planes(encoder, RowDivision.whole(planes.count(), rows()), options);
      case Divided divided -> planes(encoder, divided.division(), options);
      case Automatic automatic -> automatic(encoder, options);
    };
  }

  /** Returns whether the matrix was to be restored, but has been changed since it was stored. */
  boolean hasChanged(EncodedMatrix encoded) {
    return stored != null
        && storage instanceof Automatic
        && encoded instanceof EncodedMatrix.BitPlanes planes
        && planes.origin() != EncodedMatrix.Origin.RESTORED;
  }

  private MatrixRecovery recovery() {
    return new MatrixRecovery(name, rows(), cols(), weights());
  }

  /** Returns the same matrix with another storage. */
  MatrixPlan with(Storage other) {
    return new MatrixPlan(name, source, other, stored, tiedToOutput);
  }

  /** Returns the matrix as one that may get any number of planes. */
  QuantizableMatrix quantizable(@Nullable InputMoments moments) {
    return new QuantizableMatrix(
        name,
        rows(),
        cols(),
        new MatrixEncoder(name, rows(), cols(), weights(), null).scaleType(),
        weights(),
        inputs(moments));
  }

  /**
   * Refuses to divide bits anew if the weights are sums of planes.
   *
   * @throws QuantizationException if they are
   */
  void refuseRetrained() {
    EncodedMatrix.BitPlanes existing = existing();
    if (existing != null) {
      throw wouldLose(existing, "another division");
    }
  }

  /** Returns the planes that the weights consist of already, or null if they do not. */
  private EncodedMatrix.@Nullable BitPlanes existing() {
    if (stored instanceof StoredForm.BitPlanes
        && new MatrixRestoration(rows(), cols(), weights()).restore(stored)
            instanceof EncodedMatrix.BitPlanes restored) {
      return restored;
    }
    int recovered = recovery().planes();
    return recovered > 0 ? recovery().recover(recovered) : null;
  }

  private QuantizationException wouldLose(EncodedMatrix.BitPlanes existing, String other) {
    return new QuantizationException(
        String.format(
            Locale.ROOT,
            "%s consists of %d planes already; %s would lose what retraining has won: use --bits auto, or --requantize",
            name,
            mostPlanes(existing),
            other));
  }

  private @Nullable InputMoments inputs(@Nullable InputMoments moments) {
    return moments != null && tiedToOutput ? moments.withLookups() : moments;
  }

  private RowSource weights() {
    return (row, into) -> source.read((long) row * cols(), into, 0, cols());
  }

  private EncodedMatrix automatic(MatrixEncoder encoder, QuantizationOptions options) {
    // Planes are restored by existing() too, and once is enough.
    EncodedMatrix restored =
        stored == null || stored instanceof StoredForm.BitPlanes
            ? null
            : new MatrixRestoration(rows(), cols(), weights()).restore(stored);
    EncodedMatrix existing = restored == null ? existing() : restored;
    return existing == null
        ? encoder.quantize(tiedToOutput ? DEFAULT_TIED_PLANES : DEFAULT_PLANES, options)
        : existing;
  }

  private EncodedMatrix planes(
      MatrixEncoder encoder, RowDivision division, QuantizationOptions options) {
    EncodedMatrix.BitPlanes existing = options.requantize() ? null : existing();
    int fewest = division.parts().stream().mapToInt(RowDivision.Part::planes).min().orElseThrow();
    if (existing != null && mostPlanes(existing) > fewest) {
      throw wouldLose(existing, String.valueOf(fewest));
    }
    return existing != null ? existing : encoder.quantize(division, options);
  }

  private static int mostPlanes(EncodedMatrix.BitPlanes planes) {
    return planes.blocks().stream().mapToInt(EncodedMatrix.Block::planes).max().orElseThrow();
  }

  private EncodedMatrix clusters(
      MatrixEncoder encoder, QuantizationOptions options, GenerationSettings generation) {
    EncodedMatrix.BitPlanes existing = options.requantize() ? null : existing();
    if (existing != null && mostPlanes(existing) > 1) {
      throw wouldLose(existing, "a division");
    }
    // Token ids fall with frequency; special tokens are in front whatever their ids.
    Set<Integer> order = new LinkedHashSet<>();
    for (List<Integer> special : specialTokens(generation)) {
      special.stream().filter(id -> id < rows()).forEach(order::add);
    }
    IntStream.range(0, rows()).forEach(order::add);
    int[] rows = order.stream().mapToInt(Integer::intValue).toArray();
    return encoder.quantize(RowDivision.clusters(CLUSTERS, rows), options);
  }

  private static List<List<Integer>> specialTokens(GenerationSettings generation) {
    return List.of(
        generation.endTokens() == null ? List.of() : generation.endTokens(),
        generation.startToken() == null ? List.of() : List.of(generation.startToken()),
        generation.forcedFirstToken() == null ? List.of() : List.of(generation.forcedFirstToken()));
  }
}
