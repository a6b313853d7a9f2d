package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.EngineOptions.Drafting;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.bench.Machine;
import dev.qwenmcp.server.bench.grammar.ConstrainedSpeed;
import dev.qwenmcp.server.bench.grammar.MaskBench;
import dev.qwenmcp.server.model.CatalogModel;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp bench-grammar MODEL}: what constrained decoding understands and costs. */
@Command(
    name = "bench-grammar",
    description = {
      "Measure constrained decoding: schemas that are understood, masks, and what they cost.",
      "Standard output gets Markdown. With --schemas, a folder in maskbench's format is judged with"
          + " the model's vocabulary; with --generate, the model writes the same tokens with and"
          + " without a schema."
    })
final class BenchGrammarCommand implements Callable<Integer> {
  private static final int WARM_UP = 300;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Path or name of a model (default: the embedded one).")
  private String model;

  @Option(
      names = "--schemas",
      paramLabel = "DIR",
      description = "Folder of files {\"schema\": …, \"tests\": [{\"valid\": …, \"data\": …}]}.")
  private Path schemas;

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Judge only every N-th schema (default: ${DEFAULT-VALUE}).")
  private int every;

  @Option(
      names = "--refused",
      description =
          "List on standard error which schemas were refused, and judged wrongly, and why.")
  private boolean list;

  @Option(
      names = "--generate",
      paramLabel = "TOKENS",
      defaultValue = "128",
      description =
          "Tokens to write with and without a schema, 0 for none (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      defaultValue = "5",
      description = "Timed runs of each, after one to warm up (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Mixin private ModelFlags models;

  @Override
  public Integer call() throws IOException, ModelException, CliException {
    if (every < 1 || tokens < 0 || repetitions < 1) {
      throw new ParameterException(
          spec.commandLine(), "--every and --repetitions are at least 1, --generate is at least 0");
    }
    PrintWriter out = spec.commandLine().getOut();
    CatalogModel chosen = models.catalog().resolve(model);
    out.printf("Machine: %s. Model: %s.%n%n", Machine.here().line(), chosen.name());
    if (schemas != null) {
      judge(chosen);
    }
    if (tokens > 0) {
      generate(chosen);
    }
    return 0;
  }

  private void judge(CatalogModel chosen) throws IOException, CliException {
    List<Path> files = files();
    BpeTokenizer tokenizer;
    try (GgufFile gguf = chosen.open()) {
      tokenizer = BpeTokenizer.of(gguf.metadata());
    }
    MaskBench.Report report = new MaskBench(tokenizer).run(files, WARM_UP);
    PrintWriter out = spec.commandLine().getOut();
    int compiled = report.compilations().count();
    out.println("| schemas | |");
    out.println("|---|--:|");
    row("in all", "%,d".formatted(report.schemas()));
    row(
        "passing (compiled, and right about every instance)",
        share(report.passing(), report.schemas()));
    row("refused with a reason", share(report.refused().size(), report.schemas()));
    row("valid instances rejected", of(report.validRejected().size(), report.valid()));
    row("invalid instances accepted", of(report.invalidAccepted().size(), report.invalid()));
    row("failures of any other kind", "%,d".formatted(report.failures().size()));
    row(
        "compilation, p50 / p99",
        millis(report.compilations().quantile(0.5), report.compilations().quantile(0.99)));
    row(
        "first mask, p50 / p99",
        millis(report.firstMasks().quantile(0.5), report.firstMasks().quantile(0.99)));
    row("masks", "%,d of %,d schemas".formatted(report.masks().count(), compiled));
    row(
        "mask, logits set, mean / p50 / p99 / p99.9",
        "%.0f / %.0f / %.0f / %.0f µs"
            .formatted(
                report.masks().mean() * 1e-3,
                report.masks().quantile(0.5) * 1e-3,
                report.masks().quantile(0.99) * 1e-3,
                report.masks().quantile(0.999) * 1e-3));
    out.println();
    if (list) {
      PrintWriter err = spec.commandLine().getErr();
      report.refused().forEach(line -> err.println("refused " + line));
      report.validRejected().forEach(line -> err.println("rejected " + line));
      report.invalidAccepted().forEach(line -> err.println("accepted " + line));
      report.failures().forEach(line -> err.println("failed " + line));
    }
  }

  private List<Path> files() throws IOException, CliException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(schemas)) {
      List<Path> sorted = all.filter(path -> path.toString().endsWith(".json")).sorted().toList();
      for (int i = 0; i < sorted.size(); i += every) {
        files.add(sorted.get(i));
      }
    }
    if (files.isEmpty()) {
      throw new CliException(
          schemas + " holds no .json files; unpack maskbench's data and give that folder");
    }
    return files;
  }

  private void generate(CatalogModel chosen) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ConstrainedSpeed.Result result;
    try (Engine engine = Engine.open(chosen.open(), options(Drafting.NONE))) {
      result = new ConstrainedSpeed(engine, tokens).run(repetitions);
    }
    ConstrainedSpeed.Used used;
    try (Engine engine = Engine.open(chosen.open(), options(EngineOptions.DEFAULT.drafting()))) {
      used = new ConstrainedSpeed(engine, tokens).used(repetitions);
    }
    out.println("| writing JSON | tokens/s |");
    out.println("|---|--:|");
    row(
        "the same %d tokens, no constraint".formatted(result.tokens()),
        "%.2f".formatted(result.free()));
    row("held to the schema", "%.2f".formatted(result.constrained()));
    row("cost of the constraint", "%.1f %%".formatted(100 * result.cost()));
    row(
        "as it is used: %d of %d tokens are forced, others guessed"
            .formatted(used.forced(), used.tokens()),
        "%.2f".formatted(used.speed()));
    out.println();
  }

  private static EngineOptions options(Drafting drafting) {
    EngineOptions usual = EngineOptions.DEFAULT;
    return new EngineOptions(
        usual.kernels(),
        usual.threads(),
        usual.kvType(),
        usual.contextTokens(),
        usual.batchTokens(),
        drafting);
  }

  private void row(String name, String value) {
    spec.commandLine().getOut().printf("| %s | %s |%n", name, value);
  }

  private static String share(int part, int all) {
    return "%,d (%.1f %%)".formatted(part, all == 0 ? 0 : 100.0 * part / all);
  }

  private static String of(int part, int all) {
    return "%,d of %,d".formatted(part, all);
  }

  private static String millis(long p50, long p99) {
    return "%.2f / %.2f ms".formatted(p50 * 1e-6, p99 * 1e-6);
  }
}
