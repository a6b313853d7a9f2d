package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.Spinning;
import dev.qwenmcp.server.bench.peer.LlamaRequests;
import dev.qwenmcp.server.endpoint.Rehearsal;
import dev.qwenmcp.server.transport.StdioStreams;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The program {@code qwen-mcp}.
 *
 * <p>Exit status: 0 for success, 1 for a failure that the message explains, 2 for a command line
 * that is wrong.
 */
@Command(
    name = "qwen-mcp",
    description = {
      "A local Qwen3 model as MCP tools.",
      "@|bold qwen-mcp demo|@ shows what it does, @|bold qwen-mcp doctor|@ whether all is well."
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = ProgramVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Exit status: 0 success, 1 failure, 2 wrong command line."})
public final class Main implements Runnable {
  private static final String SERVE = "serve";

  /**
   * In the order in which help lists them.
   *
   * @param name as the class has it, too: known here so that a start reads the annotations of the
   *     one that it runs and of no other
   */
  record Subcommand(String name, Class<?> type) {}

  static final List<Subcommand> SUBCOMMANDS =
      List.of(
          new Subcommand(SERVE, ServeCommand.class),
          new Subcommand("demo", DemoCommand.class),
          new Subcommand("chat", ChatCommand.class),
          new Subcommand("generate", GenerateCommand.class),
          new Subcommand("inspect", InspectCommand.class),
          new Subcommand("tokenize", TokenizeCommand.class),
          new Subcommand("logits", LogitsCommand.class),
          new Subcommand("synth", SynthCommand.class),
          new Subcommand("bench", BenchCommand.class),
          new Subcommand(Spinning.COMMAND, BenchSpinCommand.class),
          new Subcommand(LlamaRequests.COMMAND, BenchLlamaCommand.class),
          new Subcommand("ingest", IngestCommand.class),
          new Subcommand("contexts", ContextsCommand.class),
          new Subcommand("bench-contexts", BenchContextsCommand.class),
          new Subcommand("bench-protocol", BenchProtocolCommand.class),
          new Subcommand("bench-reuse", BenchReuseCommand.class),
          new Subcommand("bench-callers", BenchCallersCommand.class),
          new Subcommand("bench-grammar", BenchGrammarCommand.class),
          new Subcommand("bench-retrieval", BenchRetrievalCommand.class),
          new Subcommand("flow", FlowCommand.class),
          new Subcommand("bench-flow", BenchFlowCommand.class),
          new Subcommand("bench-understand", BenchUnderstandCommand.class),
          new Subcommand("token", TokenCommand.class),
          new Subcommand("pull", PullCommand.class),
          new Subcommand("models", ModelsCommand.class),
          new Subcommand("tools", ToolsCommand.class),
          new Subcommand("install", InstallCommand.class),
          new Subcommand("config", ConfigCommand.class),
          new Subcommand("bench-start", BenchStartCommand.class),
          new Subcommand("rehearse", RehearseCommand.class),
          new Subcommand("doctor", DoctorCommand.class));

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log what happens and show where errors come from, on standard error.")
  private boolean verbose;

  @Option(
      names = Settings.CONFIG,
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Settings file (default: $QWEN_MCP_CONFIG, or config.yaml in the system's place for"
              + " settings of programs, such as ~/.config/qwen-mcp).")
  private Path config; // read by Settings, before the command line is

  public static void main(String[] args) {
    // Standard output belongs to the command (and the protocol): whatever a library prints there
    // goes to standard error instead.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.setOut(err);
    System.setErr(err);
    JavaFloor.complaint(Runtime.version())
        .ifPresent(complaint -> {
          err.println("qwen-mcp: " + complaint);
          System.exit(CommandLine.ExitCode.SOFTWARE);
        });
    if (args.length > 0 && args[0].equals(SERVE)) {
      prepareToServe();
    }
    System.exit(
        commandLine(
                subcommands(args),
                settings(args),
                new PrintWriter(out, true, StandardCharsets.UTF_8),
                new PrintWriter(err, true, StandardCharsets.UTF_8))
            .execute(args));
  }

  /**
   * Loads what needs neither settings nor a log, while the command line is read: JSON first, which
   * the tools are put together with.
   */
  private static void prepareToServe() {
    Thread.ofPlatform()
        .daemon()
        .name("preparation")
        .start(() -> {
          Rehearsal.ofJson();
          StdioStreams.prepare();
        });
  }

  /** The one that the first argument names, or all for help, mistakes and options before it. */
  private static List<Subcommand> subcommands(String[] args) {
    List<Subcommand> named =
        args.length == 0
            ? List.of()
            : SUBCOMMANDS.stream().filter(command -> command.name().equals(args[0])).toList();
    return named.isEmpty() ? SUBCOMMANDS : named;
  }

  private static Settings settings(String[] args) {
    Path home = Path.of(System.getProperty("user.home"));
    Path folder = ConfigFolder.standard(System.getProperty("os.name"), System.getenv(), home);
    return Settings.of(args, System.getenv(), folder.resolve("config.yaml"));
  }

  /** The whole command line, writing to the given streams. */
  static CommandLine commandLine(Settings settings, PrintWriter out, PrintWriter err) {
    return commandLine(SUBCOMMANDS, settings, out, err);
  }

  private static CommandLine commandLine(
      List<Subcommand> subcommands, Settings settings, PrintWriter out, PrintWriter err) {
    ErrorReport errors = new ErrorReport(settings);
    CommandLine program = new CommandLine(new Main());
    subcommands.forEach(command -> program.addSubcommand(command.name(), command.type()));
    return program
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setDefaultValueProvider(settings)
        .setExecutionStrategy(new Logging(settings).before(new CommandLine.RunLast()))
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setOut(out)
        .setErr(err);
  }

  /** One command by itself, to be asked what its options come to. */
  static CommandLine command(Class<?> type, Settings settings) {
    return new CommandLine(type)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setDefaultValueProvider(settings);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  boolean verbose() {
    return verbose;
  }
}
