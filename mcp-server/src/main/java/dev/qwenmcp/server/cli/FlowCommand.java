package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.flow.FlowEntry;
import dev.qwenmcp.server.flow.FlowLibrary;
import dev.qwenmcp.server.flow.FlowSchema;
import dev.qwenmcp.server.flow.WrittenInput;
import dev.qwenmcp.server.flow.declaration.Flow;
import dev.qwenmcp.server.flow.declaration.FlowFormatException;
import dev.qwenmcp.server.flow.declaration.FlowProblem;
import dev.qwenmcp.server.flow.run.FlowRunner;
import dev.qwenmcp.server.flow.run.RunRecord;
import dev.qwenmcp.server.flow.run.RunReport;
import dev.qwenmcp.server.flow.run.RunState;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.flow.run.RunStoreException;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.protocol.ToolException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code qwen-mcp flow}: flows on the command line. */
@Command(
    name = "flow",
    description = {
      "Run, check and list flows: declared steps over the server's tools.",
      "docs/how-to/flows.md says how to write one."
    },
    synopsisSubcommandLabel = "COMMAND")
final class FlowCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected one of the commands run, list, runs, validate and schema");
  }

  /** What to run, and with what. */
  static final class Run {
    @Parameters(
        arity = "0..1",
        paramLabel = "FLOW",
        description = "A file in YAML or JSON, or the name of a flow (see flow list).")
    private String flow;

    @Option(
        names = "--input",
        paramLabel = "NAME=VALUE",
        description =
            "An input; what is no text as JSON; @FILE for the text of a file. May be repeated.")
    private Map<String, String> inputs = Map.of();

    @Option(
        names = "--resume",
        paramLabel = "RUN",
        description = "Go on with a run after its last finished step, instead of FLOW.")
    private String resume;

    @Option(
        names = "--time",
        paramLabel = "SECONDS",
        defaultValue = "3600",
        description = "Stop after so many seconds, to be resumed (default: ${DEFAULT-VALUE}).")
    private int seconds;
  }

  @Command(
      name = "run",
      description = {
        "Run a flow; its output goes to standard output as JSON, its steps to standard error.",
        "Exit status 1 if it did not finish; --resume goes on then."
      })
  int run(
      @Mixin Run run,
      @Mixin ContextFlags contexts,
      @Mixin ModelHostFlags models,
      @Mixin EngineFlags engine,
      @Mixin FolderFlags folders)
      throws IOException, ModelException, CliException, ToolException, InterruptedException {
    if ((run.flow == null) == (run.resume == null)) {
      throw new ParameterException(spec.commandLine(), "give a flow, or --resume with a run");
    }
    PrintWriter err = spec.commandLine().getErr();
    try (LocalTools tools =
        new LocalTools(
            new LocalTools.Stores(
                contexts.serving(),
                contexts.runs(),
                Optional.of(contexts.dataFolder()),
                folders.roots()),
            models.open(engine.options()),
            contexts.flows())) {
      FlowRunner runner = tools.flows().runner();
      TerminalCall call = new TerminalCall(err);
      Duration budget = Duration.ofSeconds(run.seconds);
      RunReport report;
      if (run.resume != null) {
        report = runner.resume(run.resume, budget, call);
      } else {
        FlowEntry entry = entry(tools.flows().library(), run.flow);
        report =
            runner.start(
                new FlowRunner.Order(
                    entry.flow(),
                    entry.declaration(),
                    inputs(entry.flow(), run.inputs),
                    Optional.empty()),
                budget,
                call);
      }
      return told(report, err);
    }
  }

  private int told(RunReport report, PrintWriter err) {
    RunRecord run = report.run();
    err.printf(
        "%s %s in %.2f s, context %s%n",
        run.id(), run.state().word(), report.seconds(), run.contextId());
    if (run.state() == RunState.FINISHED) {
      spec.commandLine().getOut().println(run.output().orElseThrow().toPrettyString());
      return ExitCode.OK;
    }
    err.println(run.trouble());
    err.println("go on with: qwen-mcp flow run --resume " + run.id());
    return ExitCode.SOFTWARE;
  }

  private static FlowEntry entry(FlowLibrary library, String fileOrName)
      throws IOException, CliException {
    Path file = Path.of(fileOrName);
    if (Files.isRegularFile(file)) {
      try {
        return library.file(file);
      } catch (FlowFormatException e) {
        throw new CliException(
            fileOrName
                + " is no flow:\n  "
                + String.join("\n  ", e.problems().stream().map(FlowProblem::inWords).toList()),
            e);
      }
    }
    FlowLibrary.Contents contents = library.contents();
    FlowEntry entry = contents.flows().get(fileOrName);
    if (entry == null) {
      throw new CliException(
          fileOrName
              + " is neither a file nor one of "
              + String.join(", ", contents.flows().keySet()));
    }
    return entry;
  }

  private static ObjectNode inputs(Flow flow, Map<String, String> given)
      throws IOException, ToolException {
    ObjectNode inputs = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, String> each : given.entrySet()) {
      String text =
          each.getValue().startsWith("@")
              ? Files.readString(Path.of(each.getValue().substring(1)))
              : each.getValue();
      Optional<Flow.Input> input =
          flow.inputs().stream().filter(i -> i.name().equals(each.getKey())).findFirst();
      JsonNode value =
          input.isPresent()
              ? WrittenInput.value(input.get(), text)
              : JsonNodeFactory.instance.stringNode(text); // the runner names those that exist
      inputs.set(each.getKey(), value);
    }
    return inputs;
  }

  @Command(
      name = "validate",
      description = "Check files against the tools; says what is wrong by line and field.")
  int validate(
      @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files in YAML or JSON.")
          List<Path> files,
      @Mixin ModelHostFlags models,
      @Mixin EngineFlags engine)
      throws IOException, ModelException {
    int wrong = 0;
    try (LocalTools tools = quietTools(models, engine)) {
      for (Path file : files) {
        try {
          FlowEntry entry = tools.flows().library().file(file);
          spec.commandLine().getOut().println(file + ": ok, flow " + entry.flow().name());
        } catch (FlowFormatException e) {
          wrong++;
          for (FlowProblem problem : e.problems()) {
            spec.commandLine().getOut().println(file + ": " + problem.inWords());
          }
        }
      }
    }
    return wrong == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static LocalTools.Stores inMemory() {
    return new LocalTools.Stores(
        ContextFlags.inMemory(), ContextFlags.runsInMemory(), Optional.empty(), AllowedRoots.NONE);
  }

  private static LocalTools quietTools(ModelHostFlags models, EngineFlags engine)
      throws ModelException, IOException {
    return new LocalTools(inMemory(), models.open(engine.options()), Optional.empty());
  }

  @Command(name = "list", description = "List the flows that can be run by name, with inputs.")
  void list(@Mixin ContextFlags contexts, @Mixin ModelHostFlags models, @Mixin EngineFlags engine)
      throws ModelException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (LocalTools tools =
        new LocalTools(inMemory(), models.open(engine.options()), contexts.flows())) {
      FlowLibrary.Contents contents = tools.flows().library().contents();
      for (FlowEntry entry : contents.flows().values()) {
        out.printf("%s  (%s)%n    %s%n", entry.flow().name(), entry.source(), entry.flow().title());
        for (Flow.Input input : entry.flow().inputs()) {
          out.printf(
              "    --input %s=…  %s%s%n",
              input.name(), input.description(), input.otherwise().isEmpty() ? "" : " (optional)");
        }
      }
      contents.problems().forEach(problem -> spec.commandLine().getErr().println(problem));
    }
  }

  @Command(name = "runs", description = "List the latest runs with their states.")
  void runs(@Mixin ContextFlags contexts) throws RunStoreException {
    try (RunStore store = contexts.runs()) {
      for (RunRecord run : store.list(TerminalCall.PRINCIPAL, 50)) {
        boolean abandoned = run.state() == RunState.RUNNING && store.abandoned(run.id());
        spec.commandLine()
            .getOut()
            .printf(
                "%s  %-9s  %s  %s  %s%n",
                run.id(),
                abandoned ? "abandoned" : run.state().word(),
                run.updated(),
                run.flow(),
                run.trouble());
      }
    }
  }

  @Command(name = "schema", description = "Print the JSON Schema of flows, for editors.")
  void schema() {
    spec.commandLine().getOut().println(FlowSchema.text());
  }
}
