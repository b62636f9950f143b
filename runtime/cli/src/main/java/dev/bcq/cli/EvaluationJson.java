package dev.bcq.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.cli.EvaluationReport.Comparison;
import dev.bcq.cli.EvaluationReport.Kind;
import dev.bcq.cli.SystemResult.Figure;
import dev.bcq.evaluation.Bleu;
import dev.bcq.evaluation.CrossEntropy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report for programs. What does not apply to a system is null. */
record EvaluationJson(EvaluationReport report) {

  String render() throws JsonProcessingException {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("sentences", report.test().size());
    tree.put("baseline", report.baseline().name());
    tree.put("resamples", report.bootstrap() == null ? null : report.bootstrap().resamples());
    tree.put("seed", report.bootstrap() == null ? null : report.bootstrap().seed());
    List<Map<String, @Nullable Object>> systems = new ArrayList<>();
    systems.add(system(report.baseline(), false));
    report.others().forEach(system -> systems.add(system(system, true)));
    tree.put("systems", systems);
    return new ObjectMapper().writeValueAsString(tree) + "\n";
  }

  private Map<String, @Nullable Object> system(SystemResult system, boolean compared) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    Double crossEntropy = score(Kind.CROSS_ENTROPY.of(system));
    tree.put("name", system.name());
    tree.put("bytes", system.bytes());
    tree.put("bitsPerWeight", system.bitsPerWeight());
    tree.put("bleu", score(Kind.BLEU.of(system)));
    tree.put("chrf", score(Kind.CHRF.of(system)));
    tree.put("signature", system.bleu() == null ? null : report.bleu().signature());
    tree.put("chrfSignature", system.chrf() == null ? null : report.chrf().signature());
    tree.put("crossEntropy", crossEntropy);
    tree.put("perplexity", crossEntropy == null ? null : CrossEntropy.perplexity(crossEntropy));
    tree.put("targetTokens", system.scores() == null ? null : system.targetTokens());
    if (system.bleu() != null) {
      Bleu.Score details = Bleu.details(system.bleu().statistics());
      tree.put("precisions", details.precisions());
      tree.put("brevityPenalty", details.brevityPenalty());
      tree.put("systemLength", details.systemLength());
      tree.put("referenceLength", details.referenceLength());
    }
    if (report.bootstrap() != null) {
      tree.put("intervals", figures(kind -> interval(kind.of(system))));
    }
    if (compared) {
      tree.put("against", figures(kind -> against(report.comparison(kind, system))));
    }
    if (compared && report.changes() > 0) {
      tree.put("changes", report.changes(system).stream().map(i -> change(system, i)).toList());
    }
    tree.put("hypotheses", system.hypotheses());
    return tree;
  }

  private interface Entry {
    @Nullable Object of(Kind kind);
  }

  private static Map<String, @Nullable Object> figures(Entry entry) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("bleu", entry.of(Kind.BLEU));
    tree.put("chrf", entry.of(Kind.CHRF));
    tree.put("crossEntropy", entry.of(Kind.CROSS_ENTROPY));
    return tree;
  }

  private static @Nullable Double score(@Nullable Figure figure) {
    return figure == null ? null : figure.score();
  }

  private static @Nullable Object interval(@Nullable Figure figure) {
    return figure == null || figure.distribution() == null
        ? null
        : Map.of(
            "mean", figure.distribution().mean(), "halfWidth", figure.distribution().halfWidth());
  }

  private static @Nullable Object against(@Nullable Comparison comparison) {
    if (comparison == null) {
      return null;
    }
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("difference", comparison.difference());
    tree.put("pValue", comparison.pValue());
    return tree;
  }

  private Map<String, @Nullable Object> change(SystemResult system, int sentence) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    List<String> sources = report.test().sources();
    tree.put("sentence", sentence + 1);
    tree.put("source", sources == null ? null : sources.get(sentence));
    tree.put("reference", report.test().references().get(sentence));
    tree.put("baseline", sentence(report.baseline(), sentence));
    tree.put("system", sentence(system, sentence));
    return tree;
  }

  private static Map<String, @Nullable Object> sentence(SystemResult system, int sentence) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("hypothesis", system.hypotheses() == null ? null : system.hypotheses().get(sentence));
    tree.putAll(
        figures(
            kind -> {
              Figure figure = kind.of(system);
              return figure == null ? null : figure.statistics().sentenceScore(sentence);
            }));
    return tree;
  }
}
