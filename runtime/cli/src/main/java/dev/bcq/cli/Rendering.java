package dev.bcq.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.console.CommandException;
import dev.bcq.runtime.TargetScore;
import dev.bcq.runtime.TextTranslation;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.Translation.TargetText;
import dev.bcq.runtime.text.TextRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How translations look: lines for people, objects for programs. Every text returned ends in a line
 * feed.
 *
 * @param json one JSON object for each segment or text
 * @param scores the score and a tab in front of each hypothesis
 * @param ids token ids in place of text
 * @param hypotheses whether each hypothesis has a line, or the best one alone
 */
record Rendering(boolean json, boolean scores, boolean ids, boolean hypotheses) {

  /** Apart: two hundred classes that most runs do not need. */
  private static final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}
  }

  /** Returns a segment's translation. */
  String segment(String source, Translation translation) {
    if (!json) {
      return plain(translation);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", source);
    tree.put("text", translation.best().text());
    putTokens(tree, translation);
    return line(tree);
  }

  /**
   * Returns a text's translation: the text itself, or its sentences where hypotheses or scores are
   * wanted.
   */
  String text(String source, TextTranslation translation) {
    if (!json) {
      return scores || hypotheses
          ? translation.sentences().stream()
              .map(sentence -> plain(sentence.translation()))
              .collect(Collectors.joining())
          : translation.text() + "\n";
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", source);
    tree.put("text", translation.text());
    tree.put("sentences", translation.sentences().stream().map(this::sentence).toList());
    return line(tree);
  }

  private Map<String, Object> sentence(TextTranslation.Sentence sentence) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("sourceRange", range(sentence.source()));
    tree.put("targetRange", range(sentence.target()));
    putTokens(tree, sentence.translation());
    return tree;
  }

  private static List<Integer> range(TextRange range) {
    return List.of(range.start(), range.end());
  }

  private static void putTokens(Map<String, Object> tree, Translation translation) {
    tree.put("ids", translation.sourceIds());
    tree.put("hypotheses", translation.hypotheses().stream().map(Rendering::hypothesis).toList());
  }

  private static Map<String, Object> hypothesis(TargetText hypothesis) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("text", hypothesis.text());
    tree.put("score", hypothesis.score());
    tree.put("ids", hypothesis.ids());
    return tree;
  }

  private String plain(Translation translation) {
    StringBuilder lines = new StringBuilder();
    for (TargetText hypothesis : translation.hypotheses()) {
      if (scores) {
        lines.append(String.format(Locale.ROOT, "%.4f\t", hypothesis.score()));
      }
      lines.append(ids ? join(hypothesis.ids()) : hypothesis.text()).append('\n');
    }
    return lines.toString();
  }

  private static String join(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  /** Returns how probable a given target is. */
  String score(String source, String target, TargetScore score) {
    if (!json) {
      String logProbabilities =
          score.logProbabilities().stream()
              .map(value -> String.format(Locale.ROOT, "%.4f", value))
              .collect(Collectors.joining(" "));
      return String.format(Locale.ROOT, "%.4f\t%s\n", score.score(), logProbabilities);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", source);
    tree.put("target", target);
    tree.put("targetIds", score.targetIds());
    tree.put("targetLogProbabilities", score.logProbabilities());
    tree.put("score", score.score());
    return line(tree);
  }

  private static String line(Map<String, Object> tree) {
    try {
      return Json.MAPPER.writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new CommandException("JSON cannot be written: " + e.getMessage(), e);
    }
  }
}
