package dev.qwenmcp.server.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A report as comma-separated values: a line for each workload and contender, exact figures, empty
 * fields where nothing was measured. Cost and shares are of this program's engine alone.
 */
public final class CsvReport {
  private static final String HEADER =
      "model,threads,work,tokens,depth,busy,setting,runs,median,least,most,"
          + "bytes_per_token,products_per_token,share_of_bandwidth,share_of_int8_peak";

  private CsvReport() {}

  /** Writes the file, or replaces it. */
  public static void write(Report report, Path file) throws IOException {
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
      out.println(HEADER);
      for (Measurement m : report.measurements()) {
        for (String setting : m.contenders()) {
          line(out, report, m, setting);
        }
      }
      for (CopyingMeasurement c : report.extras().copying()) {
        copying(out, report, c, "plain", c.plain());
        copying(out, report, c, "drafted", c.drafted());
      }
      if (out.checkError()) {
        throw new IOException("cannot write " + file);
      }
    }
  }

  private static void line(PrintWriter out, Report report, Measurement m, String setting) {
    Sample sample = m.speeds().get(setting);
    String cost = ",,,";
    if (setting.equals(Measurement.OWN)) {
      cost =
          String.format(
              Locale.ROOT,
              "%.0f,%.0f,%s,%s",
              m.cost().bytes(),
              m.cost().products(),
              share(m.limits().readShare(sample.median(), m.cost())),
              share(m.limits().productShare(sample.median(), m.cost())));
    }
    out.printf(
        Locale.ROOT,
        "%s,%d,%s,%d,%d,%d,%s,%s,%s%n",
        quote(report.model()),
        m.threads(),
        quote(m.workload().name()),
        m.workload().tokens(),
        m.workload().depth(),
        m.busy(),
        quote(setting),
        sample(sample),
        cost);
  }

  private static void copying(
      PrintWriter out, Report report, CopyingMeasurement c, String setting, Sample sample) {
    out.printf(
        Locale.ROOT,
        "%s,%d,%s,%d,,0,%s,%s,,,,%n",
        quote(report.model()),
        c.threads(),
        quote("copying " + c.text()),
        c.tokens(),
        quote(Measurement.OWN + ", " + setting),
        sample(sample));
  }

  private static String sample(Sample s) {
    return String.format(
        Locale.ROOT, "%d,%.3f,%.3f,%.3f", s.values().size(), s.median(), s.least(), s.most());
  }

  private static String share(double share) {
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.4f", share);
  }

  /** Quoted where a comma or quote stands in it. */
  private static String quote(String text) {
    return text.contains(",") || text.contains("\"")
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }
}
