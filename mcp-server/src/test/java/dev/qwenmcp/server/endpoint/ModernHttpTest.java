package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.HttpHarness.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.protocol.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** MCP 2026-07-28 over HTTP, at the same place as sessions. */
class ModernHttpTest {
  private static final int DAMAGED = 10_000;

  private final ToyTools toys = new ToyTools();
  private final HttpHarness server = new HttpHarness(tools());

  private List<Tool<?, ?>> tools() {
    List<Tool<?, ?>> all = new ArrayList<>(toys.all());
    all.addAll(dev.qwenmcp.server.conformance.StatelessTools.all());
    return all;
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String body(String method, String params) {
    return """
    {"jsonrpc":"2.0","id":7,"method":"%s","params":{"_meta":{
    "io.modelcontextprotocol/protocolVersion":"2026-07-28",
    "io.modelcontextprotocol/clientCapabilities":{}}%s}}\
    """
        .formatted(method, params);
  }

  private HttpRequest.Builder request(String method, String params) {
    return server
        .request()
        .setHeader("MCP-Protocol-Version", "2026-07-28")
        .header("Mcp-Method", method)
        .POST(HttpRequest.BodyPublishers.ofString(body(method, params)));
  }

  private HttpRequest.Builder call(String tool, String arguments) {
    return request("tools/call", ",\"name\":\"%s\",\"arguments\":%s".formatted(tool, arguments))
        .header("Mcp-Name", tool);
  }

  @Test
  void answersWithoutASessionInJson() {
    HttpResponse<String> found = server.send(request("server/discover", "").build());
    assertThat(found.statusCode()).isEqualTo(200);
    assertThat(found.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(found.headers().firstValue("Mcp-Session-Id")).isEmpty();
    assertThat(message(found).at("/result/supportedVersions/0").asString()).isEqualTo("2026-07-28");

    HttpResponse<String> called = server.send(call("echo", "{\"text\":\"hi\"}").build());
    assertThat(message(called).at("/result/content/0/text").asString()).isEqualTo("hi");
  }

  @Test
  void bothErasShareTheEndpoint() {
    server.initialize("2025-11-25");
    assertThat(
            server.call("echo", "{\"text\":\"session\"}").at("/result/content/0/text").asString())
        .isEqualTo("session");
    HttpResponse<String> called = server.send(call("echo", "{\"text\":\"alone\"}").build());
    assertThat(message(called).at("/result/content/0/text").asString()).isEqualTo("alone");
    assertThat(server.call("echo", "{\"text\":\"again\"}").at("/result/content/0/text").asString())
        .isEqualTo("again");
  }

  @Test
  void headersAgreeWithTheBodyOrAreRefused() {
    for (HttpRequest refused :
        List.of(
            request("tools/list", "").setHeader("Mcp-Method", "prompts/list").build(),
            request("tools/list", "").setHeader("MCP-Protocol-Version", "2026-12-31").build(),
            request("tools/list", "").header("Mcp-Method", "prompts/list").build(),
            call("echo", "{\"text\":\"hi\"}").setHeader("Mcp-Name", "fail").build(),
            call("echo", "{\"text\":\"hi\"}").header("Mcp-Name", "fail").build(),
            request("tools/call", ",\"name\":\"echo\",\"arguments\":{\"text\":\"hi\"}").build(),
            call("test_x_mcp_header", "{\"region\":\"eu\"}").build(),
            call("test_x_mcp_header", "{\"region\":\"eu\"}")
                .header("Mcp-Param-Region", "us")
                .build())) {
      HttpResponse<String> response = server.send(refused);
      assertThat(response.statusCode()).as("%s", refused.headers()).isEqualTo(400);
      assertThat(message(response).at("/error/code").asInt()).isEqualTo(-32020);
      assertThat(message(response).get("id").asInt()).isEqualTo(7);
    }
    HttpResponse<String> routed =
        server.send(
            call("test_x_mcp_header", "{\"region\":\"eu\"}")
                .header("Mcp-Param-Region", "eu")
                .build());
    assertThat(message(routed).at("/result/content/0/text").asString()).isEqualTo("region eu");
  }

  @ParameterizedTest
  @CsvSource({
    "no/such, '', 404, -32601",
    "initialize, '', 404, -32601",
    "resources/subscribe, ',\"uri\":\"x\"', 404, -32601",
    "tasks/list, '', 404, -32601",
    "completion/complete, '', 400, -32602"
  })
  void errorsHaveTheirStatus(String method, String params, int status, int code) {
    HttpResponse<String> response = server.send(request(method, params).build());

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(message(response).at("/error/code").asInt()).isEqualTo(code);
  }

  @Test
  void aCapabilityThatTheClientLacksIsABadRequest() {
    HttpResponse<String> response = server.send(call("test_missing_capability", "{}").build());

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(message(response).at("/error/code").asInt()).isEqualTo(-32021);
  }

  @Test
  void progressComesOnTheStreamOfTheRequest() {
    String params =
        """
        {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"_meta":{
        "io.modelcontextprotocol/protocolVersion":"2026-07-28",
        "io.modelcontextprotocol/clientCapabilities":{},"progressToken":"p"},
        "name":"count","arguments":{"to":100}}}\
        """;
    HttpResponse<String> response =
        server.send(call("count", "{}").POST(HttpRequest.BodyPublishers.ofString(params)).build());

    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
    assertThat(response.headers().firstValue("X-Accel-Buffering")).hasValue("no");
    List<JsonNode> messages = HttpHarness.messages(response.body());
    assertThat(messages.getFirst().get("method").asString()).isEqualTo("notifications/progress");
    assertThat(messages.getLast().at("/result/resultType").asString()).isEqualTo("complete");
  }

  @Test
  void closingTheStreamCancels() throws IOException {
    HttpResponse<InputStream> response = server.open(call("wait", "{}").build());
    HttpHarness.await("the tool runs", () -> toys.waiting.get() == 1);
    response.body().close();

    HttpHarness.await("the tool has stopped", () -> toys.cancelled.get() == 1);
  }

  @Test
  void aSubscriptionIsAStreamThatEndsWithTheServer() throws Exception {
    HttpResponse<InputStream> response =
        server.open(
            request("subscriptions/listen", ",\"notifications\":{\"resourcesListChanged\":true}")
                .build());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      JsonNode first = next(lines);
      assertThat(first.get("method").asString())
          .isEqualTo("notifications/subscriptions/acknowledged");
      assertThat(first.at("/params/notifications/resourcesListChanged").asBoolean()).isTrue();
      Thread stopping = Thread.ofPlatform().start(server.endpoint::stop);

      JsonNode last = next(lines);
      assertThat(last.get("id").asInt()).isEqualTo(7);
      assertThat(last.at("/result/resultType").asString()).isEqualTo("complete");
      stopping.join();
    }
  }

  private static JsonNode next(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith("data: ")) {
      line = lines.readLine();
    }
    assertThat(line).as("an event").isNotNull();
    return JsonMapper.shared().readTree(line.substring("data: ".length()));
  }

