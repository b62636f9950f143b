package dev.bcq.runtime.decoding;

import dev.bcq.format.EarlyStopping;
import dev.bcq.runtime.kernels.Elementary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Beam search written down a second time, close to the tensors of Hugging Face: n beams at every
 * step, -1e9 in place of what does not exist, whole sequences scored anew, no cache.
 */
final class ReferenceBeamSearch {
  private static final float MISSING = -1e9f;

  private final Function<int[], float[]> logits;
  private final DecodingParameters parameters;

  ReferenceBeamSearch(Function<int[], float[]> logits, DecodingParameters parameters) {
    this.logits = logits;
    this.parameters = parameters;
  }

  private record Beam(int[] ids, float total) {}

  List<Hypothesis> run() {
    int n = parameters.beams();
    int keep = Math.max(2, 1 + parameters.endTokens().size()) * n;
    List<Beam> running = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      running.add(new Beam(new int[] {parameters.startToken()}, i == 0 ? 0 : MISSING));
    }
    List<Hypothesis> list = new ArrayList<>();
    boolean open = true;
    for (int length = 1; length < parameters.maxLength(); length++) {
      List<Beam> best = best(running, keep);
      List<Beam> going = best.stream().filter(beam -> !ends(beam)).limit(n).toList();
      boolean first = parameters.earlyStopping() == EarlyStopping.FIRST;
      boolean atOnce = first || parameters.earlyStopping() == EarlyStopping.TRUE;
      if (open && !(atOnce && list.size() == n)) {
        int places = first ? n - list.size() : n;
        best.stream().limit(n).filter(this::ends).limit(places).forEach(beam -> add(list, beam, n));
      }
      int generated = length;
      if (parameters.earlyStopping() == EarlyStopping.NEVER && parameters.lengthPenalty() > 0) {
        generated = parameters.maxLength() - 1;
      }
      open &=
          list.size() < n
              || (!going.isEmpty()
                  && divided(going.get(0).total(), generated) > list.get(n - 1).score());
      boolean allEnd = best.stream().allMatch(this::ends);
      if (!open || allEnd || (atOnce && list.size() == n)) {
        break;
      }
      running = going;
    }
    return list.stream()
        .filter(hypothesis -> hypothesis.score() > MISSING / 1e4f)
        .limit(parameters.nBest())
        .toList();
  }

  private List<Beam> best(List<Beam> running, int keep) {
    List<Beam> all = new ArrayList<>();
    for (Beam beam : running) {
      float[] scores = logSoftmax(logits.apply(beam.ids()));
      new ScoreProcessors(parameters, scores.length)
          .apply(scores, 0, beam.ids(), beam.ids().length);
      for (int token = 0; token < scores.length; token++) {
        int[] ids = Arrays.copyOf(beam.ids(), beam.ids().length + 1);
        ids[ids.length - 1] = token;
        all.add(new Beam(ids, beam.total() + scores[token]));
      }
    }
    all.sort(Comparator.comparingDouble(beam -> -(double) beam.total()));
    return all.subList(0, keep);
  }

  private boolean ends(Beam beam) {
    int last = beam.ids()[beam.ids().length - 1];
    return beam.ids().length == parameters.maxLength() || parameters.endTokens().contains(last);
  }

  private void add(List<Hypothesis> list, Beam beam, int n) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 1; i < beam.ids().length; i++) {
      ids.add(beam.ids()[i]);
    }
    list.add(new Hypothesis(ids, divided(beam.total(), ids.size())));
    list.sort(Comparator.comparingDouble(hypothesis -> -(double) hypothesis.score()));
    if (list.size() > n) {
      list.remove(n);
    }
  }

  private float divided(float total, int generated) {
    return total / (float) StrictMath.pow(generated, parameters.lengthPenalty());
  }

  private static float[] logSoftmax(float[] logits) {
    float maximum = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      maximum = Math.max(maximum, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Elementary.exp(logit - maximum);
    }
    float[] result = new float[logits.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = logits[i] - (maximum + (float) StrictMath.log((float) sum));
    }
    return result;
  }
}
