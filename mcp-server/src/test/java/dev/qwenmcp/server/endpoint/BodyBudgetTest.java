package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.HttpHarness.await;
import static dev.qwenmcp.server.endpoint.HttpHarness.callOf;
import static dev.qwenmcp.server.endpoint.HttpHarness.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.transport.http.StreamableLimits;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Requests of all clients together take no more memory than they may. */
class BodyBudgetTest {
  private static final int ROOM = 1 << 20;
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  /** More than a half of the room, and less than all of it. */
  private static final String LONG = "x".repeat(700_000);

  private final ToyTools tools = new ToyTools();

  private HttpHarness server() {
    return new HttpHarness(tools.all(), StreamableLimits.DEFAULT.withBodies(ROOM), List.of())
        .initialized();
  }

  private static String echo() {
    return callOf(1, "echo", "{\"text\":\"" + LONG + "\"}");
  }

  @Test
  void whatHasNoRoomIsToldToComeAgainAndSmallRequestsGoOn() {
    try (HttpHarness server = server()) {
      CompletableFuture<HttpResponse<String>> running =
          server.client.sendAsync(
              server
                  .request()
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          callOf(1, "wait", "{}") + " ".repeat(LONG.length())))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      await("the call runs", () -> tools.waiting.get() == 1); // and holds its room until answered

      HttpResponse<String> refused = server.post(echo());
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(message(refused).at("/error/code").asInt()).isEqualTo(-31001);
      assertThat(message(refused).at("/error/message").asString()).contains("send this one again");
      assertThat(server.post(PING).statusCode()).isEqualTo(200);

      tools.release.countDown();
      assertThat(running.join().statusCode()).isEqualTo(200);
      await("there is room again", () -> server.post(echo()).statusCode() == 200);
    }
  }

  @Test
  void whatIsAnnouncedTakesNoRoomAndWhatIsBrokenOffGivesItBack() throws IOException {
    try (HttpHarness server = server()) {
      String head =
          "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
              + "Content-Length: 1000000\r\n\r\n";
      try (RawHttp silent = new RawHttp(server.port())) {
        silent.send(head + "{");
        assertThat(server.post(echo()).statusCode()).isEqualTo(200);
      }
      for (int i = 0; i < 10; i++) {
        try (RawHttp half = new RawHttp(server.port())) {
          half.send(head + LONG);
        }
      }
      await("all is given back", () -> server.post(echo()).statusCode() == 200);
    }
  }
}
