package dev.bcq.converter.quantize;

import java.util.List;
import java.util.Map;

/**
 * Which matrix gets which storage: what {@code --bits} says.
 *
 * <p>{@code auto}, a number of planes, {@code 32}, {@code int8}, {@code chung-kim}, or {@link
 * MatrixRules} of these.
 */
public final class BitAllocation {
  /** The division of Chung and Kim 2020, section 3.2. */
  private static final String CHUNG_KIM =
      "*embedding=clusters,output=clusters,"
          + "decoder.*.self_attention.*=2,decoder.*.cross_attention.*=3,decoder.*.feed_forward.*=1,"
          + "encoder.*.self_attention.*=3,encoder.*.feed_forward.*=4";

  private static final int MOST_PLANES = 8;

  private final String text;
  private final MatrixRules<Storage> rules;

  private BitAllocation(String text, MatrixRules<Storage> rules) {
    this.text = text;
    this.rules = rules;
  }

  /** What a matrix becomes. */
  public sealed interface Storage {}

  /** The recovered number of planes, or a default. */
  public record Automatic() implements Storage {}

  /**
   * A number of planes.
   *
   * @param count 1 to 8
   */
  public record Planes(int count) implements Storage {}

  /** Fewer planes for rarer rows: 4, 3, 2, 1. */
  public record Clusters() implements Storage {}

  /**
   * Planes by rows.
   *
   * @param division planes of each row
   */
  public record Divided(RowDivision division) implements Storage {}

  /** 32-bit floats. */
  public record Float32() implements Storage {}

  /** Signed bytes. */
  public record Int8() implements Storage {}

  /**
   * Parses an option.
   *
   * @throws QuantizationException if it cannot be understood
   */
  public static BitAllocation parse(String text) {
    return new BitAllocation(
        text,
        MatrixRules.parse(
            "--bits", text.equals("chung-kim") ? CHUNG_KIM : text, "*=3", BitAllocation::storage));
  }

  /** Returns what was parsed. */
  public String text() {
    return text;
  }

  private static Storage storage(String value) {
    boolean number =
        value.length() == 1 && value.charAt(0) >= '1' && value.charAt(0) <= '0' + MOST_PLANES;
    return switch (value) {
      case "auto" -> new Automatic();
      case "clusters" -> new Clusters();
      case "32" -> new Float32();
      case "int8" -> new Int8();
      default -> {
        if (!number) {
          throw new QuantizationException(
              "--bits: '%s' is no storage; expected auto, 1 to 8, int8, 32, clusters, or chung-kim alone"
                  .formatted(value));
        }
        yield new Planes(value.charAt(0) - '0');
      }
    };
  }

  /**
   * Returns the storage of each matrix.
   *
   * @param matrices canonical names
   * @throws QuantizationException if a rule matches nothing, or nothing matches a matrix
   */
  public Map<String, Storage> allocate(List<String> matrices) {
    return rules.apply(matrices, storage -> storage instanceof Clusters);
  }
}
