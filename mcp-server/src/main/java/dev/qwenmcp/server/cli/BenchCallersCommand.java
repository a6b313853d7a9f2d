package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.EngineOptions.Drafting;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.Machine;
import dev.qwenmcp.server.bench.callers.CallersBench;
import dev.qwenmcp.server.bench.callers.CallersReport;
import dev.qwenmcp.server.model.CatalogModel;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp bench-callers MODEL}: what several callers of one model get done at once. */
@Command(
    name = "bench-callers",
    description = {
      "Measure what several callers of one model get done at once.",
      "Each has a session and a thread of its own and a prompt of its own. Standard output gets"
          + " Markdown: tokens a second of all together, beside a goal."
    })
final class BenchCallersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Path or name of a model (default: the embedded one).")
  private String model;

  @Option(
      names = "--callers",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,4",
      description = "Callers at once, compared with the first (default: ${DEFAULT-VALUE}).")
  private List<Integer> callers;

  @Option(
      names = "--prompt",
      paramLabel = "TOKENS",
      defaultValue = "64",
      description = "What each reads before (default: ${DEFAULT-VALUE}).")
  private int promptTokens;

  @Option(
      names = "--generate",
      paramLabel = "TOKENS",
      defaultValue = "64",
      description = "What each writes (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      defaultValue = "3",
      description = "Timed runs of each, after one to warm up (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Mixin private ModelFlags models;
  @Mixin private EngineFlags engineFlags;

  @Override
  public Integer call() throws IOException, ModelException, BenchException {
    if (promptTokens < 1
        || tokens < 1
        || repetitions < 1
        || callers.stream().anyMatch(n -> n < 1)) {
      throw new ParameterException(
          spec.commandLine(), "--callers, --prompt, --generate and --repetitions are at least 1");
    }
    CatalogModel chosen = models.catalog().resolve(model);
    EngineOptions options = engineFlags.options();
    PrintWriter err = spec.commandLine().getErr();
    try (Engine engine = Engine.open(chosen.open(), withoutGuesses(options))) {
      CallersBench bench =
          new CallersBench(
              engine,
              new CallersBench.Plan(callers, promptTokens, tokens, repetitions),
              work -> err.println("measuring " + chosen.name() + ", " + work));
      new CallersReport(
              Machine.here(),
              List.of(
                  "model: " + chosen.name(),
                  "qwen-mcp: "
                      + engine.kernels()
                      + ", keys and values "
                      + options.kvType()
                      + ", no guesses",
                  "each caller reads "
                      + promptTokens
                      + " tokens, then all write "
                      + tokens
                      + " tokens, timed from the first to the last"),
              bench.run())
          .write(spec.commandLine().getOut());
    }
    return 0;
  }

  /** Guesses would make tokens a second depend on what is written. */
  private static EngineOptions withoutGuesses(EngineOptions options) {
    return new EngineOptions(
        options.kernels(),
        options.threads(),
        options.kvType(),
        options.contextTokens(),
        options.batchTokens(),
        Drafting.NONE);
  }
}
