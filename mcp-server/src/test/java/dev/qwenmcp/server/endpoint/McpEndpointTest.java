package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class McpEndpointTest {
  private final ToyTools tools = new ToyTools();
  private final ServerHarness server = ServerHarness.of(tools.all());

  @AfterEach
  void end() {
    tools.release.countDown();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
  void agreesOnEachLegacyRevision(String version) {
    JsonNode result = server.initialize(version).get("result");

    assertThat(result.path("protocolVersion").asString()).isEqualTo(version);
    assertThat(result.at("/serverInfo/name").asString()).isEqualTo("qwen-mcp");
    assertThat(result.at("/serverInfo/title").asString()).isNotBlank();
    assertThat(result.path("instructions").asString()).contains("context_id");
    assertThat(result.at("/capabilities/tools").isObject()).isTrue();
  }

  @Test
  void offersTheNewestRevisionItHasToAClientThatWantsAnother() {
    assertThat(server.initialize("2199-01-01").at("/result/protocolVersion").asString())
        .isEqualTo("2025-11-25");
  }

  @Test
  void listsToolsInOrderWithBothSchemas() {
    JsonNode listed = server.initialized().request("tools/list", json("{}")).at("/result/tools");

    assertThat(listed.findValuesAsString("name")).containsExactly("echo", "wait", "fail", "count");
    JsonNode echo = listed.get(0);
    assertThat(echo.at("/inputSchema/required").toString()).isEqualTo("[\"text\"]");
    assertThat(echo.at("/outputSchema/properties/times/type").asString()).isEqualTo("integer");
    assertThat(echo.at("/annotations/readOnlyHint").asBoolean()).isTrue();
  }

  @Test
  void answersACallWithStructuredContentAndText() {
    JsonNode result =
        server
            .initialized()
            .request("tools/call", call("echo", json("{\"text\":\"hé\",\"times\":2}")))
            .get("result");

    assertThat(result.get("structuredContent").toString())
        .isEqualTo("{\"echo\":\"héhé\",\"times\":2}");
    assertThat(result.at("/content/0/text").asString()).isEqualTo("héhé");
    assertThat(result.path("isError").asBoolean()).isFalse();
  }

  @Test
  void givesAToolsFailureAsAResultWithItsCode() {
    JsonNode result =
        server
            .initialized()
            .request("tools/call", call("fail", json("{\"how\":\"tool\"}")))
            .get("result");

    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.at("/content/0/text").asString())
        .isEqualTo("out_of_luck: no luck today; try tomorrow");
    assertThat(result.at("/_meta/dev.qwenmcp~1error_code").asString()).isEqualTo("out_of_luck");
    assertThat(result.has("structuredContent")).isFalse();
  }

  @Test
  void tellsNothingOfAnUnexpectedFailureButAReference() {
    JsonNode result =
        server
            .initialized()
            .request("tools/call", call("fail", json("{\"how\":\"crash\"}")))
            .get("result");

    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.toString()).doesNotContain("secret").doesNotContain("Exception");
    assertThat(result.at("/content/0/text").asString())
        .matches("internal_error: fail failed; .* [0-9a-f-]{36}");
  }

  @Test
  void namesWhatIsWrongWithArguments() {
    server.initialized();

    assertThat(refusal("{}")).contains("text: expected a value, found nothing");
    assertThat(refusal("{\"text\":5}")).contains("text: expected a string, found 5");
    assertThat(refusal("{\"text\":\"a\",\"times\":11}"))
        .contains("times: expected at most 10, found 11");
    assertThat(refusal("{\"text\":\"a\",\"tmies\":1}"))
        .contains("tmies: expected only text, times, found an unknown name");
    assertThat(refusal("{\"text\":null,\"times\":1.5}"))
        .contains("text: expected a string, found null")
        .contains("times: expected an integer, found 1.5");
  }

  private String refusal(String arguments) {
    JsonNode result = server.request("tools/call", call("echo", json(arguments))).get("result");
    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.at("/_meta/dev.qwenmcp~1error_code").asString())
        .isEqualTo("invalid_arguments");
    return result.at("/content/0/text").asString();
  }

  @Test
  void takesNullForAnAbsentOptionalArgument() {
    JsonNode response =
        server
            .initialized()
            .request("tools/call", call("echo", json("{\"text\":\"a\",\"times\":null}")));

    assertThat(response.at("/result/structuredContent/times").asInt()).isEqualTo(1);
  }

  @Test
  void reportsRisingProgressAtMostTenTimesASecondAndNoneAfterTheAnswer() {
    server.initialized();
    ObjectNode params = call("count", json("{\"to\":100000}"));
    params.putObject("_meta").put("progressToken", 7);
    long begin = System.nanoTime();

    JsonNode response = server.request("tools/call", params);

    long tenths = (System.nanoTime() - begin) / 100_000_000;
    assertThat(response.at("/result/structuredContent/done").asBoolean()).isTrue();
    assertThat(server.notifications()).hasSizeBetween(1, (int) tenths + 2);
    double last = 0;
    for (JsonNode notification : server.notifications()) {
      assertThat(notification.path("method").asString()).isEqualTo("notifications/progress");
      assertThat(notification.at("/params/progressToken").asInt()).isEqualTo(7);
      assertThat(notification.at("/params/progress").asDouble()).isGreaterThan(last);
      assertThat(notification.at("/params/total").asDouble()).isEqualTo(100_000);
      last = notification.at("/params/progress").asDouble();
    }
    assertThat(server.silentFor(300)).isTrue();
  }

  @Test
  void reportsNoProgressToAClientThatDidNotAsk() {
    JsonNode response =
        server.initialized().request("tools/call", call("count", json("{\"to\":1000}")));

    assertThat(response.at("/result/structuredContent/done").asBoolean()).isFalse();
    assertThat(server.notifications()).isEmpty();
  }

  @Test
  void carriesLongTextBothWays() {
    String text = "語🙂".repeat(250_000);
    EndpointSettings whole = EndpointSettings.standard("test").withResultCharacters(4_000_000);
    try (ServerHarness patient = new ServerHarness(whole, tools.all())) {
      JsonNode response =
          patient.initialized().request("tools/call", call("echo", json("{}").put("text", text)));

      assertThat(response.at("/result/structuredContent/echo").asString()).isEqualTo(text);
    }
  }

  @Test
  void givesWhatClientsWouldRefuseInParts() {
    String text = "語🙂".repeat(50_000);
    server.initialized();
    JsonNode result =
        server.request("tools/call", call("echo", json("{}").put("text", text))).get("result");

    assertThat(result.at("/content/0/text").asString()).hasSizeBetween(79_990, 80_000);
    assertThat(result.at("/content/1/type").asString()).isEqualTo("resource_link");
    String link = result.at("/content/1/uri").asString();
    JsonNode second = server.request("resources/read", json("{}").put("uri", link));
    assertThat(
            result.at("/content/0/text").asString()
                + second.at("/result/contents/0/text").asString())
        .isEqualTo(text);
  }

  @Test
  void answersPingInAnyState() {
    assertThat(server.request("ping", json("{}")).get("result").isEmpty()).isTrue();
    server.initialized();
    assertThat(server.request("ping", json("{}")).get("result").isEmpty()).isTrue();
  }

  @Test
  void setsTheLogLevelThatItsCapabilitiesPromise() {
    server.initialized();

    assertThat(server.request("logging/setLevel", json("{\"level\":\"debug\"}")).has("result"))
        .isTrue();
    assertThat(server.request("logging/setLevel", json("{\"level\":{}}")).at("/error/code").asInt())
        .isEqualTo(-32602);
  }
}
