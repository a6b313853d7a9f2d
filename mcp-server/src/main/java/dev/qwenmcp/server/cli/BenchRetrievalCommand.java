package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.retrieval.CmrcFile;
import dev.qwenmcp.server.bench.retrieval.CranfieldFiles;
import dev.qwenmcp.server.bench.retrieval.JudgedCollection;
import dev.qwenmcp.server.bench.retrieval.RetrievalBench;
import dev.qwenmcp.server.bench.retrieval.RetrievalTable;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.onnx.EmbeddedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      "Measure how well and how fast passages are found, on Cranfield and CMRC 2018.",
      "Standard output gets Markdown: BM25 alone, vectors alone, both fused by rank, and that with"
          + " the best compared token by token."
    })
final class BenchRetrievalCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      description =
          "Folder with cranfield/ (cran.all.1400, cran.qry, cranqrel) and"
              + " cmrc2018/cmrc2018_dev.json; one of them is enough.")
  private Path folder;

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Ask only every N-th question (default: ${DEFAULT-VALUE}).")
  private int every;

  @Override
  public Integer call() throws IOException, CliException, KnowledgeException, InterruptedException {
    List<JudgedCollection> collections = read();
    RetrievalTable table = new RetrievalTable(spec.commandLine().getOut());
    List<RetrievalBench.Report> reports = new ArrayList<>();
    try (Embedders embedders = EmbeddedModels.open();
        KnowledgeBase knowledge = new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, embedders)) {
      RetrievalBench bench = new RetrievalBench(knowledge);
      table.begin();
      for (JudgedCollection collection : collections) {
        reports.add(bench.measure(collection.everyNthQuery(Math.max(1, every))));
        table.add(reports.getLast());
      }
    }
    spec.commandLine().getOut().println();
    reports.forEach(table::remark);
    return 0;
  }

  private List<JudgedCollection> read() throws IOException, CliException {
    List<JudgedCollection> collections = new ArrayList<>();
    if (Files.isDirectory(folder.resolve("cranfield"))) {
      collections.add(CranfieldFiles.read(folder.resolve("cranfield")));
    }
    Path cmrc = folder.resolve("cmrc2018/cmrc2018_dev.json");
    if (Files.exists(cmrc)) {
      collections.add(CmrcFile.read(cmrc));
    }
    if (collections.isEmpty()) {
      throw new CliException(
          folder + " has neither cranfield/ nor cmrc2018/; give the folder that holds them");
    }
    return collections;
  }
}
