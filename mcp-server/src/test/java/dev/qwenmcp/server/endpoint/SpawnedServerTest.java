package dev.qwenmcp.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as a process of its own, as clients start it. */
class SpawnedServerTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        TalkativeServer.class.getName());
  }

  private static String message(Integer id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",%s\"method\":\"%s\",\"params\":%s}\n"
        .formatted(id == null ? "" : "\"id\":" + id + ",", method, params);
  }

  private static final String SESSION =
      message(
              0,
              "initialize",
              "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},"
                  + "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}")
          + message(null, "notifications/initialized", "{}");

  @Test
  void keepsEveryNoiseOutOfTheProtocolAndExitsWithZeroAtTheEndOfInput() throws Exception {
    Path input = folder.resolve("in");
    Path output = folder.resolve("out");
    Path errors = folder.resolve("err");
    Files.writeString(
        input,
        SESSION
            + "this is no JSON\n"
            + message(1, "tools/call", "{\"name\":\"shout\",\"arguments\":{}}")
            + message(2, "tools/call", "{\"name\":\"echo\",\"arguments\":{\"text\":\"x\"}}"));
    Files.writeString(output, "kept by appending\n");

    Process server =
        new ProcessBuilder(command())
            .redirectInput(input.toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .redirectError(errors.toFile())
            .start();

    assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isZero();
    List<String> lines = Files.readAllLines(output);
    assertThat(lines.removeFirst()).isEqualTo("kept by appending");
    List<JsonNode> messages = lines.stream().map(MAPPER::readTree).toList();
    assertThat(messages).hasSize(4);
    assertThat(messages).anySatisfy(m -> assertThat(m.at("/error/code").asInt()).isEqualTo(-32700));
    assertThat(messages)
        .anySatisfy(m -> {
          assertThat(m.path("id").asInt()).isEqualTo(1);
          assertThat(m.at("/result/structuredContent/done").asBoolean()).isTrue();
        });
    assertThat(Files.readString(errors))
        .contains("noise from Java", "noise from puts", "noise from write");
  }

  @Test
  void writesToASocketAsNodeGivesItsChildren() throws Exception {
    // libuv makes its children's pipes with socketpair; Java cannot, so Python does it here.
    String script =
        """
        import socket, subprocess, sys
        ours, theirs = socket.socketpair()
        server = subprocess.Popen(sys.argv[2:], stdin=open(sys.argv[1], "rb"), stdout=theirs)
        theirs.close()
        while chunk := ours.recv(65536):
            sys.stdout.buffer.write(chunk)
        sys.exit(server.wait())
        """;
    Path input = folder.resolve("in");
    Files.writeString(
        input,
        SESSION
            + message(
                1,
                "tools/call",
                "{\"name\":\"echo\",\"arguments\":{\"text\":\"%s\"}}"
                    .formatted("x".repeat(1_000_000))));
    List<String> line = new ArrayList<>(List.of("python3", "-c", script, input.toString()));
    line.addAll(command());
    Path output = folder.resolve("out");
    Process python;
    try {
      python =
          new ProcessBuilder(line)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      Assumptions.abort("needs python3 to make a socket pair");
      return;
    }

    assertThat(python.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(python.exitValue()).isZero();
    List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
    assertThat(lines).hasSize(2);
    assertThat(MAPPER.readTree(lines.getLast()).at("/result/content/0/text").asString())
        .hasSize(1_000_000);
  }

  @Test
  void endsSoonAfterItsClientIsKilledDuringALongCall() throws Exception {
    Process server =
        new ProcessBuilder(command()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      server
          .getOutputStream()
          .write(
              (SESSION + message(1, "tools/call", "{\"name\":\"wait\"}") + message(2, "ping", "{}"))
                  .getBytes(StandardCharsets.UTF_8));
      server.getOutputStream().flush();
      BufferedReader reader = server.inputReader(StandardCharsets.UTF_8);
      assertThat(MAPPER.readTree(reader.readLine()).path("id").asInt()).isZero();
      assertThat(MAPPER.readTree(reader.readLine()).path("id").asInt()).isEqualTo(2);

      // Its input stays open, as when the client's own children have inherited the pipe.
      reader.close();

      assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isEqualTo(1);
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void servesTheSdksOwnClient() {
    List<McpSchema.ProgressNotification> progress = new CopyOnWriteArrayList<>();
    ServerParameters parameters =
        ServerParameters.builder(command().getFirst())
            .args(command().subList(1, command().size()))
            .build();
    try (McpSyncClient client =
        McpClient.sync(new StdioClientTransport(parameters, new JacksonMcpJsonMapper(MAPPER)))
            .requestTimeout(PATIENCE)
            .progressConsumer(progress::add)
            .build()) {
      McpSchema.InitializeResult hello = client.initialize();
      assertThat(hello.serverInfo().name()).isEqualTo("qwen-mcp");
      assertThat(hello.instructions()).contains("context_id");

      assertThat(client.listTools().tools())
          .extracting(McpSchema.Tool::name)
          .containsExactly("echo", "wait", "fail", "count", "shout");

      McpSchema.CallToolResult echoed =
          client.callTool(
              McpSchema.CallToolRequest.builder("echo").arguments(Map.of("text", "hi")).build());
      assertThat(echoed.structuredContent()).isEqualTo(Map.of("echo", "hi", "times", 1));

      McpSchema.CallToolResult failed =
          client.callTool(
              McpSchema.CallToolRequest.builder("fail").arguments(Map.of("how", "tool")).build());
      assertThat(failed.isError()).isTrue();

      client.callTool(
          McpSchema.CallToolRequest.builder("count")
              .arguments(Map.of("to", 10))
              .meta(Map.of("progressToken", "p1"))
              .build());
      // The client hands notifications to another thread than answers.
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (progress.isEmpty() && System.nanoTime() < deadline) {
        client.ping();
      }
      assertThat(progress).isNotEmpty().allMatch(p -> p.progressToken().equals("p1"));
    }
  }
}
