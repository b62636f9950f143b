package dev.bcq.runtime.kernels;

/**
 * Whether kernels can be used.
 *
 * @param available they can
 * @param detail what they will run on (for instance {@code 512-bit vectors}), or why they cannot be
 *     used
 */
public record Availability(boolean available, String detail) {

  /** Returns "available" with what they will run on. */
  public static Availability yes(String detail) {
    return new Availability(true, detail);
  }

  /** Returns "not available" with the reason. */
  public static Availability no(String reason) {
    return new Availability(false, reason);
  }
}
