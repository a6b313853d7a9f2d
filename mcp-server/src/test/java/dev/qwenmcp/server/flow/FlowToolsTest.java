package dev.qwenmcp.server.flow;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.qwenmcp.server.endpoint.ServerHarness;
import dev.qwenmcp.server.flow.declaration.FlowSource;
import dev.qwenmcp.server.flow.sample.ShopFaq;
import dev.qwenmcp.server.flow.sql.SqliteRunStore;
import dev.qwenmcp.server.tool.TestTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Flows as a client sees them. */
class FlowToolsTest {
  private static final List<String> SHIPPED =
      List.of("customer-service", "document-digest", "ticket-triage");

  @TempDir private Path folder;
  private ServerHarness server;

  @BeforeEach
  void start() {
    FlowTools flows =
        new FlowTools(
            TestTools.all(), SqliteRunStore.inMemory(InstantSource.system()), Optional.of(folder));
    server = ServerHarness.of(flows.all(), flows.prompts()).initialized();
  }

  @AfterEach
  void end() {
    server.close();
  }

  private JsonNode result(String tool, ObjectNode arguments) {
    JsonNode result = server.request("tools/call", call(tool, arguments)).get("result");
    assertThat(result.path("isError").asBoolean(false)).as("%s: %s", tool, result).isFalse();
    return result.get("structuredContent");
  }

  private String failure(String tool, ObjectNode arguments) {
    JsonNode result = server.request("tools/call", call(tool, arguments)).get("result");
    assertThat(result.path("isError").asBoolean(false)).as("%s: %s", tool, result).isTrue();
    return result.at("/content/0/text").asString();
  }

  private JsonNode run(String flow, String inputs) {
    ObjectNode arguments = json("{}").put("flow", flow);
    arguments.set("inputs", json(inputs));
    return result("run_flow", arguments);
  }

  @Test
  void asksTheUserForInputsThatAreMissing() {
    FlowTools flows =
        new FlowTools(
            TestTools.all(), SqliteRunStore.inMemory(InstantSource.system()), Optional.of(folder));
    try (ServerHarness asking = ServerHarness.of(flows.all(), flows.prompts())) {
      asking.request(
          "initialize",
          json(
              "{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {\"elicitation\": {}},"
                  + " \"clientInfo\": {\"name\": \"a\", \"version\": \"1\"}}"));
      int id =
          asking.start("tools/call", call("run_flow", json("{\"flow\": \"customer-service\"}")));
      JsonNode asked = asking.next();
      assertThat(asked.path("method").asString()).isEqualTo("elicitation/create");
      assertThat(asked.at("/params/requestedSchema/required")).hasToString("[\"question\"]");

      asking.send(
          """
          {"jsonrpc":"2.0","id":%s,"result":{"action":"accept","content":{
          "question":"How long is the warranty?"}}}\
          """
              .formatted(asked.get("id"))
              .replace("\n", ""));

      assertThat(asking.response(id).at("/result/structuredContent/output/reply").asString())
          .contains("three years");
    }
  }

  @Test
  void theCustomerServiceFlowAnswersFromTheSample() {
    JsonNode result = run("customer-service", "{\"question\": \"How long is the warranty?\"}");
    assertThat(result.get("state").asString()).as(result.toString()).isEqualTo("finished");
    JsonNode output = result.get("output");
    assertThat(output.get("status").asString()).isEqualTo("quoted");
    assertThat(output.get("reply").asString()).contains("three years");
    assertThat(output.get("language").asString()).isEqualTo("en");
    assertThat(output.at("/citations/0/source").asString()).startsWith("en-warranty");
    String context = result.get("context_id").asString();
    List<String> roles = new ArrayList<>();
    result("context_read", json("{}").put("context_id", context))
        .get("entries")
        .forEach(entry -> roles.add(entry.get("role").asString()));
    assertThat(roles).containsExactly("user", "result", "result", "passages", "assistant");

    JsonNode chinese = run("customer-service", "{\"question\": \"保修期多长？\"}");
    assertThat(chinese.at("/output/reply").asString()).contains("保修三年");
    assertThat(chinese.at("/output/language").asString()).isEqualTo("zh");
    JsonNode off = run("customer-service", "{\"question\": \"Who won the world cup in 1998?\"}");
    assertThat(off.at("/output/status").asString()).isEqualTo("not_in_knowledge_base");
  }

