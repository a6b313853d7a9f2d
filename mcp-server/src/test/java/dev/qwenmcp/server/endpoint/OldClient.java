package dev.qwenmcp.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the older transport. */
final class OldClient implements AutoCloseable {
  static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05",
      "capabilities":{},"clientInfo":{"name":"old","version":"1"}}}\
      """;

  private final HttpHarness server;
  private final InputStream stream;
  private final BufferedReader events;
  private final URI messages;
  private final Deque<String> drained = new ConcurrentLinkedDeque<>();

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

  /** Reads on to the end, and remembers the lines that said something. */
  void drain() {
    events.lines().filter(line -> line.startsWith("data: ")).forEach(drained::add);
  }

  /** Whether a line that was drained says this; answers may come after those to later requests. */
  boolean drained(String text) {
    return drained.stream().anyMatch(line -> line.contains(text));
  }

  int post(String message) {
    return post(message.getBytes(StandardCharsets.UTF_8));
  }

  int post(byte[] message) {
    return server
        .send(
            HttpRequest.newBuilder(messages)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                .build())
        .statusCode();
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
