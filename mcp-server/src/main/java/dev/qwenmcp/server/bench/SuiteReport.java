package dev.qwenmcp.server.bench;

import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The suite's figures as Markdown: one table of all models, with the ratios aimed at. */
public final class SuiteReport {
  private final PrintWriter out;

  public SuiteReport(PrintWriter out) {
    this.out = out;
  }

  public void write(Suite.Outcome outcome) {
    out.println("- machine: " + outcome.rows().getFirst().report().machine().line());
    conditions(outcome).forEach(line -> out.println("- " + line));
    outcome
        .missing()
        .forEach(entry -> out.println("- not measured, no file: `" + entry.synth() + "`"));
    out.println();
    out.println(
        "| model | work | tokens/s | spread | MB/token | of bandwidth | of int8 peak |"
            + " llama.cpp, best | ratio | goal |");
    out.println("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (Suite.Row row : outcome.rows()) {
      for (Measurement m : row.report().free()) {
        out.printf(
            Locale.ROOT,
            "| %s %s | %s | %s | ± %.1f %% | %.1f | %s | %s | %s | %s | ≥ %.2f |%n",
            row.entry().shape(),
            row.entry().type(),
            m.workload().name(),
            MarkdownReport.speed(m.own().median()),
            100 * m.own().spread(),
            m.cost().bytes() * 1e-6,
            MarkdownReport.share(m.limits().readShare(m.own().median(), m.cost())),
            MarkdownReport.share(m.limits().productShare(m.own().median(), m.cost())),
            m.peer().map(p -> MarkdownReport.speed(p.median())).orElse("–"),
            m.ratio().map(r -> String.format(Locale.ROOT, "%.2f", r)).orElse("–"),
            row.entry().goals().get(m.workload()));
      }
    }
    outcome.beside().ifPresent(report -> new MarkdownReport(out).extras(report));
    out.flush();
  }

  /** Of all models, each once. */
  private static Set<String> conditions(Suite.Outcome outcome) {
    Set<String> lines = new LinkedHashSet<>();
    for (Suite.Row row : outcome.rows()) {
      for (String line : row.report().conditions()) {
        lines.add(line.startsWith("limits") ? line + " (" + row.entry().fileName() + ")" : line);
      }
    }
    return lines;
  }
}
