package dev.bcq.format;

/**
 * A step on the way from a text to the model or back.
 *
 * @param kind what is done
 * @param text what it is done to; empty where the kind has none
 * @param content what it becomes; empty where the kind has none
 * @param first a number whose meaning the kind says; 0 where it has none
 * @param second likewise
 * @param map a precompiled character map, see {@link SentencePieceModel#characterMap}; empty where
 *     the kind has none
 */
public record TextStep(Kind kind, String text, String content, int first, int second, byte[] map) {

  /** Value of {@code first} of a {@link Kind#METASPACE}: nothing is put in front. */
  public static final int NEVER = 0;

  /** Value of {@code first} of a {@link Kind#METASPACE}: in front of the text. */
  public static final int AT_THE_START = 1;

  /** Value of {@code first} of a {@link Kind#METASPACE}: in front of every section. */
  public static final int ALWAYS = 2;

  private static final byte[] NO_MAP = {};

  /** Returns a step that needs nothing but its kind. */
  public static TextStep of(Kind kind) {
    return new TextStep(kind, "", "", 0, 0, NO_MAP);
  }

  /** Returns a step with texts. */
  public static TextStep of(Kind kind, String text, String content) {
    return new TextStep(kind, text, content, 0, 0, NO_MAP);
  }

  /** Returns a step with texts and numbers. */
  public static TextStep of(Kind kind, String text, String content, int first, int second) {
    return new TextStep(kind, text, content, first, second, NO_MAP);
  }

  /** Where a step belongs. */
  public enum Phase {
    /** Text to text, before it is cut. */
    NORMALIZER,
    /** Text to words, before the model cuts them. */
    SPLITTER,
    /** Pieces to text. */
    DECODER
  }

  /** What a step does. */
  public enum Kind {
    /**
     * Characters are replaced by {@code map} as in Hugging Face tokenizers: of a grapheme cluster
     * under 6 bytes, the shortest key that it begins with stands for all of it; else each code
     * point for itself.
     */
    CHARACTER_MAP(Phase.NORMALIZER),
    /** Each {@code text} becomes {@code content}. */
    REPLACE(Phase.NORMALIZER),
    /** Each run of at least {@code first} spaces becomes {@code content}. */
    REPLACE_SPACES(Phase.NORMALIZER),
    /** White space goes at the beginning ({@code first} 1) and at the end ({@code second} 1). */
    STRIP(Phase.NORMALIZER),
    /** Lower case, without regard to a language. */
    LOWERCASE(Phase.NORMALIZER),
    /** Unicode's canonical composition. */
    NFC(Phase.NORMALIZER),
    /** Unicode's canonical decomposition. */
    NFD(Phase.NORMALIZER),
    /** Unicode's compatibility composition. */
    NFKC(Phase.NORMALIZER),
    /** Unicode's compatibility decomposition. */
    NFKD(Phase.NORMALIZER),
    /** Combining marks that take no space (category Mn) go. */
    STRIP_MARKS(Phase.NORMALIZER),
    /** BERT's: control characters and U+FFFD go, white space becomes a space. */
    CLEAN(Phase.NORMALIZER),
    /** BERT's: a space on both sides of each Chinese character. */
    SPACE_CHINESE(Phase.NORMALIZER),
    /** {@code text} in front, unless the text is empty. */
    PREPEND(Phase.NORMALIZER),

    /** Words are what stands between white space. */
    WHITE_SPACE(Phase.SPLITTER),
    /** Words are runs of word characters, and of what is neither that nor white space. */
    WORDS_AND_SYMBOLS(Phase.SPLITTER),
    /** As {@link #WHITE_SPACE}, and each punctuation mark is a word. */
    WHITE_SPACE_AND_PUNCTUATION(Phase.SPLITTER),
    /** Each punctuation mark is a word. */
    PUNCTUATION(Phase.SPLITTER),
    /** Runs of digits are words, each digit one if {@code first} is 1. */
    DIGITS(Phase.SPLITTER),
    /**
     * GPT-2's: words with the space in front of them if {@code second} is 1, else all the text; the
     * bytes of their UTF-8 written as characters. {@code first} 1 puts a space in front.
     */
    BYTES(Phase.SPLITTER),
    /**
     * A space becomes {@code text}, which is put in front where {@code first} says, unless it is
     * there; words begin with it if {@code second} is 1.
     */
    METASPACE(Phase.SPLITTER),

    /** {@code text} becomes a space; {@code first} 1 drops it from the first piece. */
    SPACES(Phase.DECODER),
    /** Undoes {@link #BYTES}; what is no UTF-8 becomes U+FFFD. */
    FROM_BYTES(Phase.DECODER),
    /**
     * Pieces that do not begin with {@code text} are put behind a space; {@code first} 1 closes up
     * punctuation.
     */
    CONTINUATIONS(Phase.DECODER),
    /** Each {@code text} in a piece becomes {@code content}. */
    REPLACE_IN_PIECES(Phase.DECODER),
    /** Pieces {@code <0xNN>} become the text of their bytes, or U+FFFD for each of them. */
    BYTE_PIECES(Phase.DECODER),
    /** All pieces become one. */
    FUSE(Phase.DECODER),
    /**
     * Up to {@code first} {@code text} at the beginning of pieces and {@code second} at the end go.
     */
    STRIP_PIECES(Phase.DECODER),
    /** {@code text} at the end of a piece becomes a space, that of the last piece goes. */
    END_SUFFIXES(Phase.DECODER),
    /** Pieces are put behind a space, but for those behind a piece that ends in {@code text}. */
    JOINERS(Phase.DECODER);

    private final Phase phase;

    Kind(Phase phase) {
      this.phase = phase;
    }

    /** Whether the text of such a step must not be empty. */
    boolean needsText() {
      return switch (this) {
        case REPLACE, METASPACE, SPACES, REPLACE_IN_PIECES, STRIP_PIECES, END_SUFFIXES -> true;
        default -> false;
      };
    }

    /** Returns where steps of this kind belong. */
    public Phase phase() {
      return phase;
    }
  }
}
