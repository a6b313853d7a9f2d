package dev.qwenmcp.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code qwen-mcp tools}: what the server offers to clients. */
@Command(
    name = "tools",
    description = "List the tools that the server offers, as clients see them.")
final class ToolsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--markdown",
      description = "Print them as a page with all arguments and results: docs/reference/tools.md.")
  private boolean markdown;

  @Override
  public Integer call() throws IOException, CliException {
    PrintWriter out = spec.commandLine().getOut();
    List<JsonNode> tools = published();
    if (markdown) {
      out.print(ToolReference.markdown(tools));
    } else {
      tools.forEach(tool ->
          out.printf("%-18s %s%n", tool.path("name").asString(), tool.path("title").asString()));
    }
    out.flush();
    return 0;
  }

  /** Asks a server of its own, which leaves nothing behind. */
  static List<JsonNode> published() throws IOException, CliException {
    List<String> command = new ArrayList<>(ServerCommandLine.words());
    command.addAll(List.of("--contexts", ContextFlags.MEMORY, "--cache-disk", "0"));
    command.addAll(List.of("--collections", ContextFlags.MEMORY));
    List<JsonNode> tools = new ArrayList<>();
    try (TemporaryFolder folder = TemporaryFolder.in(null)) {
      command.addAll(List.of("--data-dir", folder.path().toString()));
      try (LineClient client = new LineClient(command)) {
        String cursor = "";
        do {
          ObjectNode page = JsonNodeFactory.instance.objectNode();
          if (!cursor.isEmpty()) {
            page.put("cursor", cursor);
          }
          JsonNode answer = client.request("tools/list", page).result();
          answer.path("tools").forEach(tools::add);
          cursor = answer.path("nextCursor").asString("");
        } while (!cursor.isEmpty());
      }
    }
    return tools;
  }
}
