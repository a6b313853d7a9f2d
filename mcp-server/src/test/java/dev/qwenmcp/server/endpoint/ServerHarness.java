package dev.qwenmcp.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server behind a pair of pipes, driven line by line as a client would.
 *
 * <p>Waits at most 20 s for anything, so that a failing test ends.
 */
public final class ServerHarness implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final String END = "";

  private final Pipe toServer;
  private final Pipe toClient;
  private final OutputStream input;
  private static final int MOMENT_MILLIS = 50;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> served = new CompletableFuture<>();
  private final List<JsonNode> notifications = new ArrayList<>();
  private final List<JsonNode> early = new ArrayList<>();
  private int lastId;

  public ServerHarness(EndpointSettings settings, List<? extends Tool<?, ?>> tools) {
    this(settings, tools, Resources.NONE);
  }

  public ServerHarness(
      EndpointSettings settings, List<? extends Tool<?, ?>> tools, Resources resources) {
    this(settings, tools, resources, Prompts.NONE);
  }

  private ServerHarness(
      EndpointSettings settings,
      List<? extends Tool<?, ?>> tools,
      Resources resources,
      Prompts prompts) {
    this(new McpService(tools, resources, prompts, settings));
  }

  public ServerHarness(McpService service) {
    try {
      toServer = Pipe.open();
      toClient = Pipe.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    input = Channels.newOutputStream(toServer.sink());
    McpEndpoint endpoint = new McpEndpoint(service);
    Thread.ofPlatform()
        .daemon()
        .name("server-under-test")
        .start(() -> {
          try (OutputStream out = Channels.newOutputStream(toClient.sink())) {
            served.complete(endpoint.serve(Channels.newInputStream(toServer.source()), out));
          } catch (IOException | RuntimeException e) {
            served.completeExceptionally(e);
          }
        });
    Thread.ofPlatform().daemon().name("client-reader").start(this::readLines);
  }

  public static ServerHarness of(List<? extends Tool<?, ?>> tools) {
    return new ServerHarness(EndpointSettings.standard("test"), tools);
  }

  public static ServerHarness of(List<? extends Tool<?, ?>> tools, Prompts prompts) {
    return new ServerHarness(EndpointSettings.standard("test"), tools, Resources.NONE, prompts);
  }

  private void readLines() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Channels.newInputStream(toClient.source()), StandardCharsets.UTF_8))) {
      String line = reader.readLine();
      while (line != null) {
        lines.add(line);
        line = reader.readLine();
      }
    } catch (IOException e) {
      // The test has closed its end.
    }
    lines.add(END);
  }

  /** Sends bytes as they are, and a line end. */
  public void sendBytes(byte[] line) {
    try {
      input.write(line);
      input.write('\n');
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void send(String line) {
    sendBytes(line.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a request and returns its id, without waiting. */
  public int start(String method, ObjectNode params) {
    int id = ++lastId;
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("jsonrpc", "2.0").put("id", id).put("method", method).set("params", params);
    send(message.toString());
    return id;
  }

  /** Sends a request and waits for its response; notifications on the way are kept. */
  public JsonNode request(String method, ObjectNode params) {
    return response(start(method, params));
  }

  /** Waits for the response to a request; others that come before it are kept. */
  public JsonNode response(int id) {
    for (int i = 0; i < early.size(); i++) {
      if (early.get(i).path("id").asInt(-1) == id) {
        return early.remove(i);
      }
    }
    JsonNode message = next();
    while (message.path("id").asInt(-1) != id) {
      (message.has("method") ? notifications : early).add(message);
      message = next();
    }
    return message;
  }

  /** The next message. */
  public JsonNode next() {
    String line = nextLine();
    assertThat(line).as("the server ended its output").isNotEqualTo(END);
    return MAPPER.readTree(line);
  }

  private String nextLine() {
    try {
      String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(line).as("the server sent nothing").isNotNull();
      return line;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything up to the end of the server's output. */
  public List<JsonNode> rest() {
    List<JsonNode> messages = new ArrayList<>();
    String line = nextLine();
    while (!line.equals(END)) {
      messages.add(MAPPER.readTree(line));
      line = nextLine();
    }
    return messages;
  }

  /** Whether the server has ended its output and left nothing unread. */
  public boolean atEnd() {
    return nextLine().equals(END);
  }

  /** Whether nothing arrives for a while. */
  public boolean silentFor(long millis) {
    try {
      String line = lines.poll(millis, TimeUnit.MILLISECONDS);
      if (line != null) {
        lines.add(line);
      }
      return line == null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What was notified while waiting for responses. */
  public List<JsonNode> notifications() {
    return notifications;
  }

  /** Opens the session. */
  public JsonNode initialize(String version) {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.put("protocolVersion", version).putObject("capabilities");
    params.putObject("clientInfo").put("name", "harness").put("version", "1");
    JsonNode response = request("initialize", params);
    send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    return response;
  }

  public ServerHarness initialized() {
    initialize("2025-11-25");
    return this;
  }

  public static ObjectNode call(String tool, ObjectNode arguments) {
    ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", tool);
    params.set("arguments", arguments);
    return params;
  }

  /** Parameters that say that they are of MCP 2026-07-28, from a client that can do nothing. */
  public static ObjectNode modern(String params) {
    return modern(json(params));
  }

  /** As {@link #modern(String)}. */
  public static ObjectNode modern(ObjectNode params) {
    ObjectNode meta = params.putObject("_meta");
    meta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
    meta.putObject("io.modelcontextprotocol/clientCapabilities");
    meta.putObject("io.modelcontextprotocol/clientInfo").put("name", "harness").put("version", "1");
    return params;
  }

  public static ObjectNode json(String text) {
    return (ObjectNode) MAPPER.readTree(text);
  }

  public void closeInput() {
    try {
      input.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the end that the server writes to. */
  public void closeOutput() {
    try {
      toClient.source().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the server returns within a moment. */
  public boolean endsSoon() {
    try {
      served.get(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("the server failed", e);
    }
  }

  /** Waits until the server has returned, and says what it returned. */
  public boolean served() {
    try {
      return served.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the server did not end", e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Override
  public void close() {
    closeInput();
    closeOutput();
    served();
  }
}
