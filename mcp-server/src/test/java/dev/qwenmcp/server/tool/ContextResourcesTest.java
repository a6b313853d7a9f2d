package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.endpoint.EndpointSettings;
import dev.qwenmcp.server.endpoint.ServerHarness;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Contexts as resources, as a client sees them. */
class ContextResourcesTest {
  private final Workbench bench = new Workbench();
  private ServerHarness server;

  @BeforeEach
  void start() {
    server =
        new ServerHarness(
            EndpointSettings.standard("test"),
            ToolSet.create(
                bench.contexts, bench.knowledge, bench.folders, bench.labels, bench.models),
            new ContextResources(bench.contexts));
  }

  @AfterEach
  void end() {
    server.close();
  }

  private String open(String principal, String title) throws Exception {
    return bench.contexts.open(principal, title).id().value();
  }

  private void append(String context, String text) throws Exception {
    bench.contexts.append(
        "local", new ContextId(context), List.of(EntryDraft.text("document", "test", text)));
  }

  private JsonNode result(String method, String params) {
    JsonNode response = server.request(method, json(params));
    assertThat(response.has("result")).as(response.toString()).isTrue();
    return response.get("result");
  }

  private JsonNode failure(String method, String params) {
    return server.request(method, json(params)).get("error");
  }

  private static String uri(String context) {
    return "{\"uri\": \"context://%s\"}".formatted(context);
  }

  @Test
  void needASessionAndAreAnnounced() {
    assertThat(failure("resources/list", "{}").get("message").asString()).contains("initialize");

    JsonNode capabilities = server.initialize("2025-11-25").get("result").get("capabilities");

    assertThat(capabilities.get("resources").get("subscribe").asBoolean()).isTrue();
    assertThat(result("resources/templates/list", "{}").get("resourceTemplates"))
        .extracting(template -> template.get("uriTemplate").asString())
        .containsExactly(
            "context://{context_id}",
            "context://{context_id}/entries/{index}",
            "result://{result_id}/{part}");
  }

  @Test
  void listsTheCallersContextsInPages() throws Exception {
    server.initialized();
    for (int i = 0; i < 51; i++) {
      open("local", "title " + i);
    }
    open("somebody", "secret");

    JsonNode first = result("resources/list", "{}");
    JsonNode second =
        result(
            "resources/list", "{\"cursor\": \"%s\"}".formatted(first.get("nextCursor").asString()));

    assertThat(first.get("resources")).hasSize(50);
    assertThat(first.get("resources").get(0).get("title").asString()).isEqualTo("title 50");
    assertThat(first.get("resources").get(0).get("uri").asString()).startsWith("context://ctx_");
    assertThat(second.get("resources")).hasSize(1);
    assertThat(second.has("nextCursor")).isFalse();
  }

  @Test
  void readsAContextAndItsEntries() throws Exception {
    server.initialized();
    String context = open("local", "Ticket 7");
    append(context, "Grüße 🙂");
    String found =
        server
            .request(
                "tools/call",
                call(
                    "context_append",
                    json(
                        "{\"context_id\": \"%s\", \"text\": \"t\", \"structured\": {\"a\": [1]}}"
                            .formatted(context))))
            .toString();
    assertThat(found).contains("\"version\":2");

    JsonNode overview =
        JsonMapper.shared()
            .readTree(
                result("resources/read", uri(context))
                    .get("contents")
                    .get(0)
                    .get("text")
                    .asString());
    assertThat(overview.get("context").get("title").asString()).isEqualTo("Ticket 7");
    assertThat(overview.get("entries")).hasSize(2);
    JsonNode entry = result("resources/read", uri(context + "/entries/0")).get("contents").get(0);
    assertThat(entry.get("text").asString()).isEqualTo("Grüße 🙂");
    assertThat(entry.get("mimeType").asString()).isEqualTo("text/plain");
    JsonNode both = result("resources/read", uri(context + "/entries/1")).get("contents");
    assertThat(both.get(1).get("text").asString()).isEqualTo("{\"a\":[1]}");
  }

  @Test
  void tellsNobodyWhetherSomebodyElsesContextExists() throws Exception {
    server.initialized();
    String theirs = open("somebody", "secret");
    String never = "ctx_" + "x".repeat(27);
    for (String method : List.of("resources/read", "resources/subscribe")) {
      JsonNode unknown = failure(method, uri(never));
      assertThat(unknown.get("code").asInt()).isEqualTo(-32002);
      assertThat(failure(method, uri(theirs)).toString().replace(theirs, never))
          .isEqualTo(unknown.toString());
      assertThat(failure(method, uri(theirs + "/entries/0")).get("code").asInt()).isEqualTo(-32002);
    }
    assertThat(failure("resources/read", "{\"uri\": \"file:///etc/passwd\"}").get("code").asInt())
        .isEqualTo(-32002);
    assertThat(failure("resources/read", "{}").get("code").asInt()).isEqualTo(-32602);
  }

  @Test
  void anUpdateIsToldToThoseWhoSubscribed() throws Exception {
    server.initialized();
    String watched = open("local", "");
    String other = open("local", "");
    result("resources/subscribe", uri(watched));
    result("resources/subscribe", uri(watched + "/entries/1"));

    append(other, "a");
    append(watched, "first");
    assertThat(nextUpdate()).isEqualTo("context://" + watched);
    append(watched, "second");
    assertThat(nextUpdate()).isEqualTo("context://" + watched);
    assertThat(nextUpdate()).isEqualTo("context://" + watched + "/entries/1");

    result("resources/unsubscribe", uri(watched));
    append(watched, "third");
    assertThat(server.silentFor(400)).isTrue();
  }

  private String nextUpdate() {
    JsonNode message = server.next();
    assertThat(message.get("method").asString()).isEqualTo("notifications/resources/updated");
    return message.get("params").get("uri").asString();
  }
}
