package dev.qwenmcp.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.cli.Main;
import dev.qwenmcp.server.transport.http.security.Grant;
import dev.qwenmcp.server.transport.http.security.StaticTokens;
import dev.qwenmcp.server.transport.http.security.TokenFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code serve --http} as a process of its own, with two users who have tokens. */
final class PageServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern URL =
      Pattern.compile("Serving MCP at (http://127\\.0\\.0\\.1:\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final String ann;
  final String bob;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;
  private final String root;

  /**
   * @param data folder of the server
   */
  PageServer(Path data) throws IOException {
    TokenFile tokens = new TokenFile(data);
    ann = token(tokens, "ann", Set.of(Grant.USE, Grant.OPERATE));
    bob = token(tokens, "bob", Set.of(Grant.USE));
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "serve",
                    "--http",
                    "0",
                    "--data-dir",
                    data.toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    root = root(process.errorReader());
  }

  private static String token(TokenFile file, String name, Set<Grant> grants) throws IOException {
    return StaticTokens.create(file, name, grants, new SecureRandom(), InstantSource.system());
  }

  /** Where it serves; what it says from then on is read and dropped. */
  private static String root(BufferedReader said) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher url = URL.matcher(line);
      if (url.find()) {
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return url.group(1);
      }
    }
    throw new AssertionError("the server ended without saying where it serves");
  }

  /** Without a path: {@code http://127.0.0.1:8080}. */
  String root() {
    return root;
  }

  HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
    return send(request(path, token).GET().build());
  }

  /** What {@code /api/…} answers. */
  JsonNode api(String path, String token) throws IOException, InterruptedException {
    HttpResponse<String> response = get("/api/" + path, token);
    assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  HttpRequest.Builder request(String path, String token) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path)).timeout(PATIENCE);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** The structured result of a tool, called in a session of its own. */
  JsonNode call(String token, String tool, String arguments)
      throws IOException, InterruptedException {
    HttpResponse<String> opened =
        post(
            token,
            null,
            1,
            "initialize",
            """
            {"protocolVersion":"2025-11-25","capabilities":{},
            "clientInfo":{"name":"test","version":"1"}}\
            """);
    String session = opened.headers().firstValue("Mcp-Session-Id").orElseThrow();
    HttpResponse<String> answer =
        post(
            token,
            session,
            2,
            "tools/call",
            """
            {"name":"%s","arguments":%s}\
            """
                .formatted(tool, arguments));
    JsonNode result = message(answer.body()).path("result");
    assertThat(result.path("isError").asBoolean(false)).as(answer.body()).isFalse();
    return result.path("structuredContent");
  }

  /** A call that writes 400 tokens, whatever the model would rather do. */
  JsonNode callAtLength(String token) {
    try {
      return call(
          token,
          "generate",
          """
          {"prompt":"Tell me a story.","max_tokens":400,"constraint":{"regex":"[a-z ]{3000}"}}\
          """);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** An answer that is JSON, or the last message of a stream of events. */
  private static JsonNode message(String body) {
    if (body.strip().startsWith("{")) {
      return JSON.readTree(body);
    }
    String last = body.lines().filter(line -> line.startsWith("data: {")).toList().getLast();
    return JSON.readTree(last.substring("data: ".length()));
  }

  private HttpResponse<String> post(
      String token, String session, int id, String method, String params)
      throws IOException, InterruptedException {
    ObjectNode message = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").put("id", id);
    message.put("method", method).set("params", JSON.readTree(params));
    HttpRequest.Builder request =
        request("/mcp", token)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream");
    if (session != null) {
      request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-11-25");
    }
    return send(request.POST(HttpRequest.BodyPublishers.ofString(message.toString())).build());
  }

  @Override
  public void close() {
    client.shutdownNow();
    process.toHandle().destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new AssertionError(e);
    }
  }
}