  @Test
  void aSampleThatWasPutInInPartIsCompleted() {
    result(
        "ingest",
        json(
            """
            {"collection": "shop-faq", "documents": [
            {"id": "en-track-order", "title": "Where is my order?", "text": "Look for it."}]}\
            """));
    JsonNode result = run("customer-service", "{\"question\": \"How long is the warranty?\"}");
    assertThat(result.at("/output/reply").asString()).contains("three years");
    assertThat(firstOfTheShop()).isEqualTo("en-business");
  }

  @Test
  void documentsOfOnesOwnInItsCollectionAreLeftAlone() {
    result(
        "ingest",
        json(
            """
            {"collection": "shop-faq", "documents": [
            {"id": "warranty", "title": "How long is the warranty?", "text": "A week."}]}\
            """));
    JsonNode result = run("customer-service", "{\"question\": \"How long is the warranty?\"}");
    assertThat(result.at("/output/reply").asString()).contains("A week.");
    assertThat(firstOfTheShop()).isEqualTo("warranty");
  }

  private String firstOfTheShop() {
    return result("list_sources", json("{\"collection\": \"shop-faq\"}"))
        .at("/documents/0/id")
        .asString();
  }

  @Test
  void documentsAreDigestedAndTicketsSorted() {
    JsonNode digest =
        run(
            "document-digest",
            "{\"text\": \"The harbour office opens at nine. Ships register there. The harbour office closes at five.\"}");
    assertThat(digest.get("state").asString()).as(digest.toString()).isEqualTo("finished");
    assertThat(digest.at("/output/language").asString()).isEqualTo("en");
    assertThat(digest.at("/output/keywords")).isNotEmpty();
    assertThat(digest.at("/output/summary").asString()).isNotBlank();

    JsonNode sorted =
        run(
            "ticket-triage",
            "{\"tickets\": [\"My card was charged twice\", \"Where is my parcel?\"]}");
    assertThat(sorted.at("/output/tickets")).as(sorted.toString()).hasSize(2);
    assertThat(sorted.at("/output/tickets/0/category_scores")).hasSize(6);
    assertThat(sorted.at("/output/tickets/1/queue").asString()).contains("/");
  }

  @Test
  void flowsMayBeGivenInTheCallOrLieInTheFolder() throws Exception {
    String yaml =
        """
        flow: tell-language
        title: Language
        inputs: {text: {description: any text}}
        steps: [{id: l, tool: understand, with: {task: language, text: "${inputs.text}"}}]
        output: ${steps.l.language}
        """;
    ObjectNode given = json("{\"inputs\": {\"text\": \"Wo ist der Bahnhof?\"}}");
    given.put("definition", yaml);
    assertThat(result("run_flow", given).get("output").asString()).isEqualTo("de");
    given.set("definition", FlowSource.tree(yaml));
    assertThat(result("run_flow", given).get("output").asString()).isEqualTo("de");

    Files.writeString(folder.resolve("mine.yaml"), yaml);
    Files.writeString(folder.resolve("wrong.yaml"), "flow: wrong\nsteps: [{id: a, tool: nothing}]");
    JsonNode listed = result("list_flows", json("{}"));
    assertThat(listed.get("flows")).hasSize(4);
    assertThat(listed.at("/problems/0").asString())
        .contains("wrong.yaml", "line 2", "no tool \"nothing\"");
    assertThat(
            run("tell-language", "{\"text\": \"Ich hätte gern ein Zimmer mit Blick auf den See.\"}")
                .get("output")
                .asString())
        .isEqualTo("de");
    JsonNode runs = result("list_flow_runs", json("{}")).get("runs");
    assertThat(runs).hasSize(3);
    ObjectNode one = json("{\"step\": \"l\"}").put("run_id", runs.get(0).get("run_id").asString());
    assertThat(result("list_flow_runs", one).at("/result/language").asString()).isEqualTo("de");
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(failure("run_flow", json("{}"))).contains("give one of flow, definition and run_id");
    assertThat(failure("run_flow", json("{\"flow\": \"none\"}")))
        .contains("unknown_flow", "ticket-triage");
    assertThat(failure("run_flow", json("{\"run_id\": \"run_1\"}"))).contains("unknown_run");
    assertThat(failure("run_flow", json("{\"run_id\": \"run_1\", \"flow\": \"x\"}")))
        .contains("conflicting_arguments");
    assertThat(failure("run_flow", json("{\"definition\": \"flow: x\"}")))
        .contains("invalid_flow", "the field steps is missing");
    assertThat(failure("run_flow", json("{\"flow\": \"customer-service\"}")))
        .contains("invalid_inputs", "needs the input question");
    assertThat(failure("list_flow_runs", json("{\"step\": \"a\"}"))).contains("run_id");
  }

