package dev.bcq.runtime.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bcq.format.BcqFormatException;
import dev.bcq.format.BytePairModel;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.SentencePieceModel.PieceKind;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TextStep;
import dev.bcq.format.TextStep.Kind;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.WordsModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MergesTest {

  private static SentencePiece scored(PieceKind ofAb) {
    List<String> pieces = List.of("<unk>", "a", "b", "c", "ab", "bc", "abc", "<x>");
    PieceKind[] kinds = new PieceKind[pieces.size()];
    Arrays.fill(kinds, PieceKind.NORMAL);
    kinds[0] = PieceKind.UNKNOWN;
    kinds[4] = ofAb;
    kinds[7] = PieceKind.USER_DEFINED;
    float[] scores = {0, -9, -9, -9, -1, -1, -3, 0};
    return new SentencePiece(
        new SentencePieceModel(
            Algorithm.BPE,
            pieces,
            scores,
            kinds,
            new byte[0],
            false,
            false,
            false,
            false,
            false,
            ""));
  }

  @Test
  void theBestPairIsJoinedFirstAndOfEqualOnesTheLeftmost() {
    assertArrayEquals(new int[] {6}, scored(PieceKind.NORMAL).encode("abc"));
    assertArrayEquals(new int[] {4, 4}, scored(PieceKind.NORMAL).encode("abab"));
    assertArrayEquals(new int[] {2, 5}, scored(PieceKind.NORMAL).encode("bbc"));
  }

  @Test
  void userDefinedPiecesStayAsTheyAreAndUnknownOnesAreOne() {
    assertArrayEquals(new int[] {1, 7, 2, 0}, scored(PieceKind.NORMAL).encode("a<x>b??"));
  }

  @Test
  void unusedPiecesFallApartAgain() {
    assertArrayEquals(new int[] {1, 2}, scored(PieceKind.UNUSED).encode("ab"));
    assertArrayEquals(new int[] {6}, scored(PieceKind.UNUSED).encode("abc"));
  }

  /** Joins the best pair by looking at all of them again and again. */
  private static List<Integer> slowly(String text, int[] merges, boolean wholeRanks) {
    List<Integer> symbols = new ArrayList<>();
    text.chars().forEach(c -> symbols.add(c - 'a'));
    while (true) {
      int best = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        best = Math.min(best, rank(symbols.get(i), symbols.get(i + 1), merges));
      }
      if (best == Integer.MAX_VALUE) {
        return symbols;
      }
      for (int i = 0; i + 1 < symbols.size(); i++) {
        if (rank(symbols.get(i), symbols.get(i + 1), merges) == best) {
          symbols.set(i, merges[3 * best + 2]);
          symbols.subList(i + 1, i + 2).clear();
          if (!wholeRanks) {
            break;
          }
        }
      }
    }
  }

  private static int rank(int left, int right, int[] merges) {
    for (int i = 0; i < merges.length; i += 3) {
      if (merges[i] == left && merges[i + 1] == right) {
        return i / 3;
      }
    }
    return Integer.MAX_VALUE;
  }

  @Test
  void queuesJoinAsASlowSearchDoes() {
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      List<String> pieces = new ArrayList<>(List.of("a", "b", "c"));
      List<int[]> pairs = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        int left = random.nextInt(pieces.size());
        int right = random.nextInt(pieces.size());
        String joined = pieces.get(left) + pieces.get(right);
        if (!pieces.contains(joined)) {
          pieces.add(joined);
        }
        pairs.add(new int[] {left, right, pieces.indexOf(joined)});
      }
      pairs = distinct(pairs);
      Collections.shuffle(pairs, random);
      int[] merges = pairs.stream().flatMapToInt(Arrays::stream).toArray();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        text.append((char) ('a' + random.nextInt(3)));
      }
      Ids ids = new Ids();
      new BytePairs(new BytePairModel(pieces, merges, null, false, false, false, "", ""), Set.of())
          .encode(text.toString(), ids);
      assertArrayEquals(
          slowly(text.toString(), merges, false).stream().mapToInt(id -> id).toArray(),
          ids.toArray(),
          "seed " + seed);
      MergeSymbols symbols = new MergeSymbols(4);
      for (int i = 0; i < text.length(); i++) {
        symbols.add(i, i + 1, text.charAt(i) - 'a');
      }
      MergeTable table = new MergeTable(merges);
      symbols.merge((a, b) -> table.merged(symbols.number(a), symbols.number(b)), true);
      List<Integer> found = new ArrayList<>();
      for (int at = symbols.first(); at != MergeSymbols.NONE; at = symbols.next(at)) {
        found.add(symbols.number(at));
      }
      assertEquals(slowly(text.toString(), merges, true), found, "seed " + seed);
    }
  }

  private static List<int[]> distinct(List<int[]> pairs) {
    List<int[]> result = new ArrayList<>();
    for (int[] pair : pairs) {
      if (result.stream().noneMatch(other -> other[0] == pair[0] && other[1] == pair[1])) {
        result.add(pair);
      }
    }
    return result;
  }

  private static Tokenizer tokenizer(TextPipeline pipeline, List<String> vocabulary) {
    TokenFrame none = new TokenFrame(List.of(), List.of());
    return new Tokenizer(
        new TokenizerModel(
            pipeline,
            null,
            vocabulary,
            List.of(),
            0,
            none,
            none,
            List.of(0),
            TextLanguages.NONE,
            false));
  }

  @Test
  void aMegabyteWithoutSpacesIsCutAsAShortTextIs() {
    String line = "abcab".repeat(200_000);
    SentencePiece scored = scored(PieceKind.NORMAL);
    assertEquals(400_000, scored.encode(line).length);
    assertEquals(2, scored.encode("abcab").length);
    Tokenizer words =
        tokenizer(
            new TextPipeline(
                List.of(),
                List.of(TextStep.of(Kind.WHITE_SPACE)),
                new WordsModel(List.of("a", "b", "ab"), new int[] {0, 1, 2}, "@@", true),
                List.of(TextStep.of(Kind.JOINERS, "@@", "")),
                List.of()),
            List.of("<unk>", "ab@@", "c@@", "ab"));
    int[] ids = words.encode(line);
    assertEquals(600_000, ids.length);
    assertEquals(line, words.decode(ids));
  }

  @Test
  void stepsThatBlowATextUpAreRefused() {
    List<TextStep> steps = Collections.nCopies(30, TextStep.of(Kind.REPLACE, "a", "aaaaaaaa"));
    Tokenizer tokenizer =
        tokenizer(
            new TextPipeline(
                steps,
                List.of(),
                new BytePairModel(List.of("<unk>", "a"), new int[0], 0, true, false, false, "", ""),
                List.of(TextStep.of(Kind.FUSE)),
                List.of()),
            List.of());
    assertThrows(BcqFormatException.class, () -> tokenizer.encode("a".repeat(100)));
  }

  @Test
  void specialTokensNeverComeOfText() {
    Tokenizer tokenizer =
        tokenizer(
            new TextPipeline(
                List.of(),
                List.of(TextStep.of(Kind.WHITE_SPACE)),
                WordsModel.WHOLE,
                List.of(TextStep.of(Kind.JOINERS)),
                List.of()),
            List.of("<unk>", "word"));
    assertArrayEquals(new int[] {1, 0, 0}, tokenizer.encode("word <unk> other"));
  }
}
