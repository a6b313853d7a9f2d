package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.grammar.schema.MemberOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Answers that are held to a form. */
class AnswerFormTest {
  private static final String SCHEMA =
      """
      {"type": "object", "properties": {"intent": {"enum": ["booking", "complaint"]},
       "people": {"type": "integer", "minimum": 1, "maximum": 20}},
       "required": ["intent", "people"], "additionalProperties": false}\
      """;

  private final Workbench bench = new Workbench();

  private Generate.Result ask(Asking asking, AnswerForm form) throws Exception {
    asking.constraint = form;
    return bench.generate.call(asking.arguments(), bench.call);
  }

  private static AnswerForm schema(String schema) {
    return new AnswerForm(
        (ObjectNode) JsonMapper.shared().readTree(schema), null, null, null, null);
  }

  private static AnswerForm regex(String expression) {
    return new AnswerForm(null, null, expression, null, null);
  }

  private static AnswerForm choices(String... texts) {
    return new AnswerForm(null, null, null, List.of(texts), null);
  }

  private static AnswerForm grammar(String grammar) {
    return new AnswerForm(null, null, null, null, grammar);
  }

  @Test
  void everyFormIsKept() throws Exception {
    for (String model : List.of("nano", "random")) {
      for (int seed = 0; seed < 5; seed++) {
        Asking asking = Asking.of("I want a table for two.").model(model).tokens(100);
        asking.temperature = seed * 0.5;
        asking.seed = (long) seed;
        JsonNode object = JsonMapper.shared().readTree(ask(asking, schema(SCHEMA)).text());
        assertThat(object.get("intent").asString()).isIn("booking", "complaint");
        assertThat(object.get("people").asInt()).isBetween(1, 20);
        assertThat(ask(asking, regex("[a-c]{2,4}-[0-9]{3}")).text()).matches("[a-c]{2,4}-[0-9]{3}");
        assertThat(ask(asking, choices("yes", "no", "not sure")).text())
            .isIn("yes", "no", "not sure");
        assertThat(
                ask(asking, grammar("root ::= \"<\" body \">\"\nbody ::= [ab]{1,3} | root")).text())
            .matches("<{1,50}[ab]{1,3}>{1,50}");
      }
    }
  }

  /** Also where it looks like what a model writes beside its answer. */
  @Test
  void everyCharacterOfTheFormIsKept() throws Exception {
    for (String text :
        List.of(
            "\n\nyes\n",
            "<think>",
            "<think>a</think>b",
            "<tool_call>{\"name\":\"x\"}</tool_call>",
            "aa <tool_call> bb </tool_call> cc")) {
      Generate.Result whole = ask(Asking.of("Hello").tokens(100), choices(text));
      assertThat(whole.text()).isEqualTo(text);
      assertThat(whole.finishReason()).isEqualTo("stop");

      Generate.Result part = ask(Asking.of("Hello").tokens(2), choices(text));
      StringBuilder parts = new StringBuilder(part.text());
      for (int i = 0; i < 50 && part.finishReason().equals("length"); i++) {
        part = bench.generate.call(Asking.rest(part.contextId()).tokens(2).arguments(), bench.call);
        parts.append(part.text());
      }
      assertThat(parts.toString()).isEqualTo(text);
    }
  }

  @Test
  void membersComeInTheOrderOfTheSchemaWhereThatIsAsked() throws Exception {
    AnswerForm form =
        new AnswerForm(schema(SCHEMA).jsonSchema(), MemberOrder.DECLARED, null, null, null);
    for (int seed = 0; seed < 5; seed++) {
      Asking asking = Asking.of("I want a table for two.").model("random").tokens(100);
      asking.temperature = 2.0;
      asking.seed = (long) seed;
      JsonNode object = JsonMapper.shared().readTree(ask(asking, form).text());
      assertThat(object.propertyNames()).containsExactly("intent", "people");
    }
  }

  @Test
  void theUsageCountsForcedTokensAmongTheWritten() throws Exception {
    Asking asking = Asking.of("Hello").tokens(60);
    Generate.Result result = ask(asking, choices("Thank you for calling, goodbye."));
    assertThat(result.text()).isEqualTo("Thank you for calling, goodbye.");
    assertThat(result.finishReason()).isEqualTo("stop");
    assertThat(result.usage().forcedTokens()).isPositive();
    assertThat(result.usage().forcedTokens()).isLessThanOrEqualTo(result.usage().generatedTokens());
    assertThat(ask(asking, null).usage().forcedTokens()).isNull();
  }

