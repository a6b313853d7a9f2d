package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.transport.TransportLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Each wrong message gets its error, and the server answers the next one. */
class MalformedInputTest {
  private static final int LONGEST = 4096;

  private final ServerHarness server =
      new ServerHarness(
          EndpointSettings.standard("test")
              .withLimits(
                  new TransportLimits(LONGEST, 16, Duration.ofSeconds(5), Duration.ofSeconds(5))),
          new ToyTools().all());

  @AfterEach
  void livesOnAndEnds() {
    assertThat(server.request("ping", json("{}")).has("result")).isTrue();
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense|-32700|null",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"|-32700|null",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}|-32700|null",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}|-32700|null",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"x\":1e999}}|-32700|null",
        "5|-32600|null",
        "\"ping\"|-32600|null",
        "null|-32600|null",
        "[]|-32600|null",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]|-32600|null",
        "{}|-32600|null",
        "{\"id\":4,\"method\":\"ping\"}|-32600|4",
        "{\"jsonrpc\":\"1.0\",\"id\":\"x\",\"method\":\"ping\"}|-32600|\"x\"",
        "{\"jsonrpc\":\"2.0\",\"id\":4}|-32600|4",
        "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":7}|-32600|4",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}|-32600|null",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}|-32600|null",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}|-32600|null",
        "{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999,\"method\":\"ping\"}|-32600|null",
        "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"ping\",\"params\":[1]}|-32602|4",
        "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"server/discover\"}|-32602|4",
        "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"no/such\"}|-32601|4",
        "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/list\"}|-32600|4",
        "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"initialize\",\"params\":"
            + "{\"protocolVersion\":{}}}|-32602|4",
      })
  void answersWithTheDocumentedErrorAndTheIdIfItCouldBeRead(String line, int code, String id) {
    server.send(line);

    JsonNode answer = server.next();
    assertThat(answer.at("/error/code").asInt()).as("%s", answer).isEqualTo(code);
    assertThat(answer.get("id").toString()).isEqualTo(id);
    assertThat(answer.at("/error/message").asString()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"name\":5}|-32602|a name",
        "{}|-32602|a name",
        "{\"name\":\"nope\"}|-32602|echo, wait, fail, count",
        "{\"name\":\"echo\",\"arguments\":[]}|-32602|arguments",
        "{\"name\":\"echo\",\"arguments\":{\"text\":\"a\"},\"_meta\":7}|-32602|_meta",
      })
  void namesWhatIsWrongWithTheParametersOfACall(String params, int code, String message) {
    JsonNode answer = server.initialized().request("tools/call", json(params));

    assertThat(answer.at("/error/code").asInt()).isEqualTo(code);
    assertThat(answer.at("/error/message").asString()).contains(message);
  }

  @Test
  void refusesASecondInitialize() {
    server.initialized();

    assertThat(server.initialize("2025-11-25").at("/error/code").asInt()).isEqualTo(-32600);
  }

  @Test
  void canInitializeAfterAFailedAttempt() {
    server.request("initialize", json("{\"protocolVersion\":[]}"));

    assertThat(server.initialize("2025-11-25").has("result")).isTrue();
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    server.sendBytes(new byte[] {'{', '"', (byte) 0xC3, '(', '"', ':', '1', '}'});

    assertThat(server.next().at("/error/code").asInt()).isEqualTo(-32700);
  }

  @Test
  void refusesMoreLevelsThanItReads() {
    server.send("[".repeat(LONGEST / 2) + "]".repeat(LONGEST / 2));

    assertThat(server.next().at("/error/code").asInt()).isEqualTo(-32700);
  }

  @Test
  void refusesALineThatIsTooLongAndReadsTheNextOne() {
    server.send("x".repeat(LONGEST * 100));

    JsonNode answer = server.next();
    assertThat(answer.at("/error/code").asInt()).isEqualTo(-32600);
    assertThat(answer.at("/error/message").asString()).contains("409600").contains("4096");
  }

  @Test
  void readsALineOfExactlyTheLimit() {
    String request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
    server.send(request + " ".repeat(LONGEST - request.length()));

    assertThat(server.next().has("result")).isTrue();
  }

  @Test
  void passesOverBlankLinesAndAByteOrderMarkAndCarriageReturns() {
    server.send("");
    server.send(" \t\r");
    server.send("\uFEFF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r");

    assertThat(server.next().path("id").asInt()).isEqualTo(1);
  }

  @Test
  void saysNothingToNotificationsAndResponses() {
    server.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}");
    server.send("{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}");
    server.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}");
    server.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{}}");

    assertThat(server.silentFor(200)).isTrue();
  }

  @Test
  void writesWhatIsNoUnicodeAsAQuestionMark() {
    server.initialized();

    JsonNode answer = server.request("tools/call", call("echo", json("{\"text\":\"a\\ud800b\"}")));

    assertThat(answer.at("/result/structuredContent/echo").asString()).isEqualTo("a?b");
    assertThat("a?b".getBytes(StandardCharsets.UTF_8)).hasSize(3);
  }
}
