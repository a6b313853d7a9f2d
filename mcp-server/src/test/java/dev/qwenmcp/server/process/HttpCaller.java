package dev.qwenmcp.server.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A client of Streamable HTTP with a session of its own; for one thread at a time. */
final class HttpCaller {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String EVENT_DATA = "data:";

  private final HttpClient client;
  private final URI url;
  private String session = "";
  private int lastId;

  /**
   * Opens a session.
   *
   * @param client may be shared by callers
   */
  HttpCaller(HttpClient client, URI url) throws IOException, InterruptedException {
    this.client = client;
    this.url = url;
    ObjectNode hello = object().put("protocolVersion", "2025-11-25");
    hello.putObject("capabilities");
    hello.putObject("clientInfo").put("name", "crowd").put("version", "1");
    request("initialize", hello);
    post(object().put("jsonrpc", "2.0").put("method", "notifications/initialized"));
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Calls a tool.
   *
   * @return its structured result
   */
  JsonNode call(String tool, ObjectNode arguments) throws IOException, InterruptedException {
    ObjectNode params = object().put("name", tool);
    params.set("arguments", arguments);
    JsonNode result = request("tools/call", params);
    if (result.path("isError").asBoolean(false)) {
      throw new AssertionError(tool + ": " + result.path("content"));
    }
    return result.get("structuredContent");
  }

  /** Sends a request and waits for its result. */
  JsonNode request(String method, ObjectNode params) throws IOException, InterruptedException {
    int id = ++lastId;
    ObjectNode message = object().put("jsonrpc", "2.0").put("id", id).put("method", method);
    message.set("params", params);
    HttpResponse<String> response = post(message);
    response.headers().firstValue("Mcp-Session-Id").ifPresent(given -> session = given);
    JsonNode answer = answer(response, id);
    if (!answer.has("result")) {
      throw new AssertionError(method + ": " + answer);
    }
    return answer.get("result");
  }

  /** The answer to a request, whether it came alone or in a stream of events. */
  private static JsonNode answer(HttpResponse<String> response, int id) {
    if (response.headers().firstValue("Content-Type").orElse("").startsWith("application/json")) {
      return sameId(JSON.readTree(response.body()), id, response);
    }
    return response
        .body()
        .lines()
        .filter(line -> line.startsWith(EVENT_DATA))
        .map(line -> line.substring(EVENT_DATA.length()).strip())
        .filter(data -> !data.isEmpty())
        .map(JSON::readTree)
        .filter(message -> message.has("id") && !message.has("method"))
        .map(message -> sameId(message, id, response))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no answer: " + describe(response)));
  }

  /** Another id would mean that answers were crossed. */
  private static JsonNode sameId(JsonNode message, int id, HttpResponse<String> response) {
    if (message.path("id").asInt(-1) != id) {
      throw new AssertionError("expected the answer to " + id + ", got " + describe(response));
    }
    return message;
  }

  private static String describe(HttpResponse<String> response) {
    return response.statusCode() + " " + response.body();
  }

  private HttpResponse<String> post(ObjectNode message) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(message.toString()));
    if (!session.isEmpty()) {
      request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-11-25");
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError(describe(response));
    }
    return response;
  }
}
