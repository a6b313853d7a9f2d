package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.server.bench.Bench;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.BenchRun;
import dev.qwenmcp.server.bench.CsvReport;
import dev.qwenmcp.server.bench.MarkdownReport;
import dev.qwenmcp.server.bench.Report;
import dev.qwenmcp.server.bench.Suite;
import dev.qwenmcp.server.bench.SuiteEntry;
import dev.qwenmcp.server.bench.SuiteReport;
import dev.qwenmcp.server.bench.Workload;
import dev.qwenmcp.server.bench.peer.MeasuredPeer;
import dev.qwenmcp.server.bench.peer.PeerFolder;
import dev.qwenmcp.server.model.CatalogModel;
import dev.qwenmcp.server.model.ModelCatalog;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp bench MODEL}: how fast a model runs here, and how near the machine's limits. */
@Command(
    name = "bench",
    description = {
      "Measure how fast a model runs here.",
      "Standard output gets Markdown: tokens a second (medians), bytes a token, and their share of"
          + " the memory bandwidth and int8 peak that are measured in the same run. Lists are"
          + " separated by commas; every combination is measured.",
      "With --peer, llama.cpp runs in alternation, with and without flash attention."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int MOST_MINUTES = 7 * 24 * 60;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Path or name of a model (default: the embedded one).")
  private String model;

  @Option(
      names = "--prompt",
      paramLabel = "TOKENS",
      split = ",",
      defaultValue = "512",
      description = "Prompt lengths, 0 for none (default: ${DEFAULT-VALUE}).")
  private List<Integer> prompts;

  @Option(
      names = "--generate",
      paramLabel = "TOKENS",
      split = ",",
      defaultValue = "64",
      description = "Generation lengths, 0 for none (default: ${DEFAULT-VALUE}).")
  private List<Integer> generations;

  @Option(
      names = "--depth",
      paramLabel = "TOKENS",
      split = ",",
      defaultValue = "0",
      description = "Tokens before the measured part (default: ${DEFAULT-VALUE}).")
  private List<Integer> depths;

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      defaultValue = "1",
      description = "Sequences that generate together in a pass (default: ${DEFAULT-VALUE}).")
  private List<Integer> batches;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Compute threads (default: one a core).")
  private List<Integer> threads;

  @Option(
      names = "--kv",
      paramLabel = "TYPE",
      defaultValue = "q8_0",
      description = "Storage of keys and values: f32, f16 or q8_0 (default: ${DEFAULT-VALUE}).")
  private KvType kvType;

  @Option(
      names = "--kernels",
      paramLabel = "KIND",
      defaultValue = "auto",
      description = "What computes: native, java or auto (default: ${DEFAULT-VALUE}).")
  private KernelChoice kernels;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      defaultValue = "3",
      description = "Timed runs of each, after one to warm up (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--busy",
      paramLabel = "N",
      defaultValue = "0",
      description = "Measure again while N threads of another process compute.")
  private int busy;

  @Option(
      names = "--copying",
      description = "Measure work that copies from its prompt, with guesses and without.")
  private boolean copying;

  @Option(
      names = "--memory",
      description = "Measure what contexts of each depth take of the memory.")
  private boolean memory;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "0",
      description = "Then read prompts and generate for so long, and show whether speed lasts.")
  private double minutes;

  @Option(
      names = "--peer",
      paramLabel = "DIR",
      description = "Folder with llama-bench or llama.cpp's shared libraries to compare with.")
  private Path peer;

  @Option(
      names = "--suite",
      paramLabel = "DIR",
      description = {
        "Instead of MODEL: measure the models of docs/explanation/performance.md that are in a folder, at their"
            + " lengths and depths; the first one also beside a busy thread and copying."
      })
  private Path suite;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write all figures to a file as well.")
  private Path csv;

  @Mixin private ModelFlags models;

  @Override
  public Integer call() throws IOException, ModelException, BenchException {
    if (suite != null) {
      suite();
      return 0;
    }
    Report report =
        measure(
            models.catalog().resolve(model),
            settings(plan(), extras(), Path.of(model == null ? "" : model)));
    new MarkdownReport(spec.commandLine().getOut()).write(report);
    if (csv != null) {
      CsvReport.write(report, csv);
    }
    return 0;
  }

  private void suite() throws IOException, ModelException, BenchException {
    if (model != null || csv != null || busy > 0 || copying || memory || minutes != 0) {
      throw wrong(
          "--suite stands for MODEL, --busy and --copying, measures no --memory and no --minutes,"
              + " and writes no --csv");
    }
    ModelCatalog catalog = models.catalog();
    Suite.Measuring measuring =
        (file, plan, copies) -> {
          try {
            Report report =
                measure(
                    catalog.resolve(file.toString()),
                    settings(plan, Bench.Extras.copying(copies), file));
            // A suite takes long: what is measured already must not be lost when it is broken off.
            new MarkdownReport(spec.commandLine().getErr()).write(report);
            return report;
          } catch (ModelException e) {
            throw new BenchException(e.getMessage(), e);
          }
        };
    new SuiteReport(spec.commandLine().getOut())
        .write(new Suite(suite, SuiteEntry.all(), measuring).run(repetitions));
  }

  private Report measure(CatalogModel chosen, Bench.Settings settings)
      throws IOException, BenchException {
    PrintWriter err = spec.commandLine().getErr();
    return new Bench(
            new BenchModel(chosen),
            settings,
            SelfCommand.child(),
            work -> err.println("measuring " + chosen.name() + ", " + work))
        .run();
  }

  private BenchRun.Plan plan() {
    List<Workload> workloads = workloads();
    if (workloads.isEmpty() && !copying && minutes == 0) {
      throw wrong(
          "nothing to measure: --prompt and --generate are 0, and there is no --copying and no"
              + " --minutes");
    }
    atLeast(1, "--repetitions", List.of(repetitions));
    atLeast(0, "--busy", List.of(busy));
    return new BenchRun.Plan(workloads, repetitions, busy);
  }

  /**
   * @param file of the model, which a peer reads by itself
   */
  private Bench.Settings settings(BenchRun.Plan plan, Bench.Extras extras, Path file)
      throws BenchException {
    List<Integer> counts =
        threads == null ? List.of(Runtime.getRuntime().availableProcessors()) : threads;
    atLeast(1, "--threads", counts);
    return new Bench.Settings(
        plan,
        counts,
        new EngineOptions(kernels, 0, kvType, 0, EngineOptions.DEFAULT.batchTokens()),
        peer(file),
        extras);
  }

  private Bench.Extras extras() {
    if (!(minutes >= 0 && minutes <= MOST_MINUTES)) {
      throw wrong("--minutes is 0 to " + MOST_MINUTES + ", not " + minutes);
    }
    return new Bench.Extras(copying, memory, Duration.ofMillis(Math.round(minutes * 60_000)));
  }

  private Optional<Bench.Peer> peer(Path file) throws BenchException {
    if (peer == null) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file)) {
      throw wrong("--peer needs MODEL to be the path of a file");
    }
    return Optional.of(new MeasuredPeer(PeerFolder.of(peer), file, SelfCommand.child()));
  }

  /** Every length at every depth, generation also for every batch. */
  private List<Workload> workloads() {
    atLeast(0, "--prompt", prompts);
    atLeast(0, "--generate", generations);
    atLeast(0, "--depth", depths);
    atLeast(1, "--batch", batches);
    List<Workload> workloads = new ArrayList<>();
    for (int depth : depths) {
      for (int tokens : prompts) {
        if (tokens > 0) {
          workloads.add(new Workload.Prompt(tokens, depth));
        }
      }
      for (int steps : generations) {
        for (int sequences : batches) {
          if (steps > 0) {
            workloads.add(new Workload.Generation(steps, depth, sequences));
          }
        }
      }
    }
    return workloads;
  }

  private void atLeast(int least, String option, List<Integer> values) {
    for (int value : values) {
      if (value < least) {
        throw wrong(option + " is at least " + least + ", not " + value);
      }
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** A model of the catalogue. */
  private record BenchModel(CatalogModel model) implements Bench.Model {
    @Override
    public String description() {
      return model.name();
    }

    @Override
    public GgufFile open() throws IOException {
      return model.open();
    }
  }
}
