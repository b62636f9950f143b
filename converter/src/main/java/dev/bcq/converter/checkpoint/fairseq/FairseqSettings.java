package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.pickle.PickleDict;
import dev.bcq.converter.checkpoint.pickle.PickleNone;
import dev.bcq.converter.checkpoint.pickle.PickleObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a fairseq checkpoint: those that its file holds and, where it lacks them, those
 * that the user gives. {@code None} counts as absent, nested names are joined with underscores.
 */
final class FairseqSettings {
  /** Begins the names of the options of decoding. */
  static final String GENERATION = "generation_";

  private static final String BPE = "bpe_";
  private static final String TOKENIZER = "tokenizer_";

  private static final int MOST_SHOWN = 60;

  private final Map<String, Object> stored;
  private final Map<String, String> given;
  private final Set<String> used = new HashSet<>();
  private final List<String> missing = new ArrayList<>();

  private FairseqSettings(Map<String, Object> stored, Map<String, String> given) {
    this.stored = stored;
    this.given = given;
  }

  /**
   * Finds the settings of what {@code torch.save} was given: the namespace {@code args}, or {@code
   * task}, {@code generation} and {@code model} of {@code cfg}.
   *
   * @throws CheckpointException if the user gives another value than the checkpoint
   */
  static FairseqSettings of(PickleDict root, Map<String, String> given) {
    Map<String, Object> stored = new HashMap<>();
    if (root.get("cfg") instanceof PickleDict parts) {
      add(stored, "", parts.get("task"));
      add(stored, GENERATION, parts.get("generation"));
      add(stored, "", parts.get("model"));
      add(stored, BPE, parts.get("bpe"));
      add(stored, TOKENIZER, parts.get("tokenizer"));
    }
    add(stored, "", root.get("args"));
    for (Map.Entry<String, String> value : given.entrySet()) {
      Object held = stored.get(value.getKey());
      if (value.getKey().startsWith(GENERATION)) {
        // The options of decoding are the user's to choose, whatever the training had.
        stored.put(value.getKey(), parsed(value.getValue()));
      } else if (held != null && !held.equals(parsed(value.getValue()))) {
        throw new CheckpointException(
            "--set %s=%s: the checkpoint has %s"
                .formatted(value.getKey(), value.getValue(), shown(held)));
      }
    }
    return new FairseqSettings(stored, given);
  }

  private static void add(Map<String, Object> settings, String prefix, @Nullable Object holder) {
    Object values = holder instanceof PickleObject object ? object.state() : holder;
    if (!(values instanceof PickleDict dict)) {
      return;
    }
    for (Map.Entry<Object, Object> entry : dict.entries().entrySet()) {
      String name = prefix + entry.getKey();
      switch (entry.getValue()) {
        case PickleNone none -> {}
        // As deep as the data classes of fairseq are; a hostile file may be deeper.
        case PickleDict nested when prefix.isEmpty() -> add(settings, name + "_", nested);
        default -> settings.put(name, entry.getValue());
      }
    }
  }

  /** Returns the name of what cut words into pieces, or null if there is none. */
  @Nullable String bpe() {
    return named("bpe", BPE);
  }

  /** Returns the name of what cut texts into words, or null if there is none. */
  @Nullable String tokenizer() {
    return named("tokenizer", TOKENIZER);
  }

  private @Nullable String named(String key, String part) {
    return value(key) instanceof String name ? name : text(part + "_name");
  }

  /** Returns a typed value as a pickle would have it. */
  private static Object parsed(String text) {
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Boolean.valueOf(text);
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException notAnInteger) {
      try {
        return Double.valueOf(text);
      } catch (NumberFormatException notANumber) {
        return text;
      }
    }
  }

  private @Nullable Object value(String key) {
    used.add(key);
    Object held = stored.get(key);
    String typed = given.get(key);
    return held == null && typed != null ? parsed(typed) : held;
  }

  /** Returns a size that every model has; 1 while it is missing, see {@link #checkMissing}. */
  int size(String key) {
    if (value(key) == null) {
      missing.add(key);
      return 1;
    }
    return size(key, 1);
  }

  /** Returns a size of the model: an integer from 1. */
  int size(String key, int absent) {
    long found = integer(key, absent);
    if (found < 1 || found > Integer.MAX_VALUE) {
      throw wrong(key, "1 or more");
    }
    return (int) found;
  }

  long integer(String key, long absent) {
    return switch (value(key)) {
      case null -> absent;
      case Long number -> number;
      default -> throw wrong(key, "an integer");
    };
  }

  double number(String key, double absent) {
    return switch (value(key)) {
      case null -> absent;
      case Long number -> number;
      case Double number when Double.isFinite(number) -> number;
      default -> throw wrong(key, "a number");
    };
  }

  boolean flag(String key) {
    return switch (value(key)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> throw wrong(key, "true or false");
    };
  }

  @Nullable String text(String key) {
    return switch (value(key)) {
      case null -> null;
      case String text -> text;
      default -> throw wrong(key, "a text");
    };
  }

  /**
   * Checks that a setting has a value that changes nothing: absent, false, 0 or an empty text.
   *
   * @throws CheckpointException naming the setting and what it was found to be
   */
  void refuse(String key) {
    Object found = value(key);
    boolean neutral =
        found == null
            || found.equals(false)
            || found.equals("")
            || (found instanceof Number number && number.doubleValue() == 0);
    if (!neutral) {
      throw new CheckpointException(
          "the checkpoint has %s = %s, which cannot be expressed; supported: none, false or 0"
              .formatted(key, shown(found)));
    }
  }

  /**
   * Checks that nothing is missing that was asked for with {@link #size(String)}.
   *
   * @throws CheckpointException naming all that is
   */
  void checkMissing() {
    if (!missing.isEmpty()) {
      throw new CheckpointException(
          "the checkpoint does not say %s; give the values that it was trained with: %s"
              .formatted(
                  String.join(", ", missing),
                  String.join(" ", missing.stream().map(key -> "--set " + key + "=N").toList())));
    }
  }

  /**
   * Checks that everything that the user gives was asked for.
   *
   * @throws CheckpointException naming what was not
   */
  void checkGiven() {
    for (String key : given.keySet()) {
      if (!used.contains(key)) {
        throw new CheckpointException(
            "--set %s: fairseq's transformer has no such setting that counts here; for instance %s"
                .formatted(key, "encoder_attention_heads"));
      }
    }
  }

  CheckpointException wrong(String key, String expected) {
    return new CheckpointException(
        "the checkpoint has %s = %s; expected %s".formatted(key, shown(value(key)), expected));
  }

  /** Returns a value for a message: what a file holds must not speak to the user's terminal. */
  static String shown(@Nullable Object value) {
    String text = String.valueOf(value).replaceAll("[^\\x20-\\x7e]", "?");
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + ".." : text;
  }
}
