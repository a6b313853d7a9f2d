package dev.qwenmcp.server.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Whatever else a file holds stays; judged by parsers that are not ours. */
class ConfigurationPropertyTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  private static final TomlMapper TOML = new TomlMapper();

  @Property(tries = 400)
  void jsonKeepsEverythingElse(
      @ForAll("jsonFiles") String file, @ForAll("words") List<String> command) throws Exception {
    JsonNode before = JSON.readTree(file);

    String changed = Client.CURSOR.with(file, "qwen", new ServerEntry.Stdio(command));

    JsonNode after = JSON.readTree(changed);
    assertThat(after.at("/mcpServers/qwen/command").asString()).isEqualTo(command.getFirst());
    assertThat(without(after)).isEqualTo(without(before));
    assertThat(comments(changed)).isEqualTo(comments(file));
    assertThat(Client.CURSOR.with(changed, "qwen", new ServerEntry.Stdio(command)))
        .isEqualTo(changed);
    Optional<String> removed = Client.CURSOR.without(changed, "qwen");
    assertThat(without(JSON.readTree(removed.orElseThrow()))).isEqualTo(without(before));
    assertThat(JSON.readTree(removed.get()).path("mcpServers").has("qwen")).isFalse();
  }

  @Property(tries = 400)
  void tomlKeepsEverythingElse(
      @ForAll("tomlFiles") String file, @ForAll("words") List<String> command) throws Exception {
    JsonNode before = TOML.readTree(file);

    String changed = Client.CODEX.with(file, "qwen", new ServerEntry.Stdio(command));

    JsonNode after = TOML.readTree(changed);
    assertThat(after.at("/mcp_servers/qwen/command").asString()).isEqualTo(command.getFirst());
    assertThat(after.at("/mcp_servers/qwen/args").size()).isEqualTo(command.size() - 1);
    assertThat(withoutToml(after)).isEqualTo(withoutToml(before));
    assertThat(Client.CODEX.with(changed, "qwen", new ServerEntry.Stdio(command)))
        .isEqualTo(changed);
    String removed = Client.CODEX.without(changed, "qwen").orElseThrow();
    assertThat(withoutToml(TOML.readTree(removed))).isEqualTo(withoutToml(before));
    assertThat(TOML.readTree(removed).path("mcp_servers").has("qwen")).isFalse();
  }

  /** Servers other than ours, and whether there are any is all the same. */
  private static ObjectNode without(JsonNode content) {
    ObjectNode rest = (ObjectNode) content.deepCopy();
    if (rest.get("mcpServers") instanceof ObjectNode servers) {
      servers.remove("qwen");
      if (servers.isEmpty()) {
        rest.remove("mcpServers");
      }
    }
    return rest;
  }

  private static ObjectNode withoutToml(JsonNode content) {
    ObjectNode rest = (ObjectNode) content.deepCopy();
    if (rest.get("mcp_servers") instanceof ObjectNode servers) {
      servers.remove("qwen");
      if (servers.isEmpty()) {
        rest.remove("mcp_servers");
      }
    }
    return rest;
  }

  private static long comments(String text) {
    return text.split("\\*/", -1).length;
  }

  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.of(
            "/opt/q", "serve", "C:\\Users\\a b\\q.exe", "\"", "ü 中", "a,b", "[x]", "\t#")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> jsonFiles() {
    Arbitrary<String> blank =
        Arbitraries.of("", " ", "\n  ", " /* a, b } */ ", " // \"x\": {\n", "\n\n");
    Arbitrary<String> value =
        Arbitraries.of(
            "1", "\"a, } \\\" {\"", "[1, {\"a\": [\"]\"]},]", "{\"b\": null,}", "{ }", "true");
    Arbitrary<String> server =
        Combinators.combine(Arbitraries.of("x", "y z", "qwen"), value, blank)
            .as((name, v, b) ->
                "\"" + name + "\":" + b + (name.equals("qwen") ? "{\"command\": \"c\"}" : v));
    Arbitrary<String> servers =
        Combinators.combine(
                server.list().ofMaxSize(3).uniqueElements(s -> s.substring(0, 3)),
                blank,
                Arbitraries.of("", ","))
            .as((list, b, comma) ->
                "\"mcpServers\": {"
                    + b
                    + String.join("," + b, list)
                    + (list.isEmpty() ? "" : comma)
                    + b
                    + "}");
    Arbitrary<String> other =
        Combinators.combine(Arbitraries.of("a", "b", "c"), value)
            .as((n, v) -> "\"" + n + "\": " + v);
    return Combinators.combine(
            other.list().ofMaxSize(2).uniqueElements(s -> s.substring(0, 3)),
            servers.injectNull(0.2),
            blank,
            Arbitraries.of("", ","))
        .as((others, mine, b, comma) -> {
          List<String> members = new ArrayList<>(others);
          if (mine != null) {
            members.add(members.size() / 2, mine);
          }
          return b
              + "{"
              + b
              + String.join(b + ",", members)
              + b
              + (members.isEmpty() ? "" : comma)
              + b
              + "}"
              + b;
        });
  }

  @Provide
  Arbitrary<String> tomlFiles() {
    Arbitrary<String> values =
        Arbitraries.of(
            "a = 1\n",
            "b = \"[mcp_servers.qwen]\" # [x]\n",
            "c = [\n  1, # ]\n  2,\n]\n",
            "d = '''\n[mcp_servers.qwen]\ncommand = 'x'\n'''\n",
            "e = {f = \"}\"}\n",
            "\"g h\".i = 1979-05-27\n",
            "# comment\n",
            "\n");
    Arbitrary<String> section =
        Combinators.combine(
                Arbitraries.of(
                    "[t1]", "[t2]  # x", "[ mcp_servers . other ]", "[mcp_servers.\"qw en\"]"),
                values.list().ofMaxSize(3).uniqueElements())
            .as((header, body) -> header + "\n" + String.join("", body));
    Arbitrary<String> own =
        Arbitraries.of(
            "[mcp_servers.qwen]\ncommand = \"c\"\nargs = [\n\"x\"]\ntimeout = 3\n",
            "[mcp_servers.\"qwen\"]\nurl = 'u'\n\n[mcp_servers.qwen.env]\nA = \"b\"\n");
    return Combinators.combine(
            values.list().ofMaxSize(3).uniqueElements(),
            section.list().ofMaxSize(3).uniqueElements(s -> s.substring(0, 4) + s.indexOf(']')),
            own.injectNull(0.5),
            Arbitraries.integers().between(0, 3))
        .as((top, sections, mine, at) -> {
          List<String> all = new ArrayList<>(sections);
          if (mine != null) {
            all.add(Math.min(at, all.size()), mine);
          }
          return String.join("", top) + String.join("", all);
        });
  }
}
