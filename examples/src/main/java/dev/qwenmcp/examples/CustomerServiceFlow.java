package dev.qwenmcp.examples;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers a customer's question through the MCP server, with the SDK's Java client: three tools
 * that pass what they found to each other by one {@code context_id}.
 *
 * <pre>{@code
 * java -cp mcp-server/target/app/qwen-mcp.jar \
 *     examples/src/main/java/dev/qwenmcp/examples/CustomerServiceFlow.java "My card is lost"
 * }</pre>
 */
public final class CustomerServiceFlow {
  private static final List<Map<String, String>> DOCUMENTS =
      List.of(
          Map.of(
              "id", "lost-card",
              "title", "Lost or stolen cards",
              "text", "Block a lost card at once in the app under Cards, or call 555-0100."),
          Map.of(
              "id", "card-delivery",
              "title", "Delivery of new cards",
              "text", "A new card comes by post within five working days."),
          Map.of(
              "id", "fees",
              "title", "Fees abroad",
              "text", "Paying in another currency costs 1 percent of the amount."));

  private static final List<String> INTENTS =
      List.of("lost_or_stolen_card", "card_arrival", "exchange_rate", "card_payment_fee_charged");

  private final McpSyncClient client;

  private CustomerServiceFlow(McpSyncClient client) {
    this.client = client;
  }

  public static void main(String[] args) {
    String question = args.length > 0 ? args[0] : "My card is lost";
    run(List.of("./qwen-mcp", "serve"), question, System.out);
  }

  /**
   * Starts a server and answers one question.
   *
   * @param command what starts the server
   * @return the reply
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
      return new CustomerServiceFlow(client).answer(question, out);
    }
  }

  private String answer(String question, PrintStream out) {
    call("ingest", Map.of("collection", "bank", "documents", DOCUMENTS));

    // The first call opens a context and keeps the question in it.
    Map<?, ?> understood =
        call("understand", Map.of("task", "classify", "text", question, "labels", INTENTS));
    Object contextId = understood.get("context_id");
    out.println("intent: " + understood.get("label"));

    // From here on the context_id is enough: question and passages are not sent again.
    Map<?, ?> retrieved = call("retrieve", Map.of("context_id", contextId, "collection", "bank"));
    for (Object passage : (List<?>) retrieved.get("passages")) {
      out.println("passage: " + ((Map<?, ?>) passage).get("text"));
    }

    Map<?, ?> generated = call("generate", Map.of("context_id", contextId, "max_tokens", 80));
    out.println("reply: " + generated.get("text"));
    return (String) generated.get("text");
  }

  private Map<?, ?> call(String tool, Map<String, Object> arguments) {
    CallToolResult result =
        client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
    if (Boolean.TRUE.equals(result.isError())) {
      throw new IllegalStateException(tool + ": " + result.content());
    }
    return (Map<?, ?>) result.structuredContent();
  }
}
