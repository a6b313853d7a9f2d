package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static dev.qwenmcp.server.endpoint.ServerHarness.modern;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** MCP 2026-07-28 over standard input and output, alone and between the messages of a session. */
class ModernEraTest {
  private final ToyTools toys = new ToyTools();

  private ServerHarness server() {
    return ServerHarness.of(toys.all());
  }

  @Test
  void saysWhatItIsBeforeAnythingElse() {
    try (ServerHarness server = server()) {
      JsonNode found = server.request("server/discover", modern("{}")).get("result");

      assertThat(found.get("resultType").asString()).isEqualTo("complete");
      assertThat(found.get("supportedVersions")).hasToString("[\"2026-07-28\"]");
      assertThat(found.at("/capabilities/tools").isObject()).isTrue();
      assertThat(found.get("instructions").asString()).isNotBlank();
      assertThat(found.get("ttlMs").asInt()).isPositive();
      assertThat(found.at("/_meta/io.modelcontextprotocol~1serverInfo/name").asString())
          .isEqualTo("qwen-mcp");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"_meta\": 5}",
        "{\"_meta\": {}}",
        "{\"_meta\": {\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\"}}",
        "{\"_meta\": {\"io.modelcontextprotocol/clientCapabilities\": {}}}",
        "{\"_meta\": {\"io.modelcontextprotocol/protocolVersion\": 5,"
            + " \"io.modelcontextprotocol/clientCapabilities\": {}}}",
        "{\"_meta\": {\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\","
            + " \"io.modelcontextprotocol/clientCapabilities\": {},"
            + " \"io.modelcontextprotocol/logLevel\": \"loud\"}}"
      })
  void refusesRequestsThatDoNotSayWhoAsksAndHow(String params) {
    try (ServerHarness server = server()) {
      JsonNode answer = server.request("server/discover", json(params));

      assertThat(answer.at("/error/code").asInt()).as("%s", answer).isEqualTo(-32602);
    }
  }

  @Test
  void namesItsRevisionsToClientsOfOthers() {
    ObjectNode params = modern("{}");
    ((ObjectNode) params.get("_meta")).put("io.modelcontextprotocol/protocolVersion", "2031-01-01");
    try (ServerHarness server = server()) {
      JsonNode error = server.request("tools/list", params).get("error");

      assertThat(error.get("code").asInt()).isEqualTo(-32022);
      assertThat(error.at("/data/supported")).hasToString("[\"2026-07-28\"]");
      assertThat(error.at("/data/requested").asString()).isEqualTo("2031-01-01");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
        "tasks/get",
        "no/such"
      })
  void hasNoMethodsOfSessions(String method) {
    try (ServerHarness server = server()) {
      JsonNode answer = server.request(method, modern("{}"));

      assertThat(answer.at("/error/code").asInt()).isEqualTo(-32601);
    }
  }

  @Test
  void callsAndListsCarryWhatTheRevisionWants() {
    try (ServerHarness server = server()) {
      JsonNode list = server.request("tools/list", modern("{}")).get("result");
      assertThat(list.at("/tools/0/name").asString()).isEqualTo("echo");
      assertThat(list.at("/tools/0/inputSchema/type").asString()).isEqualTo("object");
      assertThat(list.get("cacheScope").asString()).isEqualTo("public");
      assertThat(server.request("tools/list", modern("{}")).get("result")).isEqualTo(list);

      JsonNode called =
          server
              .request("tools/call", modern(call("echo", json("{\"text\": \"hi\"}"))))
              .get("result");
      assertThat(called.get("resultType").asString()).isEqualTo("complete");
      assertThat(called.at("/content/0/text").asString()).isEqualTo("hi");
      assertThat(called.at("/structuredContent/echo").asString()).isEqualTo("hi");
      assertThat(called.has("ttlMs")).isFalse();

      JsonNode failed =
          server
              .request("tools/call", modern(call("fail", json("{\"how\": \"tool\"}"))))
              .get("result");
      assertThat(failed.get("isError").asBoolean()).isTrue();
      assertThat(failed.at("/_meta/dev.qwenmcp~1error_code").asString()).isEqualTo("out_of_luck");

      JsonNode unknown = server.request("tools/call", modern(call("nope", json("{}"))));
      assertThat(unknown.at("/error/code").asInt()).isEqualTo(-32602);
      JsonNode read = server.request("resources/read", modern("{\"uri\": \"context://x\"}"));
      assertThat(read.at("/error/code").asInt()).isEqualTo(-32602);
      assertThat(read.at("/error/data/uri").asString()).isEqualTo("context://x");
    }
  }

