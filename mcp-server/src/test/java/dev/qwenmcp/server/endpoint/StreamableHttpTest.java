package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.HttpHarness.await;
import static dev.qwenmcp.server.endpoint.HttpHarness.callOf;
import static dev.qwenmcp.server.endpoint.HttpHarness.message;
import static dev.qwenmcp.server.endpoint.HttpHarness.messages;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.transport.Principals;
import dev.qwenmcp.server.transport.http.HttpPart;
import dev.qwenmcp.server.transport.http.StreamableLimits;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What clients of Streamable HTTP may rely on. */
class StreamableHttpTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  private final ToyTools tools = new ToyTools();

  @ParameterizedTest
  @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
  void agreesOnEachRevisionWithASession(String version) {
    try (HttpHarness server = new HttpHarness(tools.all())) {
      JsonNode answer = server.initialize(version);

      assertThat(answer.path("result").path("protocolVersion").asString()).isEqualTo(version);
      assertThat(server.session()).hasSizeGreaterThanOrEqualTo(22); // 128 bits in Base64
    }
  }

  @Test
  void answersACallThatIsQuickAsJson() {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      HttpResponse<String> response = server.post(callOf(7, "echo", "{\"text\":\"héllo\"}"));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(message(response).at("/result/structuredContent/echo").asString())
          .isEqualTo("héllo");
      assertThat(message(response).path("id").asInt()).isEqualTo(7);
    }
  }

  @Test
  void streamsProgressBeforeTheAnswer() {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      HttpResponse<String> response =
          server.post(
              """
              {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count",
              "arguments":{"to":3},"_meta":{"progressToken":"p"}}}\
              """);

      assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
      List<JsonNode> all = messages(response.body());
      assertThat(all.getFirst().path("method").asString()).isEqualTo("notifications/progress");
      assertThat(all.getLast().at("/result/structuredContent/done").asBoolean()).isTrue();
    }
  }

  @Test
  void acceptsNotificationsAndResponsesWithoutABody() {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      for (String message :
          List.of(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
              "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}")) {
        HttpResponse<String> response = server.post(message);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEmpty();
      }
    }
  }

  @Test
  void endsASessionOnDelete() {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      assertThat(server.send(server.request().DELETE().build()).statusCode()).isEqualTo(204);

      HttpResponse<String> after = server.post(PING);
      assertThat(after.statusCode()).isEqualTo(404);
      assertThat(message(after).at("/error/message").asString()).contains("initialize again");
      assertThat(server.endpoint.openSessions()).isZero();
    }
  }

  @Test
  void deletingASessionCancelsItsCalls() {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      CompletableFuture<HttpResponse<String>> call =
          server.client.sendAsync(
              server
                  .request()
                  .POST(HttpRequest.BodyPublishers.ofString(callOf(1, "wait", "{}")))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      await("the call runs", () -> tools.waiting.get() == 1);

      server.send(server.request().DELETE().build());

      await("the call has stopped", () -> tools.cancelled.get() == 1);
      assertThat(messages(call.join().body())).isEmpty();
    }
  }

  @Test
  void needsASessionForAllButInitialize() {
    try (HttpHarness server = new HttpHarness(tools.all())) {
      HttpResponse<String> response = server.post(PING);

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(message(response).at("/error/message").asString()).contains("Mcp-Session-Id");
    }
  }

  @Test
  void keepsNoSessionWhoseInitializeFailed() {
    try (HttpHarness server = new HttpHarness(tools.all())) {
      HttpResponse<String> response =
          server.post(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
                  + "\"params\":{\"capabilities\":7}}");

      assertThat(message(response).has("error")).as(response.body()).isTrue();
      assertThat(response.headers().firstValue("Mcp-Session-Id")).isEmpty();
      assertThat(server.endpoint.openSessions()).isZero();
    }
  }

  @Test
  void doesNotTellOthersSessionsFromUnknownOnes() {
    Filter named =
        (request, response, chain) -> {
          request.setAttribute(
              Principals.ATTRIBUTE, ((HttpServletRequest) request).getHeader("X-Name"));
          chain.doFilter(request, response);
        };
    try (HttpHarness server =
        new HttpHarness(
            tools.all(), StreamableLimits.DEFAULT, List.of(new HttpPart.Filtered("/mcp", named)))) {
      HttpResponse<String> opened =
          server.send(
              server
                  .request()
                  .header("X-Name", "ann")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          """
                          {"jsonrpc":"2.0","id":0,"method":"initialize","params":{
                          "protocolVersion":"2025-11-25","capabilities":{},
                          "clientInfo":{"name":"a","version":"1"}}}\
                          """))
                  .build());
      String session = opened.headers().firstValue("Mcp-Session-Id").orElseThrow();

      HttpResponse<String> own = server.send(ping(server, "ann", session));
      HttpResponse<String> others = server.send(ping(server, "bob", session));
      HttpResponse<String> unknown = server.send(ping(server, "bob", "A".repeat(32)));

      assertThat(own.statusCode()).isEqualTo(200);
      assertThat(others.statusCode()).isEqualTo(404).isEqualTo(unknown.statusCode());
      assertThat(others.body()).isEqualTo(unknown.body());
    }
  }

  private static HttpRequest ping(HttpHarness server, String name, String session) {
    return server
        .request()
        .header("X-Name", name)
        .header("Mcp-Session-Id", session)
        .POST(HttpRequest.BodyPublishers.ofString(PING))
        .build();
  }

  @Test
  void cancelsACallByNotificationAndClosesItsStream() {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      CompletableFuture<HttpResponse<String>> call =
          server.client.sendAsync(
              server
                  .request()
                  .POST(HttpRequest.BodyPublishers.ofString(callOf(5, "wait", "{}")))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      await("the call runs", () -> tools.waiting.get() == 1);

      server.post(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
              + "\"params\":{\"requestId\":5}}");

      assertThat(messages(call.join().body())).isEmpty();
      await("the call has stopped", () -> tools.cancelled.get() == 1);
    }
  }

  @Test
  void cancelsACallWhoseClientHasGone() throws IOException {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      HttpResponse<InputStream> call =
          server.open(
              server
                  .request()
                  .POST(HttpRequest.BodyPublishers.ofString(callOf(1, "wait", "{}")))
                  .build());
      await("the call runs", () -> tools.waiting.get() == 1);

      call.body().close(); // closes the connection, since more was to come

      await("the call has stopped", () -> tools.cancelled.get() == 1);
      assertThat(server.post(PING).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void answersAClientThatTakesJsonOnly() {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      CompletableFuture<HttpResponse<String>> call =
          server.client.sendAsync(
              server
                  .request()
                  .setHeader("Accept", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(callOf(1, "wait", "{}")))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      await("the call runs", () -> tools.waiting.get() == 1);
      CompletableFuture.delayedExecutor(600, java.util.concurrent.TimeUnit.MILLISECONDS)
          .execute(tools.release::countDown);

      HttpResponse<String> response = call.join();
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(response.body()).startsWith("\n");
      assertThat(message(response).at("/result/structuredContent/done").asBoolean()).isTrue();
    }
  }

  @Test
  void goesOnWithAStreamThatBroke() throws IOException {
    StreamableLimits limits = StreamableLimits.DEFAULT.withResume(Duration.ofSeconds(20));
    try (HttpHarness server = new HttpHarness(tools.all(), limits, List.of()).initialized()) {
      HttpResponse<InputStream> call =
          server.open(
              server
                  .request()
                  .POST(HttpRequest.BodyPublishers.ofString(callOf(1, "wait", "{}")))
                  .build());
      String place = firstId(call.body());
      call.body().close();

      CompletableFuture.delayedExecutor(1, java.util.concurrent.TimeUnit.SECONDS)
          .execute(tools.release::countDown);
      HttpResponse<String> rest =
          server.send(server.request().GET().header("Last-Event-ID", place).build());

      assertThat(messages(rest.body()).getLast().at("/result/structuredContent/done").asBoolean())
          .isTrue();
      HttpResponse<String> again =
          server.send(server.request().GET().header("Last-Event-ID", place).build());
      assertThat(messages(again.body())).isEqualTo(messages(rest.body()));
      assertThat(tools.cancelled).hasValue(0);
    }
  }

  private static String firstId(InputStream events) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\n\n") < 0) {
      text.append((char) events.read());
    }
    String event = text.toString();
    assertThat(event).startsWith("id: ");
    return event.substring("id: ".length(), event.indexOf('\n')).strip();
  }

  @Test
  void letsRunningCallsEndWhenItStops() {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      CompletableFuture<HttpResponse<String>> call =
          server.client.sendAsync(
              server
                  .request()
                  .POST(HttpRequest.BodyPublishers.ofString(callOf(1, "wait", "{}")))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      await("the call runs", () -> tools.waiting.get() == 1);
      CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(server.endpoint::stop);
      await("new connections are refused", () -> refused(server.port()));
      tools.release.countDown();

      assertThat(message(call.join()).at("/result/structuredContent/done").asBoolean()).isTrue();
      assertThat(stopped.join()).isTrue();
    }
  }

  private static boolean refused(int port) {
    try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
      return !socket.isConnected();
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void acceptsBatchesInTheRevisionThatHasThem() {
    try (HttpHarness server = new HttpHarness(tools.all())) {
      server.initialize("2025-03-26");
      HttpResponse<String> response =
          server.send(
              server
                  .request()
                  .setHeader("MCP-Protocol-Version", "2025-03-26")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "[" + PING + "," + callOf(2, "echo", "{\"text\":\"a\"}") + "]"))
                  .build());

      assertThat(message(response).isArray()).as(response.body()).isTrue();
      assertThat(message(response).size()).isEqualTo(2);
    }
  }

  @Test
  void saysWhichHeadersItExpects() {
    try (HttpHarness server = new HttpHarness(tools.all()).initialized()) {
      HttpRequest.BodyPublisher ping =
          HttpRequest.BodyPublishers.ofString(PING, StandardCharsets.UTF_8);

      assertThat(
              server
                  .send(server.request().setHeader("Content-Type", "text/plain").POST(ping).build())
                  .statusCode())
          .isEqualTo(415);
      assertThat(
              server
                  .send(
                      server
                          .request()
                          .setHeader("MCP-Protocol-Version", "1999-01-01")
                          .POST(ping)
                          .build())
                  .statusCode())
          .isEqualTo(400);
      assertThat(
              server
                  .send(server.request().setHeader("Accept", "text/html").GET().build())
                  .statusCode())
          .isEqualTo(406);
      assertThat(
              server
                  .send(server.request().PUT(HttpRequest.BodyPublishers.ofString("{}")).build())
                  .statusCode())
          .isEqualTo(405);
    }
  }
}
