package dev.qwenmcp.server.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp demo}: the customer-service flow over MCP, step by step. */
@Command(
    name = "demo",
    description = {
      "Answer a customer's question the way an AI client would: over MCP, with three tools that"
          + " share one context.",
      "Every step is shown with what went in, what came out, and what it cost."
    })
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "QUESTION",
      description = "What the customer asks, in English (default: ${DEFAULT-VALUE}).",
      defaultValue = DemoFlow.QUESTION)
  private List<String> question;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description = "Path or name of the model that answers (default: the embedded one).")
  private String model;

  @Override
  public Integer call() throws IOException, CliException {
    List<String> command = new ArrayList<>(ServerCommandLine.words());
    // A demonstration leaves nothing behind.
    command.addAll(List.of("--contexts", ContextFlags.MEMORY, "--cache-disk", "0"));
    command.addAll(List.of("--collections", ContextFlags.MEMORY));
    if (model != null) {
      command.addAll(List.of("--model", model));
    }
    try (DemoClient client = new DemoClient(command)) {
      new DemoFlow(client, new DemoReport(spec.commandLine().getOut()))
          .run(command, String.join(" ", question));
    }
    return 0;
  }
}
