package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.cli.Main;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every byte on standard output belongs to a JSON-RPC message, whatever goes wrong at the start.
 *
 * <p>{@code -Dstarts=100} starts a server so often; by default each trouble is provoked once.
 */
class StandardOutputTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long PATIENCE_SECONDS = 60;

  /** As the launcher does: messages of the virtual machine precede {@code main}. */
  private static final List<String> LAUNCHED =
      List.of(
          "-XX:+DisplayVMOutputToStderr",
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "--enable-native-access=ALL-UNNAMED");

  /** What a client may send first, good and bad. */
  private static final String LINES =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"a","version":"1"}}}
      {"jsonrpc":"2.0","id":2,"method":"tools/list"}
      this is not JSON
      {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"context_read",\
      "arguments":{"context_id":"ctx_unknown"}}}
      {"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"list_models","arguments":{}}}
      {"jsonrpc":"2.0","id":5,"method":"no/such/method"}
      """;

  private static final int ANSWERS = 6;

  @TempDir private Path folder;

  /** Something that makes a program talk. */
  private record Trouble(
      String name, List<String> machine, Map<String, String> environment, List<String> options) {}

  @Test
  void holdsNothingButTheProtocol() throws Exception {
    List<Trouble> troubles = troubles();
    int starts = Integer.getInteger("starts", troubles.size());
    for (int i = 0; i < starts; i++) {
      Trouble trouble = troubles.get(i % troubles.size());
      String output = run(trouble, folder.resolve("data" + i % troubles.size()));
      List<String> lines = output.lines().toList();
      assertThat(output).as(trouble.name()).endsWith("\n");
      assertThat(lines).as(trouble.name()).hasSizeGreaterThanOrEqualTo(ANSWERS);
      for (String line : lines) {
        JsonNode message = JSON.readTree(line);
        assertThat(message.path("jsonrpc").asString("")).as(trouble.name()).isEqualTo("2.0");
      }
    }
  }

  private List<Trouble> troubles() throws IOException {
    Path models = Files.createDirectory(folder.resolve("models"));
    Files.writeString(models.resolve("broken.gguf"), "GGUF, but not for long");
    Path noCache = folder.resolve("missing.aot");
    Path file = Files.writeString(folder.resolve("a-file"), "where a folder is expected");
    return List.of(
        new Trouble("nothing", List.of(), Map.of(), List.of()),
        new Trouble("a log of everything", List.of(), Map.of("QWEN_MCP_LOG", "DEBUG"), List.of()),
        new Trouble(
            "a start cache that is missing",
            List.of("-XX:AOTCache=" + noCache),
            Map.of(),
            List.of()),
        new Trouble(
            "options from the environment",
            List.of(),
            Map.of("JAVA_TOOL_OPTIONS", "-Dfile.encoding=UTF-8"),
            List.of()),
        new Trouble(
            "options that the virtual machine warns of",
            List.of("-XX:MaxRAMFraction=4", "-XX:+IgnoreUnrecognizedVMOptions", "-Xverify:none"),
            Map.of(),
            List.of()),
        new Trouble(
            "a broken model", List.of(), Map.of("QWEN_MCP_MODELS", models.toString()), List.of()),
        new Trouble(
            "contexts that cannot be kept",
            List.of(),
            Map.of(),
            List.of("--contexts", "jdbc:postgresql://127.0.0.1:1/nowhere")),
        new Trouble(
            "a data folder that is a file",
            List.of(),
            Map.of(),
            List.of("--data-dir", file.toString())));
  }

  private String run(Trouble trouble, Path data) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ServerProcess.java("java"));
    command.addAll(LAUNCHED);
    command.addAll(trouble.machine());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add("serve");
    if (!trouble.options().contains("--data-dir")) {
      command.addAll(List.of("--data-dir", data.toString()));
    }
    command.addAll(trouble.options());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(trouble.environment());
    Path said = folder.resolve("said");
    Process server = builder.redirectError(said.toFile()).start();
    try {
      try (OutputStream input = server.getOutputStream()) {
        input.write(LINES.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(trouble.name()).isTrue();
      assertThat(output).as("%s: %s", trouble.name(), Files.readString(said)).isNotEmpty();
      return output;
    } finally {
      server.destroyForcibly();
    }
  }
}
