package dev.bcq.format;

import java.util.List;

/**
 * The tokens around those of a text.
 *
 * @param prefix ids in front of them
 * @param suffix ids behind them
 */
public record TokenFrame(List<Integer> prefix, List<Integer> suffix) {
  /** Returns a frame that puts one token behind a text. */
  public static TokenFrame endingIn(int token) {
    return new TokenFrame(List.of(), List.of(token));
  }
}
