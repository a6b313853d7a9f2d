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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** An MCP client that starts the server as a process of its own, as any other client would. */
final class DemoClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The server's process exists after this, whatever it is doing. */
  private static final Duration START = Duration.ofSeconds(2);

  private static final int REMEMBERED_LINES = 20;

  private static final long POLL_MILLIS = 50;

  private final McpSyncClient client;
  private final Deque<String> serverMessages = new ArrayDeque<>();

  /** Processes that this one had started before the server. */
  private final Set<Long> otherChildren;

  private boolean serverSeen;
  private boolean serverGone;

  /**
   * @param command what starts the server, words of a command line
   */
  DemoClient(List<String> command) {
    otherChildren =
        ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
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
    McpSchema.Implementation server =
        await("the handshake", () -> client.initialize().serverInfo());
    return server.name() + " " + server.version();
  }

  /** Names of the tools. */
  List<String> tools() throws CliException {
    return await("tools/list", () -> client.listTools()).tools().stream()
        .map(McpSchema.Tool::name)
        .toList();
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

  /** Waits for an answer, but not for that of a server that has ended: the SDK would. */
  private <T> T await(String what, Callable<T> exchange) throws CliException {
    FutureTask<T> task = new FutureTask<>(exchange);
    Thread.startVirtualThread(task);
    long startBy = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        return task.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        boolean lives =
            ProcessHandle.current().children().anyMatch(p -> !otherChildren.contains(p.pid()));
        serverSeen |= lives;
        serverGone = !lives && (serverSeen || System.nanoTime() - startBy > 0);
        if (serverGone) {
          throw failure("the server ended during " + what, null);
        }
      } catch (ExecutionException e) {
        throw failure(what + " failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failure(what + " was interrupted", e);
      }
    }
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
    if (serverGone) {
      client.close();
    } else {
      client.closeGracefully();
    }
  }
}
