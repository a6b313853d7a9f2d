package dev.qwenmcp.server.bench.reuse;

import dev.qwenmcp.server.bench.Machine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was found, as Markdown.
 *
 * @param machine where
 * @param model its name
 * @param conditions facts that the figures depend on, one a line
 * @param rows in the order of the calls
 */
public record ReuseReport(
    Machine machine, String model, List<String> conditions, List<ReuseRow> rows) {
  private static final String NONE = "–";

  public ReuseReport {
    conditions = List.copyOf(conditions);
    rows = List.copyOf(rows);
  }

  /** Writes conditions as a list, then a table with goals beside the figures. */
  public void write(PrintWriter out) {
    boolean peer = rows.stream().anyMatch(row -> row.peerSeconds().isPresent());
    out.println("- machine: " + machine.line());
    out.println("- model: " + model);
    conditions.forEach(line -> out.println("- " + line));
    out.println();
    out.println(
        "| call | n | prompt | cached | of these restored | prefilled | goal | first token, s |"
            + " in the engine, s | of cold | goal |"
            + (peer ? " llama.cpp, s | of its cold | llama.cpp / ours |" : ""));
    out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|" + (peer ? "--:|--:|--:|" : ""));
    for (ReuseRow row : rows) {
      out.println(line(row) + (peer ? peerCells(row) : ""));
    }
    out.flush();
  }

  private static String line(ReuseRow row) {
    boolean cold = row.phase() == Call.Phase.COLD;
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.0f | %.0f | %.0f | %d | %s | %s | %s | %s | %s |",
        row.name(),
        row.measured().size(),
        row.promptTokens(),
        row.cachedTokens(),
        row.restoredTokens(),
        row.prefilledTokens(),
        cold ? NONE : goal("%.0f", row.prefilledGoal(), row.prefilledTokens()),
        seconds(row.seconds()),
        seconds(row.promptSeconds()),
        percent(row.share()),
        cold ? NONE : goal("%.0f %%", 100 * row.phase().goal(), 100 * row.share()));
  }

  private static String peerCells(ReuseRow row) {
    return " "
        + cell(row.peerSeconds().map(ReuseReport::seconds))
        + cell(row.peerShare().map(ReuseReport::percent))
        + cell(row.ratio().map(r -> String.format(Locale.ROOT, "%.2f", r))).stripTrailing();
  }

  private static String cell(Optional<String> value) {
    return value.orElse(NONE) + " | ";
  }

  /** The bound, marked where the figure exceeds it. */
  private static String goal(String format, double most, double figure) {
    return "≤ " + String.format(Locale.ROOT, format, most) + (figure > most ? ", missed" : "");
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 1 ? "%.3f" : "%.2f", seconds);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
