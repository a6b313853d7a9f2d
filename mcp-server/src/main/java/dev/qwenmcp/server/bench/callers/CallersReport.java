package dev.qwenmcp.server.bench.callers;

import dev.qwenmcp.server.bench.Machine;
import dev.qwenmcp.server.bench.Sample;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What many callers get done, as Markdown.
 *
 * @param machine where
 * @param conditions facts that the figures depend on, one a line
 * @param speeds the first of which is what the others are compared with
 * @param crowd of more callers than are served at once, if there was one
 */
public record CallersReport(
    Machine machine, List<String> conditions, List<TogetherSpeed> speeds, Optional<Crowd> crowd) {
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
    crowd.ifPresent(c -> write(c, out));
    out.flush();
  }

  private static void write(Crowd crowd, PrintWriter out) {
    Sample waits = crowd.firstTokenSeconds();
    out.println();
    out.println(
        "| callers | first token: least, s | median, s | most, s | most / median | goal |"
            + " all served, s |");
    out.println("|--:|--:|--:|--:|--:|--:|--:|");
    out.printf(
        Locale.ROOT,
        "| %d | %.2f | %.2f | %.2f | %.2f | ≤ %.0f%s | %.2f |%n",
        crowd.callers(),
        waits.least(),
        waits.median(),
        waits.most(),
        crowd.slowest(),
        Crowd.GOAL,
        crowd.slowest() > Crowd.GOAL ? ", missed" : "",
        crowd.seconds());
    out.println();
    out.println(
        crowd
            .refusal()
            .map(r ->
                "One more, with %d running and %d waiting, was told to retry after %d s."
                    .formatted(r.running(), r.waiting(), r.retryAfter().toSeconds()))
            .orElse("Nobody was turned away: the queue was never seen full. (goal: one more is)"));
    Crowd.Memory memory = crowd.memory();
    out.println();
    out.println("| memory at most | MiB | budget, MiB |");
    out.println("|---|--:|--:|");
    out.printf(
        Locale.ROOT,
        "| keys and values | %.0f | ≤ %.0f%s |%n",
        mebibytes(memory.keyBytes()),
        mebibytes(memory.keyBudget()),
        memory.keyBytes() > memory.keyBudget() ? ", missed" : "");
    if (memory.resident() > 0) {
      out.printf(
          Locale.ROOT,
          "| process, %.0f before | %.0f | – |%n",
          mebibytes(memory.residentBefore()),
          mebibytes(memory.resident()));
    }
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }

  private static String goal(double ratio, double least) {
    if (Double.isNaN(least)) {
      return "–";
    }
    return String.format(Locale.ROOT, "≥ %.2f", least) + (ratio < least ? ", missed" : "");
  }
}
