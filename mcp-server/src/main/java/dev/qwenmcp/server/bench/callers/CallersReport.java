package dev.qwenmcp.server.bench.callers;

import dev.qwenmcp.server.bench.Machine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What many callers get done, as Markdown.
 *
 * @param machine where
 * @param conditions facts that the figures depend on, one a line
 * @param speeds the first of which is what the others are compared with
 */
public record CallersReport(Machine machine, List<String> conditions, List<TogetherSpeed> speeds) {
  public CallersReport {
    conditions = List.copyOf(conditions);
    speeds = List.copyOf(speeds);
  }

  /** Writes conditions as a list, then a table with goals beside the figures. */
  public void write(PrintWriter out) {
    out.println("- machine: " + machine.line());
    conditions.forEach(line -> out.println("- " + line));
    out.println();
    out.println(
        "| callers at once | tokens/s together | spread | times as many as %d | goal |"
            .formatted(speeds.getFirst().callers()));
    out.println("|--:|--:|--:|--:|--:|");
    for (TogetherSpeed speed : speeds) {
      double ratio = speed.ratio(speeds.getFirst());
      out.printf(
          Locale.ROOT,
          "| %d | %.1f | ± %.1f %% | %.2f | %s |%n",
          speed.callers(),
          speed.tokensPerSecond().median(),
          100 * speed.tokensPerSecond().spread(),
          ratio,
          goal(ratio, speed.goal()));
    }
    out.flush();
  }

  private static String goal(double ratio, double least) {
    if (Double.isNaN(least)) {
      return "–";
    }
    return String.format(Locale.ROOT, "≥ %.2f", least) + (ratio < least ? ", missed" : "");
  }
}
