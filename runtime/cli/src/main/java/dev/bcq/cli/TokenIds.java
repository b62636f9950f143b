package dev.bcq.cli;

import dev.bcq.console.CommandException;

/** Token ids as people type them. */
final class TokenIds {

  private TokenIds() {}

  /** Returns the ids of a line, separated by spaces. */
  static int[] parse(String line) {
    String text = line.trim();
    if (text.isEmpty()) {
      return new int[0];
    }
    String[] parts = text.split("\\s+", -1);
    int[] ids = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        ids[i] = Integer.parseInt(parts[i]);
      } catch (NumberFormatException e) {
        throw new CommandException(
            "'" + parts[i] + "' is no token id; with --ids a line is ids separated by spaces", e);
      }
    }
    return ids;
  }
}