  @Test
  void eachFlowIsAPrompt() {
    JsonNode prompts = server.request("prompts/list", json("{}")).at("/result/prompts");
    assertThat(prompts).hasSize(3);
    assertThat(prompts.get(0).get("name").asString()).isEqualTo("customer-service");
    assertThat(prompts.get(0).at("/arguments/0/required").asBoolean()).isTrue();
    assertThat(prompts.get(0).at("/arguments/1/required").asBoolean()).isFalse();

    JsonNode prompt =
        server
            .request(
                "prompts/get",
                json("{\"name\": \"ticket-triage\", \"arguments\": {\"tickets\": \"one\\ntwo\"}}"))
            .get("result");
    assertThat(prompt.at("/messages/0/role").asString()).isEqualTo("user");
    assertThat(prompt.at("/messages/0/content/text").asString())
        .contains("run_flow", "\"ticket-triage\"", "\"one\", \"two\"");
    for (String wrong :
        List.of(
            "{\"name\": \"none\"}",
            "{}",
            "{\"name\": \"customer-service\"}",
            "{\"name\": \"customer-service\", \"arguments\": {\"question\": 3}}",
            "{\"name\": \"customer-service\", \"arguments\": {\"question\": \"x\", \"more\": \"y\"}}",
            "{\"name\": \"ticket-triage\", \"arguments\": {\"tickets\": \"[1\"}}")) {
      assertThat(server.request("prompts/get", json(wrong)).at("/error/code").asInt())
          .as(wrong)
          .isEqualTo(-32602);
    }
  }

  @Test
  void theSchemaAdmitsTheShippedFlowsAndNoStepWithTwoKinds() throws Exception {
    var schema =
        SchemaRegistry.withDialect(Dialects.getDraft202012())
            .getSchema(JsonMapper.shared().readTree(FlowSchema.text()));
    for (String name : SHIPPED) {
      assertThat(schema.validate(FlowSource.tree(FlowLibrary.shippedText(name))))
          .as(name)
          .isEmpty();
    }
    for (String wrong :
        List.of(
            "{\"flow\": \"a\"}",
            "{\"flow\": \"a\", \"steps\": []}",
            "{\"flow\": \"a\", \"steps\": [{\"id\": \"s\", \"tool\": \"t\", \"each\": [], \"steps\": []}]}",
            "{\"flow\": \"a\", \"steps\": [{\"id\": \"s\", \"tool\": \"t\", \"when\": {\"value\": 1}}]}")) {
      assertThat(schema.validate(JsonMapper.shared().readTree(wrong))).as(wrong).isNotEmpty();
    }
  }

  @Test
  void theSampleIsBilingualAndItsWordingsAreUnique() {
    ShopFaq faq = ShopFaq.load();
    assertThat(faq.entries()).hasSizeGreaterThanOrEqualTo(60);
    assertThat(faq.entries().stream().filter(e -> e.language().equals("en")).count())
        .isEqualTo(faq.entries().size() / 2);
    List<String> questions = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (JsonNode batch : faq.batches()) {
      assertThat(batch.size()).isLessThanOrEqualTo(100);
      batch.forEach(document -> {
        questions.add(document.get("title").asString());
        ids.add(document.get("id").asString());
      });
    }
    assertThat(new HashSet<>(questions)).hasSameSizeAs(questions);
    assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
    assertThat(ids.stream().map(ShopFaq::entryOf).distinct()).hasSameSizeAs(faq.entries());
    assertThat(ids.getLast()).isEqualTo(ids.stream().sorted().toList().getFirst());
    List<String> unfinished = new ArrayList<>();
    faq.unfinished().forEach(id -> unfinished.add(id.asString()));
    assertThat(unfinished).isEqualTo(ids.subList(0, ids.size() - 1));
  }
}
