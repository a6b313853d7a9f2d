package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.protocol.CompletionJson;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is proposed to people who fill something in. */
class CompletionTest {
  private static final Prompts FLOWS =
      new Prompts() {
        @Override
        public List<Listed> list() {
          return List.of(new Listed("support", "Support", "Helps.", List.of()));
        }

        @Override
        public Filled get(String name, Map<String, String> arguments) {
          return new Filled("", "");
        }
      };

  private final Workbench bench = new Workbench();
  private final KnownNames names =
      new KnownNames(bench.contexts, bench.knowledge, bench.labels.store(), bench.models, FLOWS);

  private List<String> complete(String principal, String params) throws ToolException {
    JsonNode result = CompletionJson.answer(names, principal, JsonMapper.shared().readTree(params));
    List<String> values = new ArrayList<>();
    result.at("/completion/values").forEach(value -> values.add(value.stringValue()));
    return values;
  }

  private List<String> template(String principal, String uri, String name, String begun)
      throws ToolException {
    return complete(
        principal,
        """
        {"ref":{"type":"ref/resource","uri":"%s"},"argument":{"name":"%s","value":"%s"},
        "context":{"arguments":{"collection":"wiki"}}}
        """
            .formatted(uri, name, begun));
  }

  @Test
  void proposesContextsOfTheirPrincipalOnly() throws ToolException, InterruptedException {
    String id =
        bench.open.call(new OpenContext.Arguments(null, null, null), bench.call).contextId();

    assertThat(template("local", "context://{context_id}", "context_id", id.substring(0, 6)))
        .containsExactly(id);
    assertThat(template("ann", "context://{context_id}", "context_id", "")).isEmpty();
  }

  @Test
  void proposesModelsAndFlows() throws ToolException {
    assertThat(template("local", "x", "model", "NA")).containsExactly("nano");
    assertThat(template("local", "x", "flow", "")).containsExactly("support");
    assertThat(template("local", "x", "anything", "")).isEmpty();
  }

  @Test
  void refusesWhatItCannotKnow() {
    assertThatThrownBy(() ->
            complete(
                "local",
                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"none\"},"
                    + "\"argument\":{\"name\":\"a\",\"value\":\"\"}}"))
        .isInstanceOf(ToolException.class)
        .hasMessageContaining("there is no prompt none");
    assertThatThrownBy(() -> complete("local", "{\"ref\":{\"type\":\"other\"}}"))
        .hasMessageContaining("ref/prompt or ref/resource");
    assertThatThrownBy(
            () -> complete("local", "{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"u\"}}"))
        .hasMessageContaining("argument.name");
  }
}
