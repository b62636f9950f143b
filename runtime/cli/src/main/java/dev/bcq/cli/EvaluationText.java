package dev.bcq.cli;

/** A report for people, in a terminal. */
record EvaluationText(EvaluationReport report) {

  String render() {
    EvaluationTables tables = new EvaluationTables(report);
    StringBuilder text = new StringBuilder(tables.systems().render());
    if (!report.others().isEmpty()) {
      text.append('\n').append(tables.comparisons().render());
    }
    text.append('\n');
    tables.notes().forEach(note -> text.append(note).append('\n'));
    for (SystemResult system : report.others()) {
      if (report.changes() > 0) {
        text.append('\n').append(new ChangeText(report, system).render());
      }
    }
    return text.toString();
  }
}
