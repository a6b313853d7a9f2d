package dev.qwenmcp.server.flow.declaration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FlowReaderTest {
  private static final FlowCheck.Surroundings AROUND =
      new FlowCheck.Surroundings(
          Map.of(
              "find", new ToolShape(schema("query", "limit"), schema("passages", "count")),
              "say", new ToolShape(schema("text", "context_id"), schema("text"))),
          Set.of("faq"));

  private static ObjectNode schema(String... names) {
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    ObjectNode properties = schema.putObject("properties");
    for (String name : names) {
      properties.putObject(name);
    }
    schema.putArray("required").add(names[0]);
    return schema;
  }

  private static Flow read(String text) throws FlowFormatException {
    return FlowCheck.read(text, AROUND);
  }

  private static List<String> problems(String text) {
    try {
      read(text);
      return List.of();
    } catch (FlowFormatException e) {
      return e.problems().stream().map(FlowProblem::inWords).toList();
    }
  }

  private static final String GOOD =
      """
      flow: both
      inputs:
        q: {type: string, description: what is asked}
      steps:
        - id: found
          tool: find
          with: {query: "${inputs.q}", limit: 3}
          retry: {attempts: 2, backoff_seconds: 0.5, on: [busy]}
          timeout_seconds: 5
        - id: sides
          when: {all: [{value: "${steps.found.count}", at_least: 1}, {not: {value: "${inputs.q}", empty: true}}]}
          parallel:
            - {id: left, tool: say, with: {text: "left of ${inputs.q}"}, context: fork}
            - - {id: right, tool: say, with: {text: "${steps.found.passages[0].text ?? \\"none\\"}"}}
              - {id: more, tool: say, with: {text: "${steps.right.text}"}}
        - id: each-one
          each: ${steps.found.passages}
          as: passage
          most: 5
          steps:
            - {id: inner, tool: say, with: {text: "${index}: ${passage.text}"}}
          collect: ${steps.inner.text}
      output: {all: "${steps.each-one}", last: "${steps.more.text ?? null}", plain: "$${not a reference}"}
      """;

  @Test
  void readsEveryKindOfStep() throws Exception {
    Flow flow = read(GOOD);

    assertThat(flow.name()).isEqualTo("both");
    assertThat(flow.steps()).extracting(Step::id).containsExactly("found", "sides", "each-one");
    Step.Call found = (Step.Call) flow.steps().getFirst();
    assertThat(found.options().retry().codes()).containsExactly("busy");
    assertThat(found.options().timeout().orElseThrow()).hasSeconds(5);
    Step.Parallel sides = (Step.Parallel) flow.steps().get(1);
    assertThat(sides.branches())
        .hasSize(2)
        .last()
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSize(2);
    Step.Loop loop = (Step.Loop) flow.steps().get(2);
    assertThat(loop.most()).isEqualTo(5);
    assertThat(loop.variable()).isEqualTo("passage");
  }

  @Test
  void theSameFlowMayComeAsJson() throws Exception {
    assertThat(FlowCheck.read(FlowSource.tree(GOOD), AROUND)).isEqualTo(read(GOOD));
    assertThat(read(FlowSource.tree(GOOD).toString())).isEqualTo(read(GOOD));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: found | id: '9' | line 5, steps[0].id: expected a name",
        "tool: find | tool: lookup | line 6, steps[0].tool: there is no tool \"lookup\" for flows; there are find, say",
        "tool: find | tool: run_flow | flows do not call run_flow",
        "limit: 3 | limits: 3 | line 7, steps[0].with.limits: find takes no such argument; expected one of limit, query",
        "attempts: 2 | attempts: 0 | line 8, steps[0].retry.attempts: expected an integer from 1 to 10, found 0",
        "backoff_seconds | backoff | line 8, steps[0].retry.backoff: unknown field; expected one of attempts, backoff_seconds, on",
        "timeout_seconds: 5 | timeout_seconds: never | line 9, steps[0].timeout_seconds: expected a number",
        "at_least: 1 | more: 1 | unknown field",
        "context: fork | context: own | steps[1].parallel[0].context: expected one of shared, fork, new",
        "steps.right.text}\" | steps.left.text}\" | the step left has not run by then",
        "steps.found.passages[0] | steps.found.passage[0] | the result of found has no passage; it has count, passages",
        "${inputs.q}\", limit | ${inputs.question}\", limit | the flow has no input question; it has q",
        "${index}: | ${indices}: | references begin with one of flow, index, inputs, passage, samples, steps",
        "steps.inner.text | steps.outer.text | there is no step outer",
        "most: 5 | most: 9999 | expected an integer from 1 to 200",
        "type: string | type: text | line 3, inputs.q.type: expected string, integer",
        "${steps.each-one} | ${steps.inner} | the step inner has not run by then",
        "${steps.each-one} | ${steps.each-one | a reference is not closed",
        "id: inner | id: found | another step is named found",
        "as: passage | as: steps | steps has a meaning of its own",
      })
  void saysWhatIsWrongByLineAndField(String was, String is, String expected) {
    String wrong = GOOD.replace(was, is);
    assertThat(wrong).isNotEqualTo(GOOD);
    assertThat(problems(wrong)).anySatisfy(p -> assertThat(p).contains(expected));
  }

  @Test
  void refusesWhatIsTooLargeOrTooDeepOrUsesAliases() {
    assertThat(problems("flow: a\nsteps: " + "[".repeat(40) + "]".repeat(40)))
        .singleElement()
        .asString()
        .contains("line 2", "nested deeper than 32");
    assertThat(problems("[".repeat(100_000))).singleElement().asString().contains("nested deeper");
    assertThat(problems("a: &x [1]\nb: *x")).singleElement().asString().contains("line 2", "alias");
    assertThat(problems("x".repeat(300_000)))
        .singleElement()
        .asString()
        .contains("at most 262,144");
    assertThat(problems("flow: a\nflow: b")).singleElement().asString().contains("given twice");
    assertThat(problems("")).singleElement().asString().contains("empty");
    assertThat(problems("flow: [1, 2")).singleElement().asString().contains("not YAML or JSON");
    String step = "  - {id: s%d, tool: say, with: {text: x}}\n";
    StringBuilder many = new StringBuilder("flow: a\nsteps:\n");
    for (int i = 0; i < 65; i++) {
      many.append(step.formatted(i));
    }
    assertThat(problems(many.toString())).singleElement().asString().contains("at most 64 steps");
    String nested =
        "{id: s%d, each: [], steps: [%s]}"
            .formatted(
                1,
                "{id: s2, each: [], steps: [{id: s3, each: [], steps: [{id: s4, each: [], steps: [{id: s5, tool: say, with: {text: x}}]}]}]}");
    assertThat(problems("{flow: a, steps: [" + nested + "]}"))
        .singleElement()
        .asString()
        .contains("at most 4 levels deep");
  }

  @Property(tries = 300)
  void anyTextIsAFlowOrSaysWhyNot(@ForAll @StringLength(max = 200) String text) {
    try {
      FlowReader.read(text);
    } catch (FlowFormatException e) {
      assertThat(e.problems()).isNotEmpty();
    }
  }

  @Property(tries = 300)
  void damagedFlowsAreReadOrRefused(@ForAll int at, @ForAll char with) {
    int place = Math.floorMod(at, GOOD.length());
    String damaged = GOOD.substring(0, place) + with + GOOD.substring(place + 1);
    try {
      read(damaged);
    } catch (FlowFormatException e) {
      assertThat(e.problems()).isNotEmpty();
    }
  }

  @Test
  void referencesSayWhatIsWrongWithThem() {
    for (String wrong : List.of("", "inputs.", "a[x]", "a[1", "a b", "'text'", "??", "a ?? ")) {
      assertThatThrownBy(() -> Reference.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
