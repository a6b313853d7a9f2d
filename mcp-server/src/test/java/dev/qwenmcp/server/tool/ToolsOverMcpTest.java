package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.endpoint.ServerHarness;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools as a client sees them: JSON-RPC in, JSON-RPC out. */
class ToolsOverMcpTest {
  private ServerHarness server;

  @BeforeEach
  void start() {
    Workbench bench = new Workbench();
    server =
        ServerHarness.of(
                ToolSet.create(
                    bench.contexts, bench.knowledge, bench.folders, bench.labels, bench.models))
            .initialized();
  }

  @AfterEach
  void end() {
    server.close();
  }

  private JsonNode result(String tool, String arguments) {
    JsonNode result = server.request("tools/call", call(tool, json(arguments))).get("result");
    assertThat(result.path("isError").asBoolean(false)).as("%s: %s", tool, result).isFalse();
    return result.get("structuredContent");
  }

  @Test
  void everyToolIsDescribed() {
    JsonNode tools = server.request("tools/list", json("{}")).get("result").get("tools");
    List<String> names = new ArrayList<>();
    for (JsonNode tool : tools) {
      names.add(tool.get("name").asString());
      assertThat(tool.get("title").asString()).isNotBlank();
      assertThat(tool.get("description").asString()).hasSizeBetween(80, 1200);
      assertThat(tool.get("annotations").has("readOnlyHint")).isTrue();
      assertThat(tool.get("inputSchema").get("properties").has("context_id")).isTrue();
      assertThat(tool.get("outputSchema").get("properties").has("context_id")).isTrue();
      assertDescribed(tool.get("inputSchema"));
      assertDescribed(tool.get("outputSchema"));
    }
    assertThat(names)
        .containsExactly(
            "understand",
            "label_set",
            "retrieve",
            "generate",
            "answer",
            "ingest",
            "list_sources",
            "forget",
            "context_open",
            "context_read",
            "context_append",
            "context_fork",
            "context_list",
            "context_close",
            "list_models",
            "use_model");
  }

  private static void assertDescribed(JsonNode schema) {
    for (JsonNode property : schema.path("properties")) {
      assertThat(property.path("description").asString("")).as(schema.toString()).isNotBlank();
      assertDescribed(property);
      assertDescribed(property.path("items"));
    }
  }

  @Test
  void oneContextRunsThroughTheCustomerServiceFlow() {
    result(
        "ingest",
        """
        {"documents": [
          {"id": "card", "title": "Card delivery", "text": "A new card arrives within ten working days."},
          {"id": "pin", "title": "PIN", "text": "A blocked PIN is unblocked in the app."}]}\
        """);
    JsonNode understood =
        result(
            "understand",
            """
            {"task": "classify", "text": "I still have not received my new card.",
             "labels": ["pin_blocked", "card_arrival", "exchange_rate"]}\
            """);
    assertThat(understood.get("label").asString()).isEqualTo("card_arrival");
    String context = "{\"context_id\": \"%s\"}".formatted(understood.get("context_id").asString());
    JsonNode found = result("retrieve", context);
    assertThat(found.get("passages").get(0).get("source").asString()).isEqualTo("card");
    JsonNode answer = result("generate", context);
    assertThat(answer.get("text").asString()).isNotBlank();
    assertThat(answer.get("sources").get(0).get("source").asString()).isEqualTo("card");
    assertThat(answer.get("usage").get("generated_tokens").asInt()).isPositive();
    JsonNode entries = result("context_read", context).get("entries");
    List<String> roles = new ArrayList<>();
    entries.forEach(entry -> roles.add(entry.get("role").asString()));
    assertThat(roles).containsExactly("user", "result", "passages", "assistant");
    assertThat(result("context_open", context).get("entries").asInt()).isEqualTo(4);
    assertThat(result("list_models", context).get("models").get(0).get("name").asString())
        .isEqualTo("nano");
  }

  @Test
  void argumentsThatAreOutOfBoundsAreNamed() {
    for (String arguments :
        List.of(
            "{\"task\": \"guess\", \"text\": \"x\"}",
            "{\"task\": \"classify\", \"text\": \"x\", \"labels\": [\"a\"]}",
            "{\"task\": \"language\", \"text\": \"x\", \"max_words\": 3}",
            "{\"task\": \"language\", \"text\": \"x\", \"unknown\": 3}")) {
      JsonNode result =
          server.request("tools/call", call("understand", json(arguments))).get("result");
      assertThat(result.get("isError").asBoolean()).as(arguments).isTrue();
      assertThat(result.toString()).contains("invalid_arguments");
    }
  }

  @Test
  void aCancelledGenerateFreesTheEngineWithinASecond() {
    // Greedy, the embedded model never ends its story: about 5 s for 470 tokens.
    ObjectNode arguments =
        json("{\"prompt\": \"Tell me a short story.\", \"max_tokens\": 470, \"temperature\": 0}");
    ObjectNode params = call("generate", arguments);
    params.putObject("_meta").put("progressToken", "p");
    int id = server.start("tools/call", params);
    JsonNode progress = server.next();
    assertThat(progress.get("method").asString()).isEqualTo("notifications/progress");
    server.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":%d}}"
            .formatted(id));
    long begin = System.nanoTime();
    result("generate", "{\"prompt\": \"Hello\", \"max_tokens\": 1}");
    assertThat((System.nanoTime() - begin) * 1e-9).isLessThan(1);
    assertThat(server.notifications())
        .allMatch(n -> n.get("method").asString().contains("progress"));
  }
}
