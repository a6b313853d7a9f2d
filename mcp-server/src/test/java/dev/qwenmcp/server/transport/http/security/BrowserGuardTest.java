package dev.qwenmcp.server.transport.http.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrowserGuardTest {
  private final ConcurrentLinkedQueue<Refusal.Kind> refused = new ConcurrentLinkedQueue<>();

  private FilteredServer server(boolean loopback, Set<String> hosts, Set<String> origins)
      throws Exception {
    return new FilteredServer(
        List.of(
            new BrowserGuard(
                new ServedHosts(loopback, hosts),
                new AllowedOrigins(loopback, origins),
                (refusal, principal, address) -> refused.add(refusal.kind()))),
        Map.of());
  }

  private FilteredServer local() throws Exception {
    return server(true, Set.of("qwen.test"), Set.of("https://app.example"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8080",
        "LocalHost.",
        "127.0.0.1:1",
        "127.1.2.3",
        "[::1]:8080",
        "qwen.test:99",
        "QWEN.test"
      })
  void answersUnderItsNames(String host) throws Exception {
    try (FilteredServer server = local()) {
      assertThat(server.raw("GET /mcp HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.evil.example",
        "10.0.0.5",
        "[2001:db8::1]",
        "xn--localhost",
        "0.0.0.0"
      })
  void answersUnderNoOther(String host) throws Exception {
    try (FilteredServer server = local()) {
      assertThat(server.raw("GET /mcp HTTP/1.1", "Host: " + host))
          .startsWith("HTTP/1.1 421")
          .contains("--allow-host NAME", host);
      assertThat(refused).containsExactly(Refusal.Kind.HOST);
    }
  }

  @Test
  void answersNoRequestWithoutAHost() throws Exception {
    try (FilteredServer server = local()) {
      assertThat(server.raw("GET /mcp HTTP/1.0")).startsWith("HTTP/1.1 421");
    }
  }

  @Test
  void beyondThisMachineNumbersAreFineAndNamesAreNot() throws Exception {
    try (FilteredServer server = server(false, Set.of(), Set.of())) {
      assertThat(server.raw("GET /mcp HTTP/1.1", "Host: 10.0.0.5:80")).startsWith("HTTP/1.1 200");
      assertThat(server.raw("GET /mcp HTTP/1.1", "Host: [2001:db8::1]")).startsWith("HTTP/1.1 200");
      assertThat(server.raw("GET /mcp HTTP/1.1", "Host: evil.example")).startsWith("HTTP/1.1 421");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:6274",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "https://localhost",
        "https://app.example",
        "HTTPS://App.Example"
      })
  void takesPagesOfThisMachineAndThoseThatAreAllowed(String origin) throws Exception {
    try (FilteredServer server = local()) {
      HttpResponse<String> answer = server.get("/mcp", "Origin", origin);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(origin);
      assertThat(answer.headers().firstValue("Vary")).hasValue("Origin");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "https://evil.example",
        "http://localhost.evil.example",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example.evil",
        "file:///etc",
        "http://",
        "::",
        "http://localhost@evil.example"
      })
  void refusesOtherPagesAndSaysWhich(String origin) throws Exception {
    try (FilteredServer server = local()) {
      HttpResponse<String> answer = server.get("/mcp", "Origin", origin);

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("the origin " + origin, "--allow-origin", "\"id\":null");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(refused).containsExactly(Refusal.Kind.ORIGIN);
    }
  }

  @Test
  void takesItsOwnPagesUnderWhateverNameTheyCame() throws Exception {
    try (FilteredServer server = server(false, Set.of("qwen.test"), Set.of())) {
      assertThat(
              server.raw(
                  "GET /mcp HTTP/1.1", "Host: qwen.test:8080", "Origin: http://qwen.test:8080"))
          .startsWith("HTTP/1.1 200");
      assertThat(
              server.raw(
                  "GET /mcp HTTP/1.1", "Host: qwen.test:8080", "Origin: http://qwen.test:9090"))
          .startsWith("HTTP/1.1 403");
      assertThat(server.get("/mcp", "Origin", "http://localhost:3000").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void answersWhatBrowsersAskBeforehand() throws Exception {
    try (FilteredServer server = local()) {
      HttpRequest.Builder options =
          HttpRequest.newBuilder().method("OPTIONS", HttpRequest.BodyPublishers.noBody());
      HttpResponse<String> answer =
          server.send(
              options,
              "/mcp",
              "Origin",
              "https://app.example",
              "Access-Control-Request-Method",
              "POST",
              "Access-Control-Request-Headers",
              "authorization, mcp-session-id");

      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Headers"))
          .hasValue("authorization, mcp-session-id");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
          .contains("POST");
    }
  }
}
