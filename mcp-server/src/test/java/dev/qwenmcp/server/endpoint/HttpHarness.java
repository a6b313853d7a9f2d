package dev.qwenmcp.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.transport.http.HttpPart;
import dev.qwenmcp.server.transport.http.HttpSettings;
import dev.qwenmcp.server.transport.http.StreamableLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server over HTTP at a free port, and a client that sends what it is told. */
public final class HttpHarness implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper MAPPER = JsonMapper.shared();

  public final HttpEndpoint endpoint;
  public final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI uri;
  private String session;

  public HttpHarness(List<? extends Tool<?, ?>> tools) {
    this(tools, StreamableLimits.DEFAULT, List.of());
  }

  public HttpHarness(
      List<? extends Tool<?, ?>> tools, StreamableLimits limits, List<HttpPart> parts) {
    this(
        new McpService(tools, Resources.NONE, Prompts.NONE, EndpointSettings.standard("test")),
        limits,
        parts);
  }

  public HttpHarness(McpService service, StreamableLimits limits, List<HttpPart> parts) {
    endpoint = new HttpEndpoint(service, HttpSettings.at(HttpSettings.LOOPBACK, 0), limits, parts);
    try {
      endpoint.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    uri = URI.create(endpoint.url());
  }

  public int port() {
    return uri.getPort();
  }

  public URI uri() {
    return uri;
  }

  public String session() {
    return session;
  }

  /** A request to the endpoint with the headers of a client in its session, if there is one. */
  public HttpRequest.Builder request() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream");
    if (session != null) {
      request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-11-25");
    }
    return request;
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Begins a request and gives its answer's head; the body is read, or closed, by the caller. */
  public HttpResponse<InputStream> open(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public HttpResponse<String> post(String body) {
    return send(request().POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  /** Opens a session, which later requests belong to. */
  public JsonNode initialize(String version) {
    return initialize(version, "{}");
  }

  /** Opens a session of a client with these capabilities. */
  public JsonNode initialize(String version, String capabilities) {
    session = null;
    HttpResponse<String> response =
        post(
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"%s",
            "capabilities":%s,"clientInfo":{"name":"harness","version":"1"}}}\
            """
                .formatted(version, capabilities));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    session = response.headers().firstValue("Mcp-Session-Id").orElseThrow();
    return MAPPER.readTree(response.body());
  }

  public HttpHarness initialized() {
    initialize("2025-11-25");
    return this;
  }

  /** The message in an answer that is JSON, or the last one in a stream. */
  public static JsonNode message(HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (type.startsWith("application/json")) {
      return MAPPER.readTree(response.body());
    }
    List<JsonNode> all = messages(response.body());
    assertThat(all).as(response.body()).isNotEmpty();
    return all.getLast();
  }

  /** The messages of a stream of events. */
  public static List<JsonNode> messages(String events) {
    return events
        .lines()
        .filter(line -> line.startsWith("data: {") || line.startsWith("data: ["))
        .map(line -> MAPPER.readTree(line.substring("data: ".length())))
        .toList();
  }

  public JsonNode call(String tool, String arguments) {
    return message(post(callOf(1, tool, arguments)));
  }

  public static String callOf(int id, String tool, String arguments) {
    return """
    {"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"%s","arguments":%s}}\
    """
        .formatted(id, tool, arguments);
  }

  /** Waits until something is so. */
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting until %s", what).isLessThan(deadline);
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    endpoint.stop();
  }
}
