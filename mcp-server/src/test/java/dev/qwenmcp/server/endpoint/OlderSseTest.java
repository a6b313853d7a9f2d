package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.HttpHarness.await;
import static dev.qwenmcp.server.endpoint.HttpHarness.callOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** MCP 2024-11-05 over HTTP with server-sent events. */
class OlderSseTest {
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05",
      "capabilities":{},"clientInfo":{"name":"old","version":"1"}}}\
      """;

  private final ToyTools tools = new ToyTools();

  /** A client of the older transport. */
  private static final class OldClient implements AutoCloseable {
    private final HttpHarness server;
    private final InputStream stream;
    private final BufferedReader events;
    private final URI messages;

    OldClient(HttpHarness server) throws IOException {
      this.server = server;
      HttpResponse<InputStream> response =
          server.open(
              HttpRequest.newBuilder(server.uri().resolve("/sse"))
                  .header("Accept", "text/event-stream")
                  .build());
      assertThat(response.statusCode()).isEqualTo(200);
      stream = response.body();
      events = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      messages = server.uri().resolve(data());
    }

    private String data() throws IOException {
      String line = events.readLine();
      while (line != null && !line.startsWith("data: ")) {
        line = events.readLine();
      }
      assertThat(line).as("the stream ended").isNotNull();
      return line.substring("data: ".length());
    }

    JsonNode next() throws IOException {
      return JsonMapper.shared().readTree(data());
    }

    int post(String message) {
      return server
          .send(
              HttpRequest.newBuilder(messages)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(message))
                  .build())
          .statusCode();
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  @Test
  void answersOnTheStream() throws IOException {
    try (HttpHarness server = new HttpHarness(tools.all());
        OldClient client = new OldClient(server)) {
      assertThat(client.post(INITIALIZE)).isEqualTo(202);
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
      client.post(INITIALIZE);
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
                  .POST(HttpRequest.BodyPublishers.ofString(INITIALIZE))
                  .build());

      assertThat(response.statusCode()).isEqualTo(404);
    }
  }
}
