package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve --http} as a process of its own. */
class ServeHttpTest {
  @Test
  void servesUntilItIsToldToStop(@TempDir Path folder) throws IOException, InterruptedException {
    try (HttpServerProcess server =
            new HttpServerProcess(
                folder.resolve("data"), folder.resolve("log"), List.of(), List.of());
        HttpClient client = HttpClient.newHttpClient()) {
      HttpCaller caller = new HttpCaller(client, server.url());
      assertThat(caller.request("tools/list", HttpCaller.object()).get("tools")).isNotEmpty();

      assertThat(server.end()).isTrue();
      assertThat(server.output()).as("standard output").isEmpty();
    }
  }
}
