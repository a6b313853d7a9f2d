package dev.qwenmcp.server.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClientTest {
  private static final ServerEntry STDIO =
      new ServerEntry.Stdio(List.of("/opt/qwen mcp/bin/qwen-mcp", "serve", "--model", "a \"b\""));

  private static final Path HOME = Path.of("/home/u").toAbsolutePath();
  private static final Path PROJECT = Path.of("/home/ann/project").toAbsolutePath();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "claude-desktop, Linux, .config/Claude/claude_desktop_config.json",
    "claude-desktop, Mac OS X, Library/Application Support/Claude/claude_desktop_config.json",
    "claude-desktop, Windows 11, AppData/Roaming/Claude/claude_desktop_config.json",
    "claude-code, Linux, .claude.json",
    "cursor, Linux, .cursor/mcp.json",
    "vscode, Linux, .config/Code/User/mcp.json",
    "vscode, Mac OS X, Library/Application Support/Code/User/mcp.json",
    "codex, Linux, .codex/config.toml",
    "opencode, Mac OS X, .config/opencode/opencode.json",
    "lm-studio, Windows 11, .lmstudio/mcp.json",
    "windsurf, Linux, .codeium/windsurf/mcp_config.json",
    "zed, Mac OS X, .config/zed/settings.json",
    "gemini-cli, Linux, .gemini/settings.json"
  })
  void knowsWhereSettingsAre(String id, String system, String path) throws Exception {
    Places places = new Places(system, Map.of(), HOME, PROJECT);

    assertThat(Client.of(id).file(places, false)).isEqualTo(HOME.resolve(path));
  }

  @Test
  void followsTheVariablesThatMoveSettings() throws Exception {
    Path other = Path.of("/elsewhere").toAbsolutePath();
    Places places =
        new Places(
            "Linux",
            Map.of("CODEX_HOME", other.toString(), "XDG_CONFIG_HOME", "relative"),
            HOME,
            PROJECT);

    assertThat(Client.CODEX.file(places, false)).isEqualTo(other.resolve("config.toml"));
    assertThat(Client.VSCODE.file(places, false)).startsWithRaw(HOME.resolve(".config"));
    assertThat(Client.VSCODE.file(places, true)).isEqualTo(PROJECT.resolve(".vscode/mcp.json"));
    assertThatThrownBy(() -> Client.WINDSURF.file(places, true))
        .hasMessageContaining("windsurf has no settings of projects");
  }

  @Test
  void writesEachClientsForm() throws Exception {
    assertThat(Client.CURSOR.with("", "qwen", new ServerEntry.Stdio(List.of("/q", "serve"))))
        .isEqualTo(
            """
            {
              "mcpServers": {
                "qwen": {
                  "command": "/q",
                  "args": ["serve"]
                }
              }
            }
            """);
    assertThat(Client.VSCODE.with("", "qwen", STDIO))
        .contains("\"servers\"", "\"type\": \"stdio\"");
    assertThat(Client.OPENCODE.with("", "qwen", STDIO))
        .contains("\"type\": \"local\"", "[\"/opt/qwen mcp/bin/qwen-mcp\", \"serve\"");
    assertThat(Client.CODEX.with("", "qwen", STDIO))
        .isEqualTo(
            """
            [mcp_servers.qwen]
            command = "/opt/qwen mcp/bin/qwen-mcp"
            args = ["serve", "--model", "a \\"b\\""]
            """);
    ServerEntry http = new ServerEntry.Http("http://127.0.0.1:8765/mcp");
    assertThat(Client.GEMINI_CLI.with("", "qwen", http)).contains("\"httpUrl\"");
    assertThat(Client.WINDSURF.with("", "qwen", http)).contains("\"serverUrl\"");
    assertThat(Client.CLAUDE_CODE.with("", "qwen", http)).contains("\"type\": \"http\"");
    assertThatThrownBy(() -> Client.CLAUDE_DESKTOP.with("", "qwen", http))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("Connectors");
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void setsTheEntryOnceAndRemovesIt(Client client) throws Exception {
    String once = client.with("", "qwen", STDIO);

    assertThat(client.with(once, "qwen", STDIO)).isEqualTo(once);
    assertThat(client.without(once, "qwen").orElseThrow()).doesNotContain("qwen");
    assertThat(client.without(once, "other")).isEqualTo(Optional.empty());
  }

  @Test
  void keepsCommentsAndWhatTheUserHasAdded() throws Exception {
    String before =
        """
        // my servers
        {
          "servers": {
            "other": { "command": "x" }, // keep
            "qwen": { "command": "old", "env": { "QWEN_MCP_LOG": "INFO" } },
          },
          /* and this */ "inputs": [1, 2,],
        }
        """;

    String after = Client.VSCODE.with(before, "qwen", STDIO);

    assertThat(after)
        .contains("// my servers", "\"other\": { \"command\": \"x\" }, // keep", "QWEN_MCP_LOG")
        .contains("/* and this */ \"inputs\": [1, 2,],")
        .doesNotContain("\"old\"");
    assertThat(Client.VSCODE.without(after, "qwen").orElseThrow())
        .contains("\"other\": { \"command\": \"x\" }", "\"inputs\": [1, 2,],")
        .doesNotContain("qwen mcp");
  }

  @Test
  void keepsOtherTablesAndWhatTheUserHasAddedInToml() throws Exception {
    String before =
        """
        model = "o" # mine
        [mcp_servers.qwen]
        command = "old"
        startup_timeout_sec = 20

        [mcp_servers.qwen.env]
        A = "[mcp_servers.qwen]"

        # next
        [tui]
        x = '''
        [mcp_servers.qwen]
        '''
        """;

    String after = Client.CODEX.with(before, "qwen", STDIO);

    assertThat(after)
        .startsWith("model = \"o\" # mine\n[mcp_servers.qwen]\ncommand = \"/opt/")
        .contains("startup_timeout_sec = 20", "[mcp_servers.qwen.env]\nA = ", "\n# next\n[tui]\n")
        .doesNotContain("\"old\"");
    assertThat(Client.CODEX.without(after, "qwen").orElseThrow())
        .isEqualTo("model = \"o\" # mine\n\n# next\n[tui]\nx = '''\n[mcp_servers.qwen]\n'''\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CURSOR | {\"mcpServers\": | is not JSON",
        "CURSOR | {} {} | is not JSON",
        "CURSOR | [] | holds no JSON object",
        "CURSOR | {\"mcpServers\": 3} | is not an object",
        "CODEX | a = \"b | a string is not closed in line 1",
        "CODEX | [a | expected ] in line 1",
        "CODEX | just words | expected key = value",
        "CODEX | mcp_servers = {qwen = {}} | in another form",
        "CODEX | mcp_servers.qwen.command = 'x' | in another form"
      })
  void leavesAFileThatItDoesNotUnderstand(Client client, String text, String problem) {
    assertThatThrownBy(() -> client.with(text, "qwen", STDIO))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining(problem);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no such permissions and links there")
  void replacesAFileKeepingACopyItsPermissionsAndLinksToIt() throws Exception {
    Path real = Files.writeString(folder.resolve("real.json"), "{}");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("real.json"));
    Instant now = Instant.parse("2026-05-04T03:02:01Z");

    Optional<Path> copy = ConfigurationFile.read(link).replace("{\"a\": 1}", now);

    assertThat(real).hasContent("{\"a\": 1}");
    assertThat(link).isSymbolicLink();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-r-----");
    assertThat(copy.orElseThrow())
        .hasFileName("real.json.before-qwen-mcp-20260504-030201")
        .hasContent("{}");
    assertThat(ConfigurationFile.read(real).replace("{}", now).orElseThrow())
        .hasFileName("real.json.before-qwen-mcp-20260504-030201-2");
    assertThat(folder.toFile().list()).hasSize(4);
  }

  @Test
  void writesNothingOverWhatHasChangedMeanwhile() throws Exception {
    Path path = Files.writeString(folder.resolve("a.json"), "{}");
    ConfigurationFile file = ConfigurationFile.read(path);
    Files.writeString(path, "{\"b\": 2}");

    assertThatThrownBy(() -> file.replace("{\"a\": 1}", Instant.EPOCH))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("has changed meanwhile");
    assertThat(path).hasContent("{\"b\": 2}");
  }

  @Test
  void makesFoldersOfANewFile() throws Exception {
    Path path = folder.resolve("new/folder/a.json");

    assertThat(ConfigurationFile.read(path).replace("{}", Instant.EPOCH)).isEmpty();
    assertThat(path).hasContent("{}");
  }

  @Test
  void showsTheLinesThatChange() {
    assertThat(LineChange.between("a\nb\nc\nd\ne\n", "a\nb\nc\nD\ne\n"))
        .containsExactly(" a", " b", " c", "-d", "+D", " e");
    assertThat(LineChange.between("", "x\n")).containsExactly("+x");
    assertThat(LineChange.between("x\nx\n", "x\n")).containsExactly(" x", "-x");
    assertThat(LineChange.between("a\n", "a\n")).isEmpty();
  }
}
