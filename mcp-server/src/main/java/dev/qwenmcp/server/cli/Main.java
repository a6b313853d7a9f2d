package dev.qwenmcp.server.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      ChatCommand.class,
      GenerateCommand.class,
      InspectCommand.class,
      TokenizeCommand.class,
      LogitsCommand.class,
      SynthCommand.class,
      BenchCommand.class,
      BenchSpinCommand.class,
      BenchLlamaCommand.class,
      IngestCommand.class,
      ContextsCommand.class,
      BenchContextsCommand.class,
      BenchProtocolCommand.class,
      BenchReuseCommand.class,
      BenchCallersCommand.class,
      BenchGrammarCommand.class,
      BenchRetrievalCommand.class,
      FlowCommand.class,
      BenchFlowCommand.class,
      BenchUnderstandCommand.class,
      TokenCommand.class,
      PullCommand.class,
      ModelsCommand.class,
      DoctorCommand.class
    },
    footer = {"", "Exit status: 0 success, 1 failure, 2 wrong command line."})
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log what happens and show where errors come from, on standard error.")
  private boolean verbose;

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
    System.exit(
        commandLine(
                new PrintWriter(out, true, StandardCharsets.UTF_8),
                new PrintWriter(err, true, StandardCharsets.UTF_8))
            .execute(args));
  }

  /** The whole command line, writing to the given streams. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    ErrorReport errors = new ErrorReport();
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(new Logging().before(new CommandLine.RunLast()))
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setOut(out)
        .setErr(err);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  boolean verbose() {
    return verbose;
  }
}
