package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve --http} as a process of its own. */
class ServeHttpTest {
  private static final Pattern URL =
      Pattern.compile("Serving MCP at (http://127\\.0\\.0\\.1:\\d+/mcp)");
  private static final int TERMINATED = 128 + 15;

  @Test
  void servesUntilItIsToldToStop(@TempDir Path data) throws IOException, InterruptedException {
    Process server =
        new ProcessBuilder(
                List.of(
                    ServerProcess.java("java"),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "serve",
                    "--http",
                    "0",
                    "--data-dir",
                    data.toString()))
            .start();
    try (BufferedReader said = server.errorReader();
        BufferedReader output = server.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(url(said))
                  .header("Content-Type", "application/json")
                  .header("Accept", "application/json, text/event-stream")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          """
                          {"jsonrpc":"2.0","id":1,"method":"initialize","params":{
                          "protocolVersion":"2025-11-25","capabilities":{},
                          "clientInfo":{"name":"a","version":"1"}}}\
                          """))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.body()).contains("\"serverInfo\"");

      server.toHandle().destroy(); // SIGTERM; the other destroy() closes the streams, too

      assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isEqualTo(TERMINATED);
      assertThat(output.readLine()).as("standard output").isNull();
    } finally {
      server.destroyForcibly();
    }
  }

  private static URI url(BufferedReader said) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher url = URL.matcher(line);
      if (url.find()) {
        return URI.create(url.group(1));
      }
    }
    throw new AssertionError("the server ended without saying where it serves");
  }
}
