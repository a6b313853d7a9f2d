package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Batches, which MCP 2025-03-26 has and no other revision. */
class BatchTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"ping\"}";
  private static final String WAIT =
      "{\"jsonrpc\":\"2.0\",\"id\":\"w\",\"method\":\"tools/call\",\"params\":{\"name\":\"wait\"}}";
  private static final String CANCEL =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
          + "\"params\":{\"requestId\":\"w\"}}";

  private final ToyTools tools = new ToyTools();
  private final ServerHarness server = ServerHarness.of(tools.all());

  @AfterEach
  void end() {
    tools.release.countDown();
    assertThat(server.request("ping", json("{}")).has("result")).isTrue();
    server.close();
  }

  @Test
  void answersABatchWithOneArrayWhenItsLastCallEnds() {
    server.initialize("2025-03-26");
    server.send("[" + PING.formatted("a") + "," + WAIT + ",5," + PING.formatted("b") + "]");
    assertThat(server.silentFor(100)).isTrue();
    tools.release.countDown();

    JsonNode answers = server.next();

    assertThat(answers.isArray()).isTrue();
    assertThat(answers.findValuesAsString("id")).containsExactlyInAnyOrder("a", "w", "b", "");
    assertThat(answers.findValues("code").getFirst().asInt()).isEqualTo(-32600);
  }

  @Test
  void leavesCancelledCallsOutOfTheAnswer() {
    server.initialize("2025-03-26");
    server.send("[" + WAIT + "," + PING.formatted("a") + "]");
    server.send(CANCEL);

    assertThat(server.next().findValuesAsString("id")).containsExactly("a");
  }

  @Test
  void saysNothingToABatchOfNotifications() {
    server.initialize("2025-03-26");
    server.send("[" + CANCEL + "," + CANCEL + "]");

    assertThat(server.silentFor(100)).isTrue();
  }

  @Test
  void refusesAnEmptyBatch() {
    server.initialize("2025-03-26");
    server.send("[]");

    assertThat(server.next().at("/error/code").asInt()).isEqualTo(-32600);
  }

  @Test
  void refusesBatchesInOtherRevisions() {
    server.initialize("2025-06-18");
    server.send("[" + PING.formatted("a") + "]");

    assertThat(server.next().at("/error/code").asInt()).isEqualTo(-32600);
  }
}
