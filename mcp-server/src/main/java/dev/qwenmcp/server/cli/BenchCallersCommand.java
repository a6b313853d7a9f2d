package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.EngineOptions.Drafting;
import dev.qwenmcp.engine.batch.SchedulerOptions;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.Machine;
import dev.qwenmcp.server.bench.callers.CallersBench;
import dev.qwenmcp.server.bench.callers.CallersReport;
import dev.qwenmcp.server.bench.callers.Crowd;
import dev.qwenmcp.server.bench.callers.CrowdBench;
import dev.qwenmcp.server.bench.callers.TogetherSpeed;
import dev.qwenmcp.server.model.CatalogModel;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
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

/** {@code qwen-mcp bench-callers MODEL}: what several callers of one model get done at once. */
@Command(
    name = "bench-callers",
    description = {
      "Measure what several callers of one model get done at once.",
      "Each has a session and a thread of its own and a prompt of its own. Standard output gets"
          + " Markdown: tokens a second of all together, then how long each of a crowd waits for its"
          + " first token and what memory that takes, beside goals."
    })
final class BenchCallersCommand implements Callable<Integer> {
  /** Of the tokens that each of a few writes, one of a crowd writes this part. */
  private static final int CROWD_SHARE = 4;

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
      names = "--crowd",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Callers that come at the same moment, 0 for none (default: ${DEFAULT-VALUE}); each writes a"
              + " quarter of the tokens.")
  private int crowd;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Callers that are served at a time (default: ${DEFAULT-VALUE}); the rest of the crowd waits.")
  private int slots;

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
        || slots < 1
        || crowd < 0
        || callers.stream().anyMatch(n -> n < 1)) {
      throw new ParameterException(
          spec.commandLine(),
          "--callers, --slots, --prompt, --generate and --repetitions are at least 1, --crowd at"
              + " least 0");
    }
    int most = callers.stream().mapToInt(Integer::intValue).max().orElseThrow();
    if (most > slots) {
      throw new ParameterException(
          spec.commandLine(), most + " callers at once need as many --slots, not " + slots);
    }
    CatalogModel chosen = models.catalog().resolve(model);
    EngineOptions options =
        withoutGuesses(engineFlags.options())
            .withScheduling(new SchedulerOptions(slots, Math.max(0, crowd - slots)));
    PrintWriter err = spec.commandLine().getErr();
    try (Engine engine = Engine.open(chosen.open(), options)) {
      List<String> conditions = new ArrayList<>();
      conditions.add("model: " + chosen.name());
      conditions.add(
          "qwen-mcp: %s, keys and values %s, no guesses, %d slots, %d may wait"
              .formatted(engine.kernels(), options.kvType(), slots, options.scheduling().queue()));
      conditions.add(
          "at once: each reads %d tokens, then all write %d tokens, timed from the first to the last"
              .formatted(promptTokens, tokens));
      List<TogetherSpeed> speeds =
          new CallersBench(
                  engine,
                  new CallersBench.Plan(callers, promptTokens, tokens, repetitions),
                  work -> err.println("measuring " + chosen.name() + ", " + work))
              .run();
      Optional<Crowd> crowded = Optional.empty();
      if (crowd > 0) {
        int share = Math.max(1, tokens / CROWD_SHARE);
        conditions.add(
            "at the same moment: each reads %d tokens and writes %d"
                .formatted(promptTokens, share));
        err.println("measuring " + chosen.name() + ", " + crowd + " at the same moment");
        crowded =
            Optional.of(
                new CrowdBench(engine, new CrowdBench.Plan(crowd, promptTokens, share)).run());
      }
      new CallersReport(Machine.here(), conditions, speeds, crowded)
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