  @Test
  void anAnswerThatWasCutOffGoesOnInItsForm() throws Exception {
    AnswerForm form = regex("([a-d]{3,5} ){12}end");
    Generate.Result first = ask(Asking.of("Hello").tokens(9), form);
    assertThat(first.finishReason()).isEqualTo("length");
    assertThat(first.notes()).anyMatch(note -> note.contains("before it was complete"));
    StringBuilder text = new StringBuilder(first.text());
    String reason = first.finishReason();
    for (int i = 0; i < 30 && reason.equals("length"); i++) {
      Generate.Result rest =
          bench.generate.call(Asking.rest(first.contextId()).tokens(9).arguments(), bench.call);
      text.append(rest.text());
      reason = rest.finishReason();
    }
    assertThat(reason).isEqualTo("stop");
    assertThat(text.toString()).matches("([a-d]{3,5} ){12}end");
  }

  @Test
  void anAnswerThatHasTheFormAlreadyStaysTheSame() throws Exception {
    for (String prompt :
        new String[] {
          "Hello", "I want to book a table for two.", "My order has not arrived.", "Thank you!"
        }) {
      Generate.Result free = ask(Asking.of(prompt).tokens(60), null);
      assertThat(free.finishReason()).isEqualTo("stop");
      String text = free.text();
      String words = "root ::= [A-Z] rest*\nrest ::= [^\\n] | \"\\n\"";
      assertThat(ask(Asking.of(prompt).tokens(60), regex("[A-Z][^]*")).text()).isEqualTo(text);
      assertThat(ask(Asking.of(prompt).tokens(60), grammar(words)).text()).isEqualTo(text);
      assertThat(ask(Asking.of(prompt).tokens(60), choices("Zebras are striped.", text)).text())
          .isEqualTo(text);
    }
  }

  @Test
  void theFormHoldsAfterTheThinking() throws Exception {
    AnswerForm form = regex("[ab]{3}");
    int finished = 0;
    for (int seed = 0; seed < 12 && finished < 2; seed++) {
      Asking asking = Asking.of("Hello").model("random").tokens(700);
      asking.thinking = true;
      asking.temperature = 5.0;
      asking.seed = (long) seed;
      Generate.Result result = ask(asking, form);
      if (result.finishReason().equals("stop")) {
        finished++;
        assertThat(result.text()).matches("[ab]{3}");
      }
    }
    assertThat(finished).isPositive();
  }

  @Test
  void thinkingThatDoesNotEndLeavesNoAnswerAndSaysSo() throws Exception {
    Asking asking = Asking.of("Hello").model("random").tokens(12);
    asking.thinking = true;
    asking.temperature = 5.0;
    asking.seed = 3L;
    // A model of random weights may as well answer at once; then there is nothing to see.
    Generate.Result result = ask(asking, regex("[ab]{200,}"));
    for (long seed = 4; result.reasoning() == null; seed++) {
      asking.seed = seed;
      result = ask(asking, regex("[ab]{200,}"));
    }
    assertThat(result.finishReason()).isEqualTo("length");
    assertThat(result.text()).isEmpty();
    assertThat(result.notes()).anyMatch(note -> note.contains("still thinking"));
    assertThat(result.hint()).contains("resume");
  }

  @Test
  void wrongFormsAreRefusedWithTheReason() {
    Asking asking = Asking.of("Hello");
    assertFails(
        "invalid_constraint",
        () -> ask(asking, new AnswerForm(null, null, null, null, null)),
        "exactly one");
    assertFails(
        "invalid_constraint",
        () -> ask(asking, new AnswerForm(null, null, "a", List.of("b"), null)),
        "exactly one");
    assertFails(
        "invalid_constraint",
        () -> ask(asking, new AnswerForm(null, MemberOrder.DECLARED, "a", null, null)),
        "json_schema");
    assertFails("invalid_constraint", () -> ask(asking, regex("(a")), "unmatched '('");
    assertFails("invalid_constraint", () -> ask(asking, choices()), "no text");
    assertFails(
        "invalid_constraint", () -> ask(asking, grammar("root ::= <[5]>")), "token", "line 1");
    assertFails(
        "unsupported_schema",
        () -> ask(asking, schema("{\"uniqueItems\": true, \"items\": {\"type\": \"object\"}}")),
        "uniqueItems");
  }
}
