package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

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
}
