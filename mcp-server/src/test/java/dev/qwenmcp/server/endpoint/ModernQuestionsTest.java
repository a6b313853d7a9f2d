package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static dev.qwenmcp.server.endpoint.ServerHarness.modern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.conformance.AskingPrompts;
import dev.qwenmcp.server.conformance.StatelessTools;
import dev.qwenmcp.server.protocol.Prompts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tools that ask their client something in a stateless request. */
class ModernQuestionsTest {
  private static final String ABLE = "{\"elicitation\": {}, \"sampling\": {}, \"roots\": {}}";

  private final ServerHarness server =
      ServerHarness.of(StatelessTools.all(), new AskingPrompts(Prompts.NONE));

  @AfterEach
  void close() {
    server.close();
  }

  private static ObjectNode from(String capabilities, ObjectNode params) {
    modern(params);
    ((ObjectNode) params.get("_meta"))
        .set("io.modelcontextprotocol/clientCapabilities", json(capabilities));
    return params;
  }

  private static ObjectNode attempt(String tool) {
    return from(ABLE, call("test_input_required_result_" + tool, json("{}")));
  }

  private static ObjectNode with(ObjectNode params, String responses, JsonNode state) {
    params.set("inputResponses", json(responses));
    if (state != null) {
      params.set("requestState", state);
    }
    return params;
  }

  private static String accepted(String key, String content) {
    return "{\"%s\": {\"action\": \"accept\", \"content\": %s}}".formatted(key, content);
  }

  private JsonNode answer(ObjectNode params) {
    return server.request("tools/call", params);
  }

  @Test
  void aQuestionEndsTheAttemptAndItsAnswerCompletesTheNext() {
    JsonNode first = answer(attempt("elicitation")).get("result");
    assertThat(first.get("resultType").asString()).isEqualTo("input_required");
    JsonNode asked = first.at("/inputRequests/user_name");
    assertThat(asked.get("method").asString()).isEqualTo("elicitation/create");
    assertThat(asked.at("/params/requestedSchema/properties/name/type").asString())
        .isEqualTo("string");
    assertThat(first.has("content")).isFalse();

    JsonNode second =
        answer(
                with(
                    attempt("elicitation"),
                    accepted("user_name", "{\"name\": \"Ann\"}"),
                    first.get("requestState")))
            .get("result");
    assertThat(second.get("resultType").asString()).isEqualTo("complete");
    assertThat(second.at("/content/0/text").asString()).isEqualTo("Hello, Ann!");
  }

  @Test
  void eachRoundKeepsWhatWasSaidBefore() {
    JsonNode first = answer(attempt("multi_round")).get("result");
    JsonNode second =
        answer(
                with(
                    attempt("multi_round"),
                    accepted("step1", "{\"name\": \"Ann\"}"),
                    first.get("requestState")))
            .get("result");
    assertThat(second.get("inputRequests").properties()).hasSize(1);
    assertThat(second.get("requestState")).isNotEqualTo(first.get("requestState"));

    String last =
        "{\"step1\": {\"action\": \"accept\", \"content\": {\"name\": \"Eve\"}},"
            + " \"step2\": {\"action\": \"accept\", \"content\": {\"color\": \"blue\"}}}";
    JsonNode third = answer(with(attempt("multi_round"), last, second.get("requestState")));
    assertThat(third.at("/result/content/0/text").asString())
        .as("what is sealed wins over what is said again")
        .isEqualTo("Ann likes blue");
  }

  @Test
  void severalQuestionsOfAllKindsAreAskedAtOnce() {
    JsonNode first = answer(attempt("multiple_inputs")).get("result");
    assertThat(first.get("inputRequests").properties()).hasSize(3);

    JsonNode partly =
        answer(
                with(
                    attempt("multiple_inputs"),
                    accepted("user_name", "{\"name\": \"Ann\"}"),
                    first.get("requestState")))
            .get("result");
    assertThat(partly.get("inputRequests").has("user_name")).isFalse();
    String rest =
        "{\"greeting\": {\"role\": \"assistant\", \"model\": \"m\", \"content\":"
            + " {\"type\": \"text\", \"text\": \"Hi\"}},"
            + " \"client_roots\": {\"roots\": [{\"uri\": \"file:///a\"}]}}";
    JsonNode last = answer(with(attempt("multiple_inputs"), rest, partly.get("requestState")));
    assertThat(last.at("/result/content/0/text").asString())
        .startsWith("Hi Ann")
        .contains("file:///a");
  }

