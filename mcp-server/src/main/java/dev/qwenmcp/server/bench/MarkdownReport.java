package dev.qwenmcp.server.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** A report as Markdown: conditions as a list, then tables. */
public final class MarkdownReport {
  private static final String NOT_MEASURED = "not measured";

  private final PrintWriter out;

  public MarkdownReport(PrintWriter out) {
    this.out = out;
  }

  public void write(Report report) {
    out.println("- machine: " + report.machine().line());
    out.println("- model: " + report.model());
    report.conditions().forEach(line -> out.println("- " + line));
    boolean peer = report.measurements().stream().anyMatch(m -> m.peer().isPresent());
    if (!report.free().isEmpty()) {
      speeds(report.free(), peer);
    }
    if (!report.deeper().isEmpty()) {
      deeper(report.deeper());
    }
    extras(report);
    out.flush();
  }

  /** All other tables, where there are any: a busy machine, copying, memory, a long run. */
  void extras(Report report) {
    if (!report.busy().isEmpty()) {
      beside(report.busy(), report.measurements().stream().anyMatch(m -> m.peer().isPresent()));
    }
    Report.Extras extras = report.extras();
    if (!extras.copying().isEmpty()) {
      copying(extras.copying());
    }
    if (!extras.memory().isEmpty()) {
      memory(extras.memory());
    }
    if (!extras.lasting().isEmpty()) {
      lasting(extras.lasting());
    }
  }

  private void deeper(List<Report.Deeper> rows) {
    out.println();
    out.println("| threads | work | µs a token without depth | µs more for each 1,024 of depth |");
    out.println("|--:|---|--:|--:|");
    for (Report.Deeper row : rows) {
      out.printf(
          Locale.ROOT,
          "| %d | %s | %.1f | %.1f |%n",
          row.deep().threads(),
          row.deep().workload().name(),
          1e6 / row.shallow().own().median(),
          1e6 * row.secondsForEach1024());
    }
  }

  private void memory(List<ContextMemory> rows) {
    out.println();
    out.println("| threads | more tokens of context | keys and values, MB | memory grew by, MB |");
    out.println("|--:|--:|--:|--:|");
    for (ContextMemory row : rows) {
      out.printf(
          Locale.ROOT,
          "| %d | %d | %.1f | %s |%n",
          row.threads(),
          row.tokens(),
          row.kvBytes() * 1e-6,
          megabytes(row.grownBytes()));
    }
  }

  private void lasting(List<Lasting> parts) {
    out.println();
    out.println(
        "| threads | until, min | prompts | tokens/s | int8 products, G/s | generations | tokens/s"
            + " | reads, GB/s | resident, MB |");
    out.println("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (Lasting part : parts) {
      out.printf(
          Locale.ROOT,
          "| %d | %.1f | %d | %s | %s | %d | %s | %s | %s |%n",
          part.threads(),
          part.until().toMillis() / 60e3,
          part.prompt().values().size(),
          speed(part.prompt().median()),
          part.limits().measured().map(m -> giga(m.int8Products())).orElse(NOT_MEASURED),
          part.generation().values().size(),
          speed(part.generation().median()),
          part.limits().measured().map(m -> giga(m.readBytes())).orElse(NOT_MEASURED),
          megabytes(part.residentBytes()));
    }
  }

  private static String giga(double rate) {
    return String.format(Locale.ROOT, "%.1f", rate * 1e-9);
  }

  private static String megabytes(OptionalLong bytes) {
    return bytes.isPresent()
        ? String.format(Locale.ROOT, "%.1f", bytes.getAsLong() * 1e-6)
        : NOT_MEASURED;
  }

  private void speeds(List<Measurement> rows, boolean peer) {
    out.println();
    out.println(
        "| threads | work | tokens/s | spread | MB/token | of bandwidth | of int8 peak |"
            + (peer ? " llama.cpp, best | ratio |" : ""));
    out.println("|--:|---|--:|--:|--:|--:|--:|" + (peer ? "--:|--:|" : ""));
    for (Measurement m : rows) {
      double median = m.own().median();
      out.printf(
          Locale.ROOT,
          "| %d | %s | %s | ± %.1f %% | %.1f | %s | %s |",
          m.threads(),
          m.workload().name(),
          speed(median),
          100 * m.own().spread(),
          m.cost().bytes() * 1e-6,
          share(m.limits().readShare(median, m.cost())),
          share(m.limits().productShare(median, m.cost())));
      if (peer) {
        out.print(m.peer().map(p -> " " + speed(p.median()) + " |").orElse(" – |"));
        out.print(m.ratio().map(r -> ratio(r) + " |").orElse(" – |"));
      }
      out.println();
    }
  }

  private void beside(List<Report.Beside> rows, boolean peer) {
    out.println();
    out.println(
        "| threads | work | busy threads beside | tokens/s | of the free machine's |"
            + (peer ? " llama.cpp, best | of the free machine's |" : ""));
    out.println("|--:|---|--:|--:|--:|" + (peer ? "--:|--:|" : ""));
    for (Report.Beside row : rows) {
      double busy = row.busy().own().median();
      out.printf(
          Locale.ROOT,
          "| %d | %s | %d | %s | %s |",
          row.busy().threads(),
          row.busy().workload().name(),
          row.busy().busy(),
          speed(busy),
          share(busy / row.free().own().median()));
      if (peer && row.busy().peer().isPresent() && row.free().peer().isPresent()) {
        double peerBusy = row.busy().peer().get().median();
        out.print(
            " "
                + speed(peerBusy)
                + " | "
                + share(peerBusy / row.free().peer().get().median())
                + " |");
      } else if (peer) {
        out.print(" – | – |");
      }
      out.println();
    }
  }

  private void copying(List<CopyingMeasurement> rows) {
    out.println();
    out.println(
        "| threads | copying | tokens | plain tokens/s | drafted tokens/s | ratio | right |");
    out.println("|--:|---|--:|--:|--:|--:|--:|");
    for (CopyingMeasurement row : rows) {
      out.printf(
          Locale.ROOT,
          "| %d | %s | %d | %s | %s |%s | %d of %d |%n",
          row.threads(),
          row.text(),
          row.tokens(),
          speed(row.plain().median()),
          speed(row.drafted().median()),
          ratio(row.ratio()),
          row.right(),
          row.guessed());
    }
  }

  /** Three or four digits are as exact as such measurements are. */
  static String speed(double tokensPerSecond) {
    return String.format(Locale.ROOT, tokensPerSecond < 100 ? "%.1f" : "%.0f", tokensPerSecond);
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, " %.2f", ratio);
  }

  static String share(double share) {
    return Double.isNaN(share) ? NOT_MEASURED : String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
