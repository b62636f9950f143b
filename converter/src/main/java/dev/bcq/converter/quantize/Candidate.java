package dev.bcq.converter.quantize;

/**
 * One way in which a matrix was quantized.
 *
 * @param solver how scales and planes were found
 * @param outputError squared error of the outputs divided by the squared outputs, on held-out
 *     sentences
 */
public record Candidate(Solver solver, double outputError) {

  /** How scales and planes are found. */
  public enum Solver {
    /** Alternating, all weights the same: what is done without calibration. */
    ALTERNATING("alternating"),
    /** Alternating, weights count as much as the squares of their inputs. */
    WEIGHTED("weighted"),
    /** Weights make up for each other's errors. */
    FEEDBACK("feedback");

    private final String word;

    Solver(String word) {
      this.word = word;
    }

    /** Returns the word that reports show. */
    @Override
    public String toString() {
      return word;
    }
  }
}