  /** Each gets an answer with a documented status, and the server is there afterwards. */
  @Test
  void damagedMessagesGetDocumentedAnswers() {
    DamagedLines damage = new DamagedLines();
    List<String> templates =
        List.of(
            body("tools/list", "").replace("\n", "").replace("\"id\":7", "\"id\":%d"),
            body("tools/call", ",\"name\":\"echo\",\"arguments\":{\"text\":\"hi\"}")
                .replace("\n", "")
                .replace("\"id\":7", "\"id\":%d"));
    for (int i = 0; i < DAMAGED; i++) {
      HttpResponse<String> response =
          server.send(
              server
                  .request()
                  .setHeader("MCP-Protocol-Version", "2026-07-28")
                  .header("Mcp-Method", i % 2 == 0 ? "tools/list" : "tools/call")
                  .header("Mcp-Name", "echo")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(damage.next(templates, i)))
                  .build());
      assertThat(response.statusCode()).isIn(200, 202, 400, 404);
      if (response.statusCode() != 202) {
        JsonNode answer = message(response);
        assertThat(answer.has("result")).isNotEqualTo(answer.has("error"));
        assertThat(answer.toString()).doesNotContain("Exception");
      }
    }
    assertThat(server.send(request("tools/list", "").build()).statusCode()).isEqualTo(200);
  }
}
