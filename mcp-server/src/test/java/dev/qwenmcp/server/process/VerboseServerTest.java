package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.cli.Main;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerboseServerTest {
  private static final String HELLO =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"somebody","version":"1"}}}
      """;

  @TempDir private Path folder;

  private String logOf(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ServerProcess.java("java"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("serve", "--data-dir", folder.resolve("data").toString()));
    command.addAll(List.of(options));
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("QWEN_MCP_"));
    builder.environment().put("QWEN_MCP_CONFIG", "");
    Process server = builder.start();
    server.getOutputStream().write(HELLO.getBytes(StandardCharsets.UTF_8));
    server.getOutputStream().close();
    assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(log);
  }

  @Test
  void logsWhatHappensIfAsked() throws Exception {
    assertThat(logOf("--verbose")).contains(" INFO ", "name=somebody");
  }

  @Test
  void logsNothingOfASessionThatGoesWellOtherwise() throws Exception {
    assertThat(logOf()).isEmpty();
  }
}
