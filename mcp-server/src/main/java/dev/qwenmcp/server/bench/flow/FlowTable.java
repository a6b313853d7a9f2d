package dev.qwenmcp.server.bench.flow;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Outcomes as a Markdown table, and what went wrong. */
public final class FlowTable {
  private final PrintWriter out;

  public FlowTable(PrintWriter out) {
    this.out = out;
  }

  /** Prints all of it. */
  public void print(List<FlowBench.Outcome> outcomes) {
    out.println(
        "| questions | n | right entry first | among five | replied from it | not in knowledge base"
            + " | p50 s | p95 s | most s |");
    out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    row("English", outcomes, o -> !o.asked().id().isEmpty() && !o.asked().chinese());
    row("Chinese", outcomes, o -> !o.asked().id().isEmpty() && o.asked().chinese());
    row("English, off topic", outcomes, o -> o.asked().id().isEmpty() && !o.asked().chinese());
    row("Chinese, off topic", outcomes, o -> o.asked().id().isEmpty() && o.asked().chinese());
    row("all", outcomes, o -> true);
    out.println();
    for (FlowBench.Outcome outcome : outcomes) {
      AskedQuestion asked = outcome.asked();
      if (!asked.id().isEmpty() && !outcome.first()) {
        out.printf("- %s: expected %s, found %s%n", asked.question(), asked.id(), outcome.found());
      }
      if (!asked.id().isEmpty() && outcome.refused()) {
        out.printf("- %s: said not to be in the knowledge base%n", asked.question());
      }
      if (asked.id().isEmpty() && !outcome.refused()) {
        out.printf("- %s: off topic, answered from %s%n", asked.question(), outcome.found());
      }
    }
    out.flush();
  }

  private void row(String name, List<FlowBench.Outcome> all, Predicate<FlowBench.Outcome> chosen) {
    List<FlowBench.Outcome> outcomes = all.stream().filter(chosen).toList();
    if (outcomes.isEmpty()) {
      return;
    }
    int n = outcomes.size();
    double[] seconds = outcomes.stream().mapToDouble(FlowBench.Outcome::seconds).sorted().toArray();
    out.printf(
        Locale.ROOT,
        "| %s | %d | %s | %s | %s | %s | %.2f | %.2f | %.2f |%n",
        name,
        n,
        share(outcomes, FlowBench.Outcome::first),
        share(outcomes, o -> o.found().contains(o.asked().id())),
        share(outcomes, o -> o.first() && !o.refused()),
        share(outcomes, FlowBench.Outcome::refused),
        seconds[n / 2],
        seconds[(int) Math.ceil(0.95 * n) - 1],
        seconds[n - 1]);
  }

  private static String share(
      List<FlowBench.Outcome> outcomes, Predicate<FlowBench.Outcome> which) {
    long count = outcomes.stream().filter(which).count();
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * count / outcomes.size());
  }
}
