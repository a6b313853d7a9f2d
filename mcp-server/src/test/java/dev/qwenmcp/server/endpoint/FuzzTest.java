package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static dev.qwenmcp.server.endpoint.ServerHarness.modern;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ten thousand damaged messages, the same in every run.
 *
 * <p>An oracle of a few lines says which line is owed which answers; the server may give no other,
 * and answers a ping afterwards.
 */
class FuzzTest {
  private static final int LINES = 10_000;
  private static final Set<Integer> DOCUMENTED =
      Set.of(-32700, -32600, -32601, -32602, -32022, -31001);
  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}},"
          + "\"io.modelcontextprotocol/logLevel\":\"info\",\"progressToken\":1}";
  private static final List<String> STATELESS =
      List.of(
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"server/discover\",\"params\":{"
              + META
              + "}}",
          "{\"jsonrpc\":\"2.0\",\"id\":\"s%d\",\"method\":\"tools/list\",\"params\":{"
              + META
              + "}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{"
              + META
              + ",\"name\":\"echo\",\"arguments\":{\"text\":\"héllo\"},"
              + "\"inputResponses\":{\"a\":{\"action\":\"accept\"}},\"requestState\":\"x.y\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{"
              + META
              + ",\"name\":\"fail\",\"arguments\":{\"how\":\"tool\"}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"resources/read\",\"params\":{"
              + META
              + ",\"uri\":\"context://x\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"prompts/get\",\"params\":{"
              + META
              + ",\"name\":\"p\",\"arguments\":{\"a\":\"b\"}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"subscriptions/listen\",\"params\":{"
              + META
              + ",\"notifications\":{\"resourceSubscriptions\":[\"context://x\"]}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tasks/get\",\"params\":{"
              + META
              + ",\"taskId\":\"job_1\"}}");
  private static final List<String> TEMPLATES =
      List.of(
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":\"s%d\",\"method\":\"tools/list\",\"params\":{}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\","
              + "\"arguments\":{\"text\":\"héllo\",\"times\":3}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"fail\","
              + "\"arguments\":{\"how\":\"tool\"},\"_meta\":{\"progressToken\":\"p\"}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"logging/setLevel\","
              + "\"params\":{\"level\":\"info\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"initialize\",\"params\":{"
              + "\"protocolVersion\":\"2025-03-26\",\"capabilities\":{\"roots\":{}},"
              + "\"clientInfo\":{\"name\":\"a\",\"version\":\"1\"}}}",
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
              + "\"params\":{\"requestId\":\"never%d\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}",
          "[{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}]");

  @Test
  void answersEveryWellFormedRequestOnceAndDamagedOnesWithDocumentedErrors() {
    try (ServerHarness server = ServerHarness.of(new ToyTools().all()).initialized()) {
      answersAreThoseThatAreOwed(server, TEMPLATES, "ping", json("{}"));
    }
  }

  /** The same for requests that need no session, whose metadata is damaged too. */
  @Test
  void answersStatelessRequestsLikewise() {
    try (ServerHarness server = ServerHarness.of(new ToyTools().all())) {
      answersAreThoseThatAreOwed(server, STATELESS, "server/discover", modern("{}"));
    }
  }

  private static void answersAreThoseThatAreOwed(
      ServerHarness server, List<String> templates, String last, ObjectNode params) {
    DamagedLines damage = new DamagedLines();
    Map<String, Integer> owed = new TreeMap<>();
    for (int i = 0; i < LINES; i++) {
      byte[] line = damage.next(templates, 1000 + i);
      String id = damage.owedAnswer(line);
      if (id != null) {
        owed.merge(id, 1, Integer::sum);
      }
      server.sendBytes(line);
    }
    owed.merge("" + server.start(last, params), 1, Integer::sum);
    server.closeInput();
    List<JsonNode> answers = server.rest();

    Map<String, Integer> given = new TreeMap<>();
    for (JsonNode answer : answers) {
      assertThat(answer.path("jsonrpc").asString()).isEqualTo("2.0");
      if (answer.has("method")) {
        assertThat(answer.get("method").asString()).startsWith("notifications/");
        continue;
      }
      assertThat(answer.has("result")).isNotEqualTo(answer.has("error"));
      if (answer.has("error")) {
        assertThat(DOCUMENTED).as("%s", answer).contains(answer.at("/error/code").asInt());
        assertThat(answer.at("/error/message").asString()).doesNotContain("Exception");
      }
      given.merge(answer.get("id").toString(), 1, Integer::sum);
    }
    assertThat(given).isEqualTo(owed);
    assertThat(owed.get("null")).as("damage").isBetween(LINES / 10, LINES * 9 / 10);
  }
}
