package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static dev.qwenmcp.server.endpoint.ServerHarness.modern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.document.reader.ParserLimits;
import dev.qwenmcp.server.endpoint.ServerHarness;
import dev.qwenmcp.server.knowledge.SourceInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Clients that say in which folders their users work, when a file is to be ingested. */
@Timeout(60)
class ClientRootsTest {
  private static final String ABLE =
      """
      {"protocolVersion":"2025-11-25","capabilities":{"roots":{"listChanged":true}},
      "clientInfo":{"name":"a","version":"1"}}\
      """;

  @TempDir Path temp;
  private Path project;
  private Workbench bench;
  private DocumentFolders folders;
  private ServerHarness server;

  @BeforeEach
  void start() throws Exception {
    Path allowed = temp.toRealPath();
    project = Files.createDirectory(allowed.resolve("project"));
    Files.writeString(project.resolve("a.md"), "Giraffes live here.");
    Files.writeString(allowed.resolve("a.md"), "Penguins live here.");
    bench = new Workbench();
    folders =
        new DocumentFolders(
            bench.knowledge,
            AllowedRoots.of(List.of(allowed)),
            new DocumentReader(ParserLimits.DEFAULT),
            InstantSource.system());
    server = ServerHarness.of(List.of(new Ingest(bench.contexts, bench.knowledge, folders)));
  }

  @AfterEach
  void end() {
    server.close();
    folders.close();
  }

  private static ObjectNode ingest(String path) {
    return call("ingest", json("{}").put("path", path));
  }

  private JsonNode asked() {
    JsonNode message = server.next();
    while (!message.path("method").asString("").equals("roots/list")) {
      message = server.next();
    }
    return message;
  }

  private JsonNode ingestAnswering(String path, String answer) {
    server.request("initialize", json(ABLE));
    int id = server.start("tools/call", ingest(path));
    server.send("{\"jsonrpc\":\"2.0\",\"id\":%s,%s}".formatted(asked().get("id"), answer));
    return server.response(id).get("result");
  }

  private String roots() {
    return "{\"roots\":[{\"uri\":\"%s\",\"name\":\"Project\"}]}".formatted(project.toUri());
  }

  @Test
  void pathsBeginInTheFolderThatTheClientHasOpen() throws Exception {
    JsonNode result = ingestAnswering("a.md", "\"result\":" + roots());

    assertThat(result.at("/structuredContent/added").asInt()).isEqualTo(1);
    assertThat(bench.knowledge.sources("local", "default"))
        .extracting(SourceInfo::id)
        .containsExactly(project.resolve("a.md").toString());
  }

  @Test
  void whatLiesBesideTheClientsFoldersIsRefused() {
    JsonNode result = ingestAnswering(temp.resolve("a.md").toString(), "\"result\":" + roots());

    assertThat(result.at("/content/0/text").asString())
        .startsWith("path_not_allowed: ")
        .contains(project.toString(), "open it in the client");
  }

  @Test
  void aClientThatDoesNotAnswerIsLeftOutOfAccountWithARemark() {
    JsonNode result =
        ingestAnswering("a.md", "\"error\":{\"code\":-32603,\"message\":\"no window\"}");

    assertThat(result.at("/structuredContent/added").asInt()).isEqualTo(1);
    assertThat(result.get("content").toString()).contains("(roots)", "no window");
  }

  @Test
  void aClientWithoutFoldersIsNotAsked() {
    server.initialized();

    JsonNode result = server.request("tools/call", ingest("project/a.md")).get("result");

    assertThat(result.at("/structuredContent/added").asInt()).isEqualTo(1);
  }

  @Test
  void aStatelessCallComesAgainWithThem() {
    JsonNode first = server.request("tools/call", able(ingest("a.md"))).get("result");
    assertThat(first.get("resultType").asString()).isEqualTo("input_required");
    assertThat(first.at("/inputRequests/question_1/method").asString()).isEqualTo("roots/list");

    JsonNode added = answered(able(ingest("a.md")), first).get("result");

    assertThat(added.at("/structuredContent/added").asInt()).isEqualTo(1);
  }

  private static ObjectNode able(ObjectNode params) {
    modern(params);
    ((ObjectNode) params.get("_meta"))
        .set("io.modelcontextprotocol/clientCapabilities", json("{\"roots\": {}}"));
    return params;
  }

  private JsonNode answered(ObjectNode params, JsonNode first) {
    params.set("inputResponses", json("{\"question_1\": %s}".formatted(roots())));
    params.set("requestState", first.get("requestState"));
    return server.request("tools/call", params);
  }
}
