package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.HttpHarness.await;
import static dev.qwenmcp.server.endpoint.HttpHarness.callOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** MCP 2024-11-05 over HTTP with server-sent events. */
class OlderSseTest {
  private final ToyTools tools = new ToyTools();

  @Test
  void answersOnTheStream() throws IOException {
    try (HttpHarness server = new HttpHarness(tools.all());
        OldClient client = new OldClient(server)) {
      assertThat(client.post(OldClient.INITIALIZE)).isEqualTo(202);
      assertThat(client.next().at("/result/protocolVersion").asString()).isEqualTo("2024-11-05");

      client.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
      client.post(callOf(1, "echo", "{\"text\":\"old\"}"));
      client.post(callOf(2, "echo", "{\"text\":\"older\"}"));
      JsonNode first = client.next();
      JsonNode second = client.next();
      assertThat(first.path("id").asInt() + second.path("id").asInt()).isEqualTo(3);
      assertThat(first.toString() + second).contains("\"old\"", "\"older\"");
    }
  }

  @Test
  void aClientThatVanishesTakesItsCallsAlong() throws IOException {
    try (HttpHarness server = new HttpHarness(tools.all())) {
      OldClient client = new OldClient(server);
      client.post(OldClient.INITIALIZE);
      client.next();
      client.post(callOf(1, "wait", "{}"));
      await("the call runs", () -> tools.waiting.get() == 1);

      client.close();

      await("the call has stopped", () -> tools.cancelled.get() == 1);
      await("the session has ended", () -> server.endpoint.openSessions() == 0);
    }
  }

  @Test
  void refusesMessagesOfNoSession() throws IOException {
    try (HttpHarness server = new HttpHarness(tools.all())) {
      HttpResponse<String> response =
          server.send(
              HttpRequest.newBuilder(server.uri().resolve("/messages?sessionId=guessed"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(OldClient.INITIALIZE))
                  .build());

      assertThat(response.statusCode()).isEqualTo(404);
    }
  }
}
