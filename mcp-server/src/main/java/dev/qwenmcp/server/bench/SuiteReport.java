package dev.qwenmcp.server.bench;

import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.OptionalDouble;
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
            "| %s %s | %s | %s | ± %.1f %% | %.1f | %s | %s | %s | %s | %s |%n",
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
            goal(row.entry().goals().get(m.workload())));
      }
    }
    mixture(outcome);
    outcome.beside().ifPresent(report -> new MarkdownReport(out).extras(report));
    out.flush();
  }

  private static String goal(double ratio) {
    return ratio == 0 ? "–" : String.format(Locale.ROOT, "≥ %.2f", ratio);
  }

  /** What a prompt token of the mixture costs more than the weights that it uses. */
  private void mixture(Suite.Outcome outcome) {
    OptionalDouble mixture = promptSpeed(outcome, SuiteEntry.MIXTURE);
    OptionalDouble active = promptSpeed(outcome, SuiteEntry.ACTIVE);
    if (mixture.isPresent() && active.isPresent()) {
      out.println();
      out.printf(
          Locale.ROOT,
          "A prompt token of %s takes %.0f %% more time than one of a dense model of its active size"
              + " (goal: at most 15 %%).%n",
          SuiteEntry.MIXTURE,
          100 * (active.getAsDouble() / mixture.getAsDouble() - 1));
    }
  }

  private static OptionalDouble promptSpeed(Suite.Outcome outcome, String shape) {
    return outcome.rows().stream()
        .filter(row -> row.entry().shape().equals(shape))
        .flatMap(row -> row.report().free().stream())
        .filter(m -> m.workload() instanceof Workload.Prompt)
        .mapToDouble(m -> m.own().median())
        .findFirst();
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