  @Test
  void bothErasShareOneConnectionMessageByMessage() {
    try (ServerHarness server = server()) {
      assertThat(server.request("server/discover", modern("{}")).has("result")).isTrue();
      assertThat(server.request("tools/list", json("{}")).at("/error/code").asInt())
          .as("a session that has not begun")
          .isEqualTo(-32600);
      assertThat(server.initialize("2025-06-18").at("/result/protocolVersion").asString())
          .isEqualTo("2025-06-18");
      for (int i = 0; i < 50; i++) {
        ObjectNode echo = call("echo", json("{\"text\": \"%d\"}".formatted(i)));
        JsonNode answer = server.request("tools/call", i % 2 == 0 ? modern(echo) : echo);
        assertThat(answer.at("/result/content/0/text").asString()).isEqualTo("" + i);
        assertThat(answer.get("result").has("resultType")).isEqualTo(i % 2 == 0);
      }
      assertThat(server.request("ping", json("{}")).has("result")).isTrue();
    }
  }

  @Test
  void callsOfBothErasAreCancelledByTheirIds() throws Exception {
    try (ServerHarness server = server().initialized()) {
      int modern = server.start("tools/call", modern(call("wait", json("{}"))));
      int session = server.start("tools/call", call("wait", json("{}")));
      while (toys.waiting.get() < 2) {
        Thread.onSpinWait();
      }
      for (int id : List.of(modern, session)) {
        server.send(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":%d}}"
                .formatted(id));
      }
      while (toys.cancelled.get() < 2) {
        Thread.onSpinWait();
      }
      assertThat(server.silentFor(100)).isTrue();
    }
  }

  @Test
  void progressGoesToThoseWhoWantIt() {
    ObjectNode params = modern(call("count", json("{\"to\": 500}")));
    ((ObjectNode) params.get("_meta")).put("progressToken", "p7");
    try (ServerHarness server = server()) {
      server.request("tools/call", params);

      assertThat(server.notifications()).isNotEmpty();
      assertThat(server.notifications())
          .allSatisfy(notice -> {
            assertThat(notice.get("method").asString()).isEqualTo("notifications/progress");
            assertThat(notice.at("/params/progressToken").asString()).isEqualTo("p7");
          });
    }
  }

  @Test
  void aSubscriptionEndsGracefullyWithTheInput() {
    try (ServerHarness server = server()) {
      int id =
          server.start(
              "subscriptions/listen", modern("{\"notifications\": {\"toolsListChanged\": true}}"));
      JsonNode first = server.next();
      assertThat(first.get("method").asString())
          .isEqualTo("notifications/subscriptions/acknowledged");
      assertThat(first.at("/params/_meta/io.modelcontextprotocol~1subscriptionId").asInt())
          .isEqualTo(id);
      assertThat(first.at("/params/notifications")).hasToString("{}");

      server.closeInput();
      List<JsonNode> rest = server.rest();

      assertThat(rest).hasSize(1);
      assertThat(rest.getFirst().get("id").asInt()).isEqualTo(id);
      assertThat(rest.getFirst().at("/result/resultType").asString()).isEqualTo("complete");
      assertThat(server.served()).isTrue();
    }
  }
}
