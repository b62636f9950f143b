package dev.bcq.runtime.decoding;

import dev.bcq.format.EarlyStopping;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.ops.LogSoftmax;
import dev.bcq.runtime.tensor.Activations;
import java.util.Arrays;
import java.util.List;

/**
 * Beam search as Hugging Face {@code generate} performs it, and fairseq's {@code SequenceGenerator}
 * with {@link EarlyStopping#FIRST}.
 *
 * <p>With n beams, each step ranks the best {@code max(2, 1 + end tokens) * n} continuations by the
 * sum of their scores. One is finished if it ends in an end token or reaches the maximum length.
 * Finished ones among the first n enter the list with {@code sum / generated^lengthPenalty}; the
 * best n others run on. The search ends when the list is full and the best running hypothesis could
 * not enter it ({@link EarlyStopping} says at which length that is judged), or when nothing runs.
 * Beams that Hugging Face fills with placeholders of -1e9 do not exist here.
 */
final class BeamSearch implements Search {
  private static final int FIRST_POSITIONS = 32;

  private final Kernels kernels;
  private final DecodingParameters parameters;
  private final int vocabulary;
  private final ScoreProcessors processors;
  private final int beams;
  private final Candidates candidates;
  private final FinishedList finished;
  private final int[] tokens;
  private final int[] parents;

  private int[][] sequences;
  private int[][] nextSequences;
  private float[] sums;
  private float[] nextSums;
  private int running = 1;
  private int length = 1;
  private boolean closed;

  BeamSearch(Kernels kernels, DecodingParameters parameters, int vocabulary) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.vocabulary = vocabulary;
    this.processors = new ScoreProcessors(parameters, vocabulary);
    this.beams = parameters.beams();
    int ranked = Math.max(2, 1 + parameters.endTokens().size());
    this.candidates = new Candidates(kernels, Math.min(ranked, vocabulary) * beams);
    this.finished = new FinishedList(beams);
    this.tokens = new int[beams];
    this.parents = new int[beams];
    int positions = Math.min(FIRST_POSITIONS, parameters.maxLength());
    this.sequences = new int[beams][positions];
    this.nextSequences = new int[beams][positions];
    this.sums = new float[beams];
    this.nextSums = new float[beams];
    this.sequences[0][0] = parameters.startToken();
    this.tokens[0] = parameters.startToken();
  }

  @Override
  public int columns() {
    return closed || length == parameters.maxLength() ? 0 : running;
  }

  @Override
  public int[] tokens() {
    return tokens;
  }

  @Override
  public int[] parents() {
    return parents;
  }

  @Override
  public void take(Activations logits, int column) {
    rank(logits, column);
    finish();
    goOn();
    closed = closed();
  }

  @Override
  public List<Hypothesis> best() {
    return finished.best(parameters.nBest());
  }

  private void rank(Activations scores, int first) {
    candidates.clear();
    for (int beam = 0; beam < running; beam++) {
      int column = first + beam;
      LogSoftmax.apply(kernels, scores, column, vocabulary);
      processors.apply(scores.values(), scores.at(column), sequences[beam], length);
      candidates.offer(beam, sums[beam], scores, column, vocabulary);
    }
  }

  private boolean ends(int rank) {
    return length + 1 == parameters.maxLength() || parameters.ends(candidates.token(rank));
  }

  private void finish() {
    boolean firstStay = parameters.earlyStopping() == EarlyStopping.FIRST;
    for (int rank = 0; rank < Math.min(beams, candidates.count()); rank++) {
      if (ends(rank) && !(firstStay && finished.full())) {
        float score = score(candidates.total(rank), length, parameters.lengthPenalty());
        int[] sequence = sequences[candidates.beam(rank)];
        finished.add(score, sequence, length, candidates.token(rank));
      }
    }
  }

  private void goOn() {
    if (length == sequences[0].length) {
      grow();
    }
    int next = 0;
    for (int rank = 0; rank < candidates.count() && next < beams; rank++) {
      if (!ends(rank)) {
        int beam = candidates.beam(rank);
        System.arraycopy(sequences[beam], 0, nextSequences[next], 0, length);
        nextSequences[next][length] = candidates.token(rank);
        nextSums[next] = candidates.total(rank);
        tokens[next] = candidates.token(rank);
        parents[next] = beam;
        next++;
      }
    }
    int[][] formerSequences = sequences;
    sequences = nextSequences;
    nextSequences = formerSequences;
    float[] formerSums = sums;
    sums = nextSums;
    nextSums = formerSums;
    running = next;
    length++;
  }

  private void grow() {
    int positions = Math.min(2 * length, parameters.maxLength());
    for (int beam = 0; beam < beams; beam++) {
      sequences[beam] = Arrays.copyOf(sequences[beam], positions);
      nextSequences[beam] = new int[positions];
    }
  }

  private boolean closed() {
    if (!finished.full() || running == 0) {
      return false;
    }
    if (parameters.earlyStopping() == EarlyStopping.TRUE
        || parameters.earlyStopping() == EarlyStopping.FIRST) {
      return true;
    }
    boolean atBestLength =
        parameters.earlyStopping() == EarlyStopping.NEVER && parameters.lengthPenalty() > 0;
    int judged = atBestLength ? parameters.maxLength() - 1 : length - 1;
    return score(sums[0], judged, parameters.lengthPenalty()) <= finished.worst();
  }

  static float score(float sum, int generated, float lengthPenalty) {
    return sum / (float) StrictMath.pow(generated, lengthPenalty);
  }
}
