package dev.qwenmcp.examples;

import dev.qwenmcp.server.client.ToolSteps;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers a shop's customer in two ways: steps in Java that pass the context by themselves, and the
 * shipped flow, which the server runs in one call.
 *
 * <pre>{@code
 * java -cp mcp-server/target/app/qwen-mcp.jar \
 *     examples/src/main/java/dev/qwenmcp/examples/ShopAssistant.java "How long is the warranty?"
 * }</pre>
 */
public final class ShopAssistant {
  private static final List<Map<String, String>> DOCUMENTS =
      List.of(
          Map.of("id", "hours", "title", "Opening hours", "text", "We are open from 9 to 18."),
          Map.of(
              "id", "returns", "title", "Returns", "text", "Goods can be returned for 30 days."));

  private ShopAssistant() {}

  public static void main(String[] args) {
    String question = args.length > 0 ? args[0] : "For how many days can goods be returned?";
    run(List.of("./qwen-mcp", "serve"), question, System.out);
  }

  /**
   * Starts a server and answers one question.
   *
   * @param command what starts the server
   * @return the reply of the steps
   */
  static String run(List<String> command, String question, PrintStream out) {
    ServerParameters server =
        ServerParameters.builder(command.getFirst())
            .args(command.subList(1, command.size()))
            .build();
    StdioClientTransport transport =
        new StdioClientTransport(server, new JacksonMcpJsonMapper(new JsonMapper()));
    try (McpSyncClient client = McpClient.sync(transport).build()) {
      client.initialize();
      ToolSteps.Results results =
          ToolSteps.over(client)
              .step("known", "ingest", before -> Map.of("documents", DOCUMENTS))
              .step(
                  "language", "understand", before -> Map.of("task", "language", "text", question))
              .step("found", "retrieve", before -> Map.of("query", question))
              .stepIf(
                  "reply",
                  "answer",
                  before -> !before.list("found", "passages").isEmpty(),
                  before -> Map.of("question", question, "use_found", true))
              .run();
      out.println("language: " + results.text("language", "language"));
      out.println("reply: " + results.text("reply", "text"));

      String definition =
          """
          flow: same-in-one-call
          inputs: {question: {description: what is asked}}
          steps:
            - {id: found, tool: retrieve, with: {query: "${inputs.question}"}}
            - {id: reply, tool: answer, with: {question: "${inputs.question}", use_found: true}}
          output: ${steps.reply.text}
          """;
      ToolSteps.Results flow =
          ToolSteps.over(client)
              .step(
                  "run",
                  "run_flow",
                  before ->
                      Map.of("definition", definition, "inputs", Map.of("question", question)))
              .run();
      out.println("flow: " + flow.text("run", "output"));
      return results.text("reply", "text");
    }
  }
}
