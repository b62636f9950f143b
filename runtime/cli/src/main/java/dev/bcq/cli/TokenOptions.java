package dev.bcq.cli;

import dev.bcq.format.GenerationSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which tokens targets may have, as the ids of {@code --ids}, in place of what the model says. */
final class TokenOptions {

  @Option(
      names = "--forced-first-token",
      paramLabel = "ID",
      description = "Token id that every target begins with.")
  private @Nullable Integer forcedFirst;

  @Option(
      names = "--blocked-tokens",
      paramLabel = "ID,..",
      converter = Converter.class,
      description = "Token ids that no target has, unless one is forced; '' for none.")
  private @Nullable Tokens blocked;

  @Option(
      names = "--suppressed-tokens",
      paramLabel = "ID,..",
      converter = Converter.class,
      description = "Token ids that no target has, not even where they are forced; '' for none.")
  private @Nullable Tokens suppressed;

  @Option(
      names = "--begin-suppressed-tokens",
      paramLabel = "ID,..",
      converter = Converter.class,
      description = "Token ids that no target begins with; '' for none.")
  private @Nullable Tokens beginSuppressed;

  /** A type of its own: to the command line a list would be one option given many times. */
  private record Tokens(List<Integer> ids) {}

  private static final class Converter implements ITypeConverter<Tokens> {

    @Override
    public Tokens convert(String text) {
      List<Integer> ids = new ArrayList<>();
      for (String id : text.isEmpty() ? new String[0] : text.split(",", -1)) {
        try {
          ids.add(Integer.valueOf(id.strip()));
        } catch (NumberFormatException e) {
          throw new TypeConversionException(
              "'" + id + "' is no token id; expected ids separated by commas");
        }
      }
      return new Tokens(List.copyOf(ids));
    }
  }

  /** Adds these tokens to settings. */
  GenerationSettings.Builder addTo(GenerationSettings.Builder settings) {
    return settings
        .forcedFirstToken(forcedFirst)
        .blockedTokens(ids(blocked))
        .suppressedTokens(ids(suppressed))
        .beginSuppressedTokens(ids(beginSuppressed));
  }

  private static @Nullable List<Integer> ids(@Nullable Tokens tokens) {
    return tokens == null ? null : tokens.ids();
  }
}
