package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.understanding.ClassificationBench;
import dev.qwenmcp.server.bench.understanding.IntentData;
import dev.qwenmcp.server.bench.understanding.IntentFolder;
import dev.qwenmcp.server.bench.understanding.StructuredBench;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp bench-understand DIR}: how well texts are understood, and how fast. */
@Command(
    name = "bench-understand",
    description = {
      "Measure how well texts are classified by the examples of a label set, what out of scope is"
          + " turned away, and whether extracted objects follow their schemas and stand in the"
          + " text.",
      "A server of its own is asked over standard input and output. Standard output gets Markdown."
    })
final class BenchUnderstandCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      description =
          "Folder with train and test, and out_of_scope if there is one, as .csv or .tsv (text,"
              + " label) or .jsonl (objects with text and label); or with a .json file as CLINC150"
              + " has it; or a folder of such folders.")
  private Path folder;

  @Option(
      names = "--shots",
      paramLabel = "N",
      split = ",",
      defaultValue = "0",
      description =
          "Examples of each label that are learnt from, several numbers with commas; 0 for all"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Integer> shots;

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Classify only every N-th test text (default: ${DEFAULT-VALUE}).")
  private int every;

  @Option(
      names = "--structured",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Extract that many times from the test texts with the embedded generative model (default:"
              + " ${DEFAULT-VALUE}).")
  private int structured;

  @Option(names = "--no-classify", description = "Leave classification out.")
  private boolean noClassify;

  @Override
  public Integer call() throws IOException, BenchException {
    if (every < 1 || structured < 0 || shots.stream().anyMatch(n -> n < 0)) {
      throw new ParameterException(
          spec.commandLine(), "--every is at least 1, --shots and --structured at least 0");
    }
    List<IntentData> sets = IntentFolder.read(folder);
    try (TemporaryFolder data = TemporaryFolder.in(null);
        SpawnedToolServer server = SpawnedToolServer.start(server(data.path()))) {
      if (!noClassify) {
        classify(sets, new ClassificationBench(server));
      }
      if (structured > 0) {
        List<String> texts = new ArrayList<>();
        sets.forEach(set -> set.test().forEach(item -> texts.add(item.text())));
        report(new StructuredBench(server, texts).measure(structured));
      }
    }
    return 0;
  }

  private void classify(List<IntentData> sets, ClassificationBench bench) throws BenchException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "| set | labels | examples | prepared s | tests | accuracy | in scope and right | out of scope | turned away | p50 ms | p95 ms |");
    out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (IntentData set : sets) {
      for (int n : shots) {
        ClassificationBench.Report r = bench.measure(set.withShots(n).everyNthTest(every));
        out.printf(
            Locale.ROOT,
            "| %s | %d | %d | %.1f | %d | %.4f | %.4f | %d | %s | %.1f | %.1f |%n",
            r.data(),
            r.labels(),
            r.examples(),
            r.trainSeconds(),
            r.tests(),
            r.accuracy(),
            r.inScope(),
            r.outOfScope(),
            r.outOfScope() == 0 ? "" : "%.2f".formatted(r.recall()),
            r.medianMillis(),
            r.p95Millis());
        out.flush();
      }
    }
  }

  private void report(StructuredBench.Report r) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%n%d structured answers, %d of texts in several parts: %d follow their schema; of %d places %d reproduce the text; %d values are marked as inferred%n",
            r.inputs(),
            r.inParts(),
            r.valid(),
            r.spans(),
            r.reproduced(),
            r.inferred());
    r.failures().forEach(failure -> spec.commandLine().getOut().println("- " + failure));
    spec.commandLine().getOut().flush();
  }

  private static List<String> server(Path data) {
    List<String> words = new ArrayList<>(ServerCommandLine.words());
    words.addAll(List.of("--contexts", ContextFlags.MEMORY, "--data-dir", data.toString()));
    words.addAll(List.of("--cache-disk", "0"));
    return words;
  }
}
