package dev.bcq.fuzz;

import dev.bcq.format.BytePairModel;
import dev.bcq.format.SubwordModel;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextLanguages.Language;
import dev.bcq.format.TextLanguages.SourcePlace;
import dev.bcq.format.TextLanguages.TargetUse;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TextPipeline.AddedText;
import dev.bcq.format.TextStep;
import dev.bcq.format.TextStep.Kind;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.WordPieceModel;
import dev.bcq.format.WordsModel;
import java.util.ArrayList;
import java.util.List;

/** Tokenizers of a few pieces that have every kind of model and step. */
final class SmallPipelines {
  private static final List<String> PIECES = pieces();

  private SmallPipelines() {}

  private static List<String> pieces() {
    List<String> pieces =
        new ArrayList<>(List.of("<unk>", "</s>", "de", "en", "\u2581", "ab", "##b", "\u2581a"));
    for (char letter = 'a'; pieces.size() < SmallTokenizers.TOKENS; letter++) {
      pieces.add(String.valueOf(letter));
    }
    return List.copyOf(pieces);
  }

  /** Returns a tokenizer of each kind of model; between them they have each kind of step. */
  static List<TokenizerModel> all(byte[] characterMap) {
    List<TextStep> normalizer = new ArrayList<>(steps(TextStep.Phase.NORMALIZER));
    normalizer.set(0, new TextStep(Kind.CHARACTER_MAP, "", "", 0, 0, characterMap));
    int[] merges = {8, 9, 5, 4, 8, 7};
    SubwordModel pairs = new BytePairModel(PIECES, merges, 0, true, true, true, "", "");
    SubwordModel words = new WordPieceModel(PIECES, 0, "##", 100);
    SubwordModel joined =
        new WordsModel(List.of("a", "b", "ab", "b</w>", "ab</w>"), new int[] {0, 3, 4}, "@@", true);
    return List.of(
        model(
            new TextPipeline(
                List.copyOf(normalizer),
                List.of(TextStep.of(Kind.METASPACE, "\u2581", "", TextStep.ALWAYS, 1)),
                pairs,
                steps(TextStep.Phase.DECODER),
                List.of(new AddedText("ab c", 5, true, true, false, true))),
            List.of()),
        model(
            new TextPipeline(
                List.of(),
                steps(TextStep.Phase.SPLITTER),
                words,
                List.of(TextStep.of(Kind.CONTINUATIONS, "##", "", 1, 0)),
                List.of()),
            List.of()),
        model(
            new TextPipeline(
                List.of(),
                List.of(TextStep.of(Kind.WHITE_SPACE)),
                joined,
                List.of(TextStep.of(Kind.JOINERS, "@@", "")),
                List.of()),
            PIECES));
  }

  private static List<TextStep> steps(TextStep.Phase phase) {
    List<TextStep> steps = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (kind.phase() == phase) {
        steps.add(TextStep.of(kind, "x", "yz", 1, 1));
      }
    }
    return List.copyOf(steps);
  }

  private static TokenizerModel model(TextPipeline pipeline, List<String> vocabulary) {
    return new TokenizerModel(
        pipeline,
        null,
        vocabulary,
        List.of(),
        0,
        new TokenFrame(List.of(4), List.of(1)),
        new TokenFrame(List.of(), List.of(1)),
        List.of(0, 1, 2, 3),
        new TextLanguages(
            List.of(new Language("de", 2), new Language("en", 3)),
            SourcePlace.FIRST,
            TargetUse.FORCED_FIRST,
            3,
            2),
        false);
  }
}
