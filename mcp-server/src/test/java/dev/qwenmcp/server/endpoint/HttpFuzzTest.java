package dev.qwenmcp.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ten thousand damaged messages over HTTP, the same in every run: each gets a documented status and
 * a JSON-RPC answer or none, and the server goes on.
 */
class HttpFuzzTest {
  private static final int MESSAGES = 10_000;
  private static final long SEED = 20_241_105;
  private static final Set<Integer> STATUSES = Set.of(200, 202, 400, 404);
  private static final Set<Integer> CODES =
      Set.of(-32700, -32600, -32601, -32602, -31001, -32002, -32022);
  private static final List<String> TEMPLATES =
      List.of(
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":\"s%d\",\"method\":\"tools/list\",\"params\":{}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\","
              + "\"arguments\":{\"text\":\"héllo\",\"times\":3}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"completion/complete\",\"params\":{\"ref\":{"
              + "\"type\":\"ref/prompt\",\"name\":\"a\"},\"argument\":{\"name\":\"a\","
              + "\"value\":\"\"}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"logging/setLevel\","
              + "\"params\":{\"level\":\"info\"}}",
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
              + "\"params\":{\"requestId\":\"never%d\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}");

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  @Test
  void everyDamagedMessageGetsADocumentedAnswer() {
    try (HttpHarness server = new HttpHarness(new ToyTools().all()).initialized()) {
      for (int i = 0; i < MESSAGES; i++) {
        byte[] body = damaged(i);
        HttpResponse<String> response =
            server.send(
                server.request().POST(HttpRequest.BodyPublishers.ofByteArray(body)).build());
        String said = "message %d: %s".formatted(i, new String(body, StandardCharsets.UTF_8));
        assertThat(response.statusCode()).as(said).isIn(STATUSES);
        if (response.statusCode() == 202) {
          assertThat(response.body()).as(said).isEmpty();
          continue;
        }
        JsonNode answer = JsonMapper.shared().readTree(response.body());
        assertThat(answer.has("result") || answer.has("error")).as(said).isTrue();
        if (answer.has("error")) {
          assertThat(answer.at("/error/code").asInt()).as(said).isIn(CODES);
        }
      }
      assertThat(server.call("echo", "{\"text\":\"alive\"}").toString()).contains("alive");
    }
  }

  @Test
  void theOlderTransportTakesOrRefusesEach() throws IOException {
    try (HttpHarness server = new HttpHarness(new ToyTools().all());
        OldClient client = new OldClient(server)) {
      client.post(OldClient.INITIALIZE);
      assertThat(client.next().has("result")).isTrue();
      Thread.ofVirtual().start(client::drain); // a client that did not read would be waited for
      for (int i = 0; i < MESSAGES; i++) {
        byte[] body = damaged(i);
        assertThat(client.post(body))
            .as("message %d: %s", i, new String(body, StandardCharsets.UTF_8))
            .isIn(202, 400);
      }
      assertThat(server.endpoint.openSessions()).isEqualTo(1);
      assertThat(client.post("{\"jsonrpc\":\"2.0\",\"id\":\"last\",\"method\":\"ping\"}"))
          .isEqualTo(202);
      HttpHarness.await("the last ping is answered", () -> client.drained("\"last\""));
    }
  }

  private byte[] damaged(int number) {
    byte[] body =
        TEMPLATES
            .get(random.nextInt(TEMPLATES.size()))
            .formatted(number)
            .getBytes(StandardCharsets.UTF_8);
    int changes = random.nextInt(4); // none for one in four
    for (int i = 0; i < changes && body.length > 2; i++) {
      int at = random.nextInt(body.length);
      switch (random.nextInt(4)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> body = Arrays.copyOf(body, at + 1);
        default -> {
          byte[] longer = Arrays.copyOf(body, body.length + 1);
          System.arraycopy(body, at, longer, at + 1, body.length - at);
          body = longer;
        }
      }
    }
    return body;
  }
}
