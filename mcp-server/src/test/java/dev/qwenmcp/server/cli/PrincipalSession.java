package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client with a token in a session over HTTP. */
final class PrincipalSession {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpProcess server;
  private final String token;
  private final String id;
  private int requests;

  PrincipalSession(HttpProcess server, String token) {
    this.server = server;
    this.token = token;
    HttpResponse<String> response =
        server.post(
            token,
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",
            "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\
            """);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    this.id = response.headers().firstValue("Mcp-Session-Id").orElseThrow();
  }

  String id() {
    return id;
  }

  /** The answer to a request. */
  JsonNode ask(String method, String params) {
    return ask(id, method, params);
  }

  /** The same in a session of another. */
  HttpResponse<String> send(String session, String method, String params) {
    return server.send(
        inSession(session)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}"
                        .formatted(++requests, method, params))));
  }

  /**
   * The answer to a request of MCP 2026-07-28, which needs no session.
   *
   * @param name the tool, resource or task that the parameters name
   * @param params members of the parameters
   */
  HttpResponse<String> stateless(String method, String name, String params) {
    return server.send(
        server
            .request("/mcp", token)
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", method)
            .header("Mcp-Name", name)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"jsonrpc":"2.0","id":1,"method":"%s","params":{%s,"_meta":{
                    "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                    "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},
                    "io.modelcontextprotocol/clientCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}}}\
                    """
                        .formatted(method, params))));
  }

  private JsonNode ask(String session, String method, String params) {
    HttpResponse<String> response = send(session, method, params);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    String body = response.body();
    if (response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")) {
      List<String> events = body.lines().filter(line -> line.startsWith("data: {")).toList();
      body = events.getLast().substring("data: ".length());
    }
    return JSON.readTree(body);
  }

  private HttpRequest.Builder inSession(String session) {
    return server
        .request("/mcp", token)
        .header("Mcp-Session-Id", session)
        .header("MCP-Protocol-Version", "2025-11-25");
  }

  HttpResponse<String> end(String session) {
    return server.send(inSession(session).DELETE());
  }

  /** The result of a tool, which must not fail. */
  JsonNode call(String tool, String arguments) {
    JsonNode result = result(tool, arguments);
    assertThat(result.path("isError").asBoolean(true)).as("%s: %s", tool, result).isFalse();
    return result.path("structuredContent");
  }

  /** What a tool says, which must fail. */
  String failure(String tool, String arguments) {
    JsonNode result = result(tool, arguments);
    assertThat(result.path("isError").asBoolean(false)).as("%s: %s", tool, result).isTrue();
    return result.path("content").get(0).path("text").asString("");
  }

  /** The whole result of a tool. */
  JsonNode result(String tool, String arguments) {
    JsonNode answer =
        ask("tools/call", "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, arguments));
    assertThat(answer.has("result")).as("%s: %s", tool, answer).isTrue();
    return answer.path("result");
  }

  List<String> tools() {
    return StreamSupport.stream(
            ask("tools/list", "{}").path("result").path("tools").spliterator(), false)
        .map(tool -> tool.path("name").asString(""))
        .toList();
  }

  /** The first notice after those that are there; blocks until it comes. */
  BufferedReader notices() {
    HttpResponse<InputStream> stream = server.open(inSession(id).GET());
    assertThat(stream.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
  }
}
