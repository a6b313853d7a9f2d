package dev.qwenmcp.server.cli;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** An MCP client that starts the server as a process of its own, as any other client would. */
final class DemoClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int REMEMBERED_LINES = 20;

  private final McpSyncClient client;
  private final Deque<String> serverMessages = new ArrayDeque<>();

  /**
   * @param command what starts the server, words of a command line
   */
  DemoClient(List<String> command) {
    StdioClientTransport transport =
        new StdioClientTransport(
            ServerParameters.builder(command.getFirst())
                .args(command.subList(1, command.size()))
                .env(System.getenv())
                .build(),
            new JacksonMcpJsonMapper(new JsonMapper()));
    transport.setStdErrorHandler(this::remember);
    client =
        McpClient.sync(transport)
            .clientInfo(McpSchema.Implementation.builder("qwen-mcp-demo", "1").build())
            .requestTimeout(PATIENCE)
            .initializationTimeout(PATIENCE)
            .build();
  }

  /** Shakes hands; gives the server's name and version. */
  String connect() throws CliException {
    try {
      McpSchema.Implementation server = client.initialize().serverInfo();
      return server.name() + " " + server.version();
    } catch (RuntimeException e) {
      throw failure("the server did not answer", e);
    }
  }

  /** Names of the tools. */
  List<String> tools() throws CliException {
    try {
      return client.listTools().tools().stream().map(McpSchema.Tool::name).toList();
    } catch (RuntimeException e) {
      throw failure("the server did not list its tools", e);
    }
  }

  /**
   * Calls a tool.
   *
   * @return its structured content
   */
  Map<?, ?> call(String tool, Map<String, Object> arguments) throws CliException {
    McpSchema.CallToolResult result;
    try {
      result =
          client.callTool(McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
    } catch (RuntimeException e) {
      throw failure("the call of " + tool + " failed", e);
    }
    if (Boolean.TRUE.equals(result.isError())
        || !(result.structuredContent() instanceof Map<?, ?> content)) {
      String text =
          result.content().stream()
              .filter(McpSchema.TextContent.class::isInstance)
              .map(c -> ((McpSchema.TextContent) c).text())
              .collect(Collectors.joining("\n"));
      throw failure(tool + " answered: " + text, null);
    }
    return content;
  }

  private synchronized void remember(String line) {
    serverMessages.addLast(line);
    if (serverMessages.size() > REMEMBERED_LINES) {
      serverMessages.removeFirst();
    }
  }

  private synchronized CliException failure(String what, Throwable cause) {
    String why = cause == null ? "" : " (" + cause.getMessage() + ")";
    String said =
        serverMessages.isEmpty() ? "" : ". It printed:\n  " + String.join("\n  ", serverMessages);
    return new CliException(
        what + why + said + "\nqwen-mcp doctor says whether all is well here", cause);
  }

  @Override
  public void close() {
    client.closeGracefully();
  }
}
