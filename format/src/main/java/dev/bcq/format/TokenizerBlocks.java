package dev.bcq.format;

import dev.bcq.format.TokenizerEntry.BytePairEntry;
import dev.bcq.format.TokenizerEntry.PipelineEntry;
import dev.bcq.format.TokenizerEntry.SentencePieceEntry;
import dev.bcq.format.TokenizerEntry.StepEntry;
import dev.bcq.format.TokenizerEntry.StringList;
import dev.bcq.format.TokenizerEntry.SubwordEntry;
import dev.bcq.format.TokenizerEntry.WordPieceEntry;
import dev.bcq.format.TokenizerEntry.WordsEntry;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the blocks of a tokenizer, and lists them. */
final class TokenizerBlocks {
  private final Function<ByteBuffer, DataBlock> blocks;

  /** Prepares to write; {@code blocks} appends one. */
  TokenizerBlocks(Function<ByteBuffer, DataBlock> blocks) {
    this.blocks = blocks;
  }

  TokenizerEntry add(TokenizerModel model) {
    return new TokenizerEntry(
        add(model.source()),
        model.target() == null ? null : add(model.target()),
        optional(model.vocabulary()),
        optional(model.targetVocabulary()),
        model.unknown(),
        model.sourceFrame(),
        model.targetFrame(),
        model.isPlain() ? null : model.hidden(),
        model.languages(),
        model.languageTokens());
  }

  private PipelineEntry add(TextPipeline pipeline) {
    return new PipelineEntry(
        addSteps(pipeline.normalizer()),
        addSteps(pipeline.splitter()),
        add(pipeline.model()),
        addSteps(pipeline.decoder()),
        pipeline.added());
  }

  private List<StepEntry> addSteps(List<TextStep> steps) {
    List<StepEntry> entries = new ArrayList<>();
    for (TextStep step : steps) {
      entries.add(new StepEntry(step, map(step.map())));
    }
    return List.copyOf(entries);
  }

  private @Nullable DataBlock map(byte[] map) {
    return map.length == 0 ? null : blocks.apply(ByteBuffer.wrap(map));
  }

  private SubwordEntry add(SubwordModel model) {
    if (model instanceof SentencePieceModel pieces) {
      return add(pieces);
    }
    if (model instanceof BytePairModel pairs) {
      return new BytePairEntry(
          add(pairs.pieces()),
          add(pairs.merges()),
          pairs.unknown(),
          pairs.fuseUnknown(),
          pairs.byteFallback(),
          pairs.wholeWordsFirst(),
          pairs.continuingPrefix(),
          pairs.endSuffix());
    }
    if (model instanceof WordPieceModel words) {
      return new WordPieceEntry(
          add(words.pieces()), words.unknown(), words.continuingPrefix(), words.mostCharacters());
    }
    WordsModel words = (WordsModel) model;
    return new WordsEntry(
        optional(words.symbols()),
        words.merges().length == 0 ? null : add(words.merges()),
        words.joiner(),
        words.separateEnd());
  }

  private SentencePieceEntry add(SentencePieceModel model) {
    int count = model.pieces().size();
    ByteBuffer scores = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
    scores.asFloatBuffer().put(model.scores());
    ByteBuffer kinds = ByteBuffer.allocate(count);
    for (SentencePieceModel.PieceKind kind : model.kinds()) {
      kinds.put((byte) Codes.of(kind));
    }
    ((Buffer) kinds).flip();
    return new SentencePieceEntry(
        model.algorithm(),
        add(model.pieces()),
        blocks.apply(scores),
        blocks.apply(kinds),
        map(model.characterMap()),
        model.addDummyPrefix(),
        model.removeExtraWhitespaces(),
        model.escapeWhitespaces(),
        model.whitespaceAsSuffix(),
        model.byteFallback(),
        model.unknownSurface());
  }

  private DataBlock add(int[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(numbers);
    return blocks.apply(bytes);
  }

  private @Nullable StringList optional(List<String> strings) {
    return strings.isEmpty() ? null : add(strings);
  }

  private StringList add(List<String> strings) {
    ByteBuffer ends = ByteBuffer.allocate(strings.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
    int length = 0;
    for (String string : strings) {
      length += string.getBytes(StandardCharsets.UTF_8).length;
      ends.putInt(length);
    }
    ((Buffer) ends).flip();
    ByteBuffer text = ByteBuffer.allocate(length);
    for (String string : strings) {
      text.put(string.getBytes(StandardCharsets.UTF_8));
    }
    ((Buffer) text).flip();
    return new StringList(strings.size(), blocks.apply(ends), blocks.apply(text));
  }

  /** Gives all blocks of an entry to a consumer, null for those that are absent. */
  static void list(TokenizerEntry entry, Consumer<@Nullable DataBlock> each) {
    list(entry.source(), each);
    if (entry.target() != null) {
      list(entry.target(), each);
    }
    list(entry.vocabulary(), each);
    list(entry.targetVocabulary(), each);
  }

  private static void list(PipelineEntry entry, Consumer<@Nullable DataBlock> each) {
    for (List<StepEntry> steps : List.of(entry.normalizer(), entry.splitter(), entry.decoder())) {
      steps.forEach(step -> each.accept(step.map()));
    }
    if (entry.model() instanceof SentencePieceEntry model) {
      list(model.pieces(), each);
      each.accept(model.scores());
      each.accept(model.kinds());
      each.accept(model.characterMap());
    } else if (entry.model() instanceof BytePairEntry model) {
      list(model.pieces(), each);
      each.accept(model.merges());
    } else if (entry.model() instanceof WordPieceEntry model) {
      list(model.pieces(), each);
    } else if (entry.model() instanceof WordsEntry model) {
      list(model.symbols(), each);
      each.accept(model.merges());
    }
  }

  private static void list(@Nullable StringList list, Consumer<@Nullable DataBlock> each) {
    if (list != null) {
      each.accept(list.ends());
      each.accept(list.text());
    }
  }
}
