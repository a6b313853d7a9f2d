package dev.qwenmcp.server.bench.retrieval;

import java.io.PrintWriter;
import java.util.Locale;

/** Reports of retrieval as one Markdown table and a line a collection. */
public final class RetrievalTable {
  private final PrintWriter out;

  public RetrievalTable(PrintWriter out) {
    this.out = out;
  }

  public void begin() {
    out.println(
        "| collection | method | nDCG@10 | binary nDCG@10 | recall@10 | MRR@10 | MAP@10 | p50 ms | p95 ms |");
    out.println("|---|---|--:|--:|--:|--:|--:|--:|--:|");
    out.flush();
  }

  public void add(RetrievalBench.Report report) {
    for (RetrievalBench.Row row : report.rows()) {
      out.printf(
          Locale.ROOT,
          "| %s | %s | %.4f | %.4f | %.4f | %.4f | %.4f | %.1f | %.1f |%n",
          report.collection().name(),
          row.method(),
          row.ndcg(),
          row.binaryNdcg(),
          row.recall(),
          row.mrr(),
          row.map(),
          row.medianMillis(),
          row.p95Millis());
    }
    out.flush();
  }

  /** What the table has no column for. */
  public void remark(RetrievalBench.Report report) {
    out.printf(
        Locale.ROOT,
        "- %s: %,d documents, %,d passages, %,d queries; indexed in %.1f s, embedded in %.1f s;"
            + " the graph finds %.4f of the 10 nearest passages%n",
        report.collection().name(),
        report.collection().documents().size(),
        report.passages(),
        report.collection().queries().size(),
        report.ingestSeconds(),
        report.vectorSeconds(),
        report.graphRecall());
    out.flush();
  }
}
