package dev.bcq.benchmarks.measure;

import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.MatrixRole;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.layers.Linear;
import dev.bcq.runtime.layers.SharedProducts;
import dev.bcq.runtime.model.MatrixLoader;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The matrix products of a decoding step without the rest of it: each matrix of the decoder once,
 * in order, as it lies in the mapped file, so that caches see what they see in a translation.
 */
final class StepProducts {
  private final List<DecoderMatrices.Product> products;
  private final List<Linear> linears = new ArrayList<>();
  private final List<Activations> outputs = new ArrayList<>();
  private final ThreadTeam team;
  private final List<Share> shares = new ArrayList<>();
  private final int columns;
  private final List<Activations> inputs = new ArrayList<>();

  /** What a member of the team has for itself. */
  private record Share(PreparedInput input, SharedProducts products) {}

  StepProducts(
      BenchModel model, Kernels kernels, Arithmetic arithmetic, ThreadTeam team, int columns) {
    this.products = DecoderMatrices.of(model);
    this.columns = columns;
    this.team = team;
    for (int i = 0; i < team.size(); i++) {
      PreparedInput input = new PreparedInput();
      shares.add(new Share(input, new SharedProducts(team.member(i), input)));
    }
    for (DecoderMatrices.Product product : products) {
      MatrixEntry matrix = product.matrix();
      linears.add(
          new Linear(
              MatrixLoader.load(model.file(), matrix), null, MatrixRole.STEP, kernels, arithmetic));
      inputs.add(new Activations(activations(columns * matrix.cols()), 0, matrix.cols()));
      outputs.add(Activations.allocate(columns, matrix.rows()));
    }
  }

  /** Returns values like those that a normalization leaves. */
  static float[] activations(int count) {
    Random random = new Random(1);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** Computes the products of one step. */
  void step() {
    team.run(member -> step(shares.get(member.number())), team.size());
  }

  private void step(Share share) {
    for (int i = 0; i < linears.size(); i++) {
      DecoderMatrices.Product product = products.get(i);
      if (product.newInput()) {
        int cols = product.matrix().cols();
        share.input.load(inputs.get(i), cols, columns);
      }
      share.products.and(linears.get(i), outputs.get(i));
      if (i + 1 == linears.size() || products.get(i + 1).newInput()) {
        share.products.compute();
      }
    }
  }
}
