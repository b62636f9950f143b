package dev.bcq.converter.checkpoint.tokenizers;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TextStep;
import dev.bcq.format.TextStep.Kind;
import dev.bcq.format.WordsModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of merges: those of subword-nmt (versions 0.1 and 0.2), of fastBPE, and {@code merges.txt}
 * of GPT-2.
 */
public final class MergesFile {
  private static final String VERSION = "#version:";
  private static final String JOINER = "@@";

  private MergesFile() {}

  /**
   * Returns the pipeline of a file of subword-nmt or fastBPE: words between white space, cut into
   * pieces that {@code @@} marks.
   *
   * @throws CheckpointException if the file cannot be read or a line is no merge
   */
  public static TextPipeline subwordNmt(Path file) {
    List<String> lines = TextFile.lines(file);
    String name = String.valueOf(file.getFileName());
    boolean versioned = !lines.isEmpty() && lines.get(0).startsWith(VERSION);
    String version = versioned ? lines.get(0).substring(VERSION.length()).trim() : "";
    boolean counted = !versioned && !lines.isEmpty() && lines.get(0).split(" ", -1).length == 3;
    if (versioned && !version.equals("0.1") && !version.equals("0.2")) {
      throw new CheckpointException(
          "%s is of version %s; expected 0.1 or 0.2".formatted(name, version));
    }
    Map<String, Integer> symbols = new LinkedHashMap<>();
    List<Integer> merges = new ArrayList<>();
    for (int i = versioned ? 1 : 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty()) {
        continue;
      }
      String[] parts = line.split(" ", -1);
      if (parts.length != (counted ? 3 : 2)) {
        throw new CheckpointException(
            "%s, line %d: expected two symbols%s"
                .formatted(name, i + 1, counted ? " and their count" : ""));
      }
      for (String symbol : List.of(parts[0], parts[1], parts[0] + parts[1])) {
        Integer number = symbols.putIfAbsent(symbol, symbols.size());
        merges.add(number == null ? symbols.size() - 1 : number);
      }
    }
    if (merges.isEmpty()) {
      throw new CheckpointException(name + " has no merges");
    }
    // Files of fastBPE have no version and mean what 0.2 does; those of subword-nmt without one are
    // older.
    boolean separateEnd = !version.equals("0.2") && !counted;
    return words(
        new WordsModel(List.copyOf(symbols.keySet()), firstOfEach(merges), JOINER, separateEnd));
  }

  // Where a pair stands twice, subword-nmt takes the earlier one, the table of the runtime the
  // last.
  private static int[] firstOfEach(List<Integer> merges) {
    Map<Long, Integer> seen = new LinkedHashMap<>();
    for (int i = 0; i < merges.size(); i += 3) {
      seen.putIfAbsent(((long) merges.get(i) << 32) | merges.get(i + 1), merges.get(i + 2));
    }
    int[] result = new int[3 * seen.size()];
    int at = 0;
    for (Map.Entry<Long, Integer> merge : seen.entrySet()) {
      result[at++] = (int) (merge.getKey() >> 32);
      result[at++] = (int) (long) merge.getKey();
      result[at++] = merge.getValue();
    }
    return result;
  }

  /** Returns the pipeline of words that stay whole. */
  public static TextPipeline wholeWords() {
    return words(WordsModel.WHOLE);
  }

  private static TextPipeline words(WordsModel model) {
    return new TextPipeline(
        List.of(),
        List.of(TextStep.of(Kind.WHITE_SPACE)),
        model,
        List.of(TextStep.of(Kind.JOINERS, JOINER, "")),
        List.of());
  }

  /**
   * Returns numbers of left, right and joined piece of each line of {@code merges.txt}.
   *
   * @param ids the pieces
   * @throws CheckpointException if a line is no merge of pieces
   */
  static int[] merges(Path file, Map<String, Integer> ids) {
    List<String> lines = TextFile.lines(file);
    List<String> merges = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty() && !(i == 0 && lines.get(i).startsWith("#version"))) {
        merges.add(lines.get(i));
      }
    }
    return merges(String.valueOf(file.getFileName()), merges, ids, "");
  }

  /**
   * Returns numbers of left, right and joined piece of merges.
   *
   * @param merges left and right piece with a space between them
   * @param prefix what pieces within words begin with; the right piece loses it
   */
  static int[] merges(String file, List<String> merges, Map<String, Integer> ids, String prefix) {
    int[] result = new int[3 * merges.size()];
    for (int i = 0; i < merges.size(); i++) {
      String merge = merges.get(i);
      int space = merge.indexOf(' ');
      String right = merge.substring(space + 1);
      Integer a = space < 1 ? null : ids.get(merge.substring(0, space));
      Integer b = ids.get(right);
      String rest = right.startsWith(prefix) ? right.substring(prefix.length()) : right;
      Integer joined = space < 1 ? null : ids.get(merge.substring(0, space) + rest);
      if (a == null || b == null || joined == null) {
        throw new CheckpointException(
            "%s, merge %d: '%s' does not join two pieces of the vocabulary into a third"
                .formatted(file, i + 1, merge));
      }
      result[3 * i] = a;
      result[3 * i + 1] = b;
      result[3 * i + 2] = joined;
    }
    return result;
  }
}
