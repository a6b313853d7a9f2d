package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.retrieval.JudgedCollection;
import dev.qwenmcp.server.bench.retrieval.JudgedCollections;
import dev.qwenmcp.server.bench.retrieval.RetrievalBench;
import dev.qwenmcp.server.bench.retrieval.RetrievalTable;
import dev.qwenmcp.server.bench.retrieval.ScaleBench;
import dev.qwenmcp.server.bench.retrieval.TextPassages;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.EmbeddingChoice;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.KnowledgeSettings;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.onnx.EmbeddedModels;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp bench-retrieval DIR}: how well documents are found, and how fast. */
@Command(
    name = "bench-retrieval",
    description = {
      "Measure how well and how fast passages are found, on Cranfield, CMRC 2018 and any collection"
          + " in BEIR's layout.",
      "Standard output gets Markdown: BM25 alone, vectors alone, both fused by rank, and that with"
          + " the best compared token by token."
    })
final class BenchRetrievalCommand implements Callable<Integer> {
  private static final int SCALE_QUERIES = 400;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      description = {
        "Folder with cranfield/ (cran.all.1400, cran.qry, cranqrel), cmrc2018/cmrc2018_dev.json, or"
            + " folders of corpus.jsonl, queries.jsonl and qrels/test.tsv; or such a folder.",
        "With --scale, the folder whose texts are cut into passages."
      })
  private Path folder;

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Ask only every N-th question (default: ${DEFAULT-VALUE}).")
  private int every;

  @Option(
      names = "--half",
      paramLabel = "1|2",
      defaultValue = "0",
      description = "Ask only one half of the questions, always the same; 0 asks all.")
  private int half;

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Instead, measure one collection of N distinct passages made of the texts in DIR.")
  private int scale;

  @Option(
      names = "--index",
      paramLabel = "DIR",
      description = "With --scale: folder that keeps the collection, for the next run to go on.")
  private Path index;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "60",
      description = "With --scale: longest time to embed (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Override
  public Integer call() throws IOException, CliException, KnowledgeException, InterruptedException {
    try (Embedders embedders = EmbeddedModels.open()) {
      return scale > 0 ? measureScale(embedders) : measureQuality(embedders);
    }
  }

  private int measureQuality(Embedders embedders)
      throws IOException, CliException, KnowledgeException, InterruptedException {
    List<JudgedCollection> collections = JudgedCollections.in(folder);
    if (collections.isEmpty()) {
      throw new CliException(
          folder
              + " has neither cranfield/ nor cmrc2018/ nor a folder with corpus.jsonl; give the"
              + " folder that holds them");
    }
    RetrievalTable table = new RetrievalTable(spec.commandLine().getOut());
    List<RetrievalBench.Report> reports = new ArrayList<>();
    KnowledgeSettings settings =
        KnowledgeSettings.inMemory(KnowledgeLimits.DURABLE, embedders)
            .withEmbeddingThreads(Runtime.getRuntime().availableProcessors());
    try (KnowledgeBase knowledge = new LuceneKnowledgeBase(settings)) {
      RetrievalBench bench = new RetrievalBench(knowledge);
      table.begin();
      for (JudgedCollection collection : collections) {
        JudgedCollection asked = half == 0 ? collection : collection.half(half == 2);
        reports.add(bench.measure(asked.everyNthQuery(Math.max(1, every))));
        table.add(reports.getLast());
      }
    }
    spec.commandLine().getOut().println();
    reports.forEach(table::remark);
    return 0;
  }

  private int measureScale(Embedders embedders)
      throws IOException, CliException, KnowledgeException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> queries = new ArrayList<>();
    for (JudgedCollection collection : JudgedCollections.in(folder)) {
      int step = Math.max(1, 2 * collection.queries().size() / SCALE_QUERIES);
      collection.everyNthQuery(step).queries().forEach(query -> queries.add(query.text()));
    }
    if (queries.isEmpty()) {
      throw new CliException(folder + " has no judged collection, whose questions are asked");
    }
    try (TemporaryFolder temporary =
        TemporaryFolder.in(Path.of(System.getProperty("java.io.tmpdir")))) {
      KnowledgeSettings settings =
          KnowledgeSettings.in(
                  index == null ? temporary.path() : index, EmbeddingChoice.of(embedders))
              .withEmbeddingThreads(Runtime.getRuntime().availableProcessors());
      try (KnowledgeBase knowledge = new LuceneKnowledgeBase(settings);
          KnowledgeBase other = new LuceneKnowledgeBase(settings)) {
        ScaleBench bench = new ScaleBench(knowledge, out, spec.commandLine().getErr());
        int left =
            bench.fill(
                TextPassages.of(folder, scale), Duration.ofMillis((long) (minutes * 60_000)));
        if (left > 0) {
          out.println("- not all is embedded: run it again with the same --index to go on");
          return 1;
        }
        bench.search(queries);
        bench.cite(queries);
        bench.update(other);
      }
    }
    return 0;
  }
}