  @Test
  void whatIsNoAnswerIsAskedForAgain() {
    for (String responses :
        new String[] {
          "{}",
          "{\"user_name\": 12345}",
          "{\"user_name\": {\"action\": \"perhaps\"}}",
          "{\"user_name\": {\"action\": \"accept\"}}",
          "{\"user_name\": {\"action\": \"accept\", \"content\": {\"name\": 7}}}",
          "{\"wrong_key\": {\"action\": \"accept\", \"content\": {\"name\": \"Ann\"}}}"
        }) {
      JsonNode answer = answer(with(attempt("elicitation"), responses, null));
      assertThat(answer.at("/result/resultType").asString())
          .as(responses)
          .isEqualTo("input_required");
    }
    JsonNode declined =
        answer(with(attempt("elicitation"), "{\"user_name\": {\"action\": \"decline\"}}", null));
    assertThat(declined.at("/result/content/0/text").asString()).isEqualTo("Hello, nobody!");
    ObjectNode malformed = attempt("elicitation");
    malformed.put("inputResponses", 5);
    assertThat(answer(malformed).at("/error/code").asInt()).isEqualTo(-32602);
  }

  @Test
  void aStateOfAnotherCallIsRefused() {
    JsonNode state = answer(attempt("request_state")).at("/result/requestState");
    String confirmed = accepted("confirm", "{\"ok\": true}");

    assertThat(answer(with(attempt("tampered_state"), confirmed, state)).at("/error/code").asInt())
        .isEqualTo(-32602);
    ObjectNode tampered = with(attempt("request_state"), confirmed, null);
    tampered.put("requestState", state.asString() + "-TAMPERED");
    assertThat(answer(tampered).at("/error/code").asInt()).isEqualTo(-32602);
    assertThat(
            answer(with(attempt("request_state"), confirmed, state))
                .at("/result/content/0/text")
                .asString())
        .startsWith("state-ok");
  }

  @Test
  void nothingIsAskedThatTheClientDoesNotAnswer() {
    JsonNode sampling =
        answer(
            from(
                "{\"sampling\": {}}", call("test_input_required_result_capabilities", json("{}"))));
    assertThat(sampling.at("/result/inputRequests").properties()).hasSize(1);
    assertThat(sampling.at("/result/inputRequests/greeting/method").asString())
        .isEqualTo("sampling/createMessage");

    JsonNode missing = answer(from("{}", call("test_missing_capability", json("{}"))));
    assertThat(missing.at("/error/code").asInt()).isEqualTo(-32021);
    assertThat(missing.at("/error/data/requiredCapabilities/sampling").isObject()).isTrue();
  }

  @Test
  void promptsAskLikewise() {
    ObjectNode params = json("{\"name\": \"test_input_required_result_prompt\"}");
    JsonNode first = server.request("prompts/get", from(ABLE, params.deepCopy())).get("result");
    assertThat(first.get("resultType").asString()).isEqualTo("input_required");

    JsonNode second =
        server.request(
            "prompts/get",
            with(
                from(ABLE, params),
                accepted("user_context", "{\"context\": \"cats\"}"),
                first.get("requestState")));
    assertThat(second.at("/result/messages/0/content/text").asString()).isEqualTo("Speak of cats");
  }

  @Test
  void logMessagesGoToThoseWhoNamedALevel() {
    ObjectNode quiet = modern(call("test_logging_tool", json("{}")));
    answer(quiet.deepCopy());
    ObjectNode warnings = quiet.deepCopy();
    ((ObjectNode) warnings.get("_meta")).put("io.modelcontextprotocol/logLevel", "warning");
    answer(warnings);
    assertThat(server.notifications()).isEmpty();

    ((ObjectNode) quiet.get("_meta")).put("io.modelcontextprotocol/logLevel", "info");
    answer(quiet);
    assertThat(server.notifications()).hasSize(1);
    assertThat(server.notifications().getFirst().at("/params/data").asString())
        .isEqualTo("something happened");
  }
}
