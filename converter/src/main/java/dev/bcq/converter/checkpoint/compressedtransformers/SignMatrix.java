package dev.bcq.converter.checkpoint.compressedtransformers;

import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.quantize.StoredForm;

/**
 * The signs of weights, 0 for 0: one plane with scale 1, or two with 1/2 where there are zeros.
 *
 * <p>Source: {@code BinarizedLinear} of Compressed-Transformers.
 */
final class SignMatrix {
  private final TensorSource floats;
  private final int planes;

  SignMatrix(TensorSource floats) {
    this.floats = floats;
    int found = 1;
    for (float weight : floats.readAll()) {
      found = weight == 0 ? 2 : found;
    }
    this.planes = found;
  }

  TensorSource weights() {
    return TensorSource.computed(
        floats.name(),
        floats.shape(),
        (from, into, offset, values) -> {
          floats.read(from, into, offset, values);
          for (int i = offset; i < offset + values; i++) {
            into[i] = Math.signum(into[i]);
          }
        });
  }

  /** Returns the form that holds the signs without loss. */
  StoredForm form() {
    return StoredForm.BitPlanes.ofRows(
        planes, false, Math.toIntExact(floats.shape().get(0)), (row, plane) -> 1f / planes);
  }
}
