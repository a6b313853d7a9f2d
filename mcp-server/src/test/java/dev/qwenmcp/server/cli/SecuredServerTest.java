package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.transport.http.security.Grant;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as those who run it meet it: flags, tokens, HTTPS, health, metrics, audit log. */
class SecuredServerTest {
  @TempDir private Path folder;

  @Test
  void nobodyListensBeyondThisMachineWithoutSayingHow() {
    CommandRun run = CommandRun.of("serve", "--http", "0.0.0.0:0", "--data-dir", folder.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("token create", "--oauth-issuer", "--allow-unauthenticated");
    assertThat(CommandRun.of("serve", "--http", "0", "--oauth-issuer", "https://a.example").err())
        .contains("--oauth-audience");
    assertThat(CommandRun.of("serve", "--http", "0", "--tls-cert", "a.pem").err())
        .contains("--tls-key");
    assertThat(CommandRun.of("serve", "--http", "0", "--rate", "0").err()).contains("--rate");
  }

  @Test
  void tokensAreMadeListedAndRevokedByCommand() {
    String data = folder.toString();
    CommandRun made = CommandRun.of("token", "create", "laptop", "--data-dir", data);
    assertThat(made.out().strip()).matches("qmcp_[A-Za-z0-9_-]{43}");
    assertThat(made.err()).doesNotContain(made.out().strip()).contains("not shown again");
    CommandRun second =
        CommandRun.of("token", "create", "prom", "--grant", "operate", "--data-dir", data);
    assertThat(second.status()).isZero();

    String list = CommandRun.of("token", "list", "--data-dir", data).out();
    assertThat(list).contains("laptop", "use", "prom", "operate").doesNotContain("qmcp_");
    assertThat(CommandRun.of("token", "create", "laptop", "--data-dir", data).err())
        .contains("revoke it first");
    assertThat(CommandRun.of("token", "revoke", "laptop", "--data-dir", data).status()).isZero();
    CommandRun again = CommandRun.of("token", "revoke", "laptop", "--data-dir", data);
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("there is no token 'laptop'");
  }

  @Test
  void overHttpsWithTokensEverythingIsAskedForAndSeen() throws Exception {
    Path store = selfSigned();
    String user = HttpProcess.token(folder, "ann", Grant.USE);
    String operator = HttpProcess.token(folder, "prom", Grant.OPERATE);
    Path audit = folder.resolve("audit.jsonl");
    try (HttpProcess server =
        new HttpProcess(
            folder,
            trust(store),
            "--http",
            "0.0.0.0:0",
            "--tls-cert",
            pem(store, "CERTIFICATE").toString(),
            "--tls-key",
            pem(store, "PRIVATE KEY").toString(),
            "--audit-log",
            audit.toString(),
            "--max-body",
            "1M",
            "--concurrent",
            "2")) {
      assertThat(server.url("/mcp")).startsWith("https://");
      assertThat(server.get("/health/live", null).body()).isEqualTo("{\"status\":\"ok\"}");
      assertThat(server.get("/health/ready", null).statusCode()).isIn(200, 503);
      for (String path :
          List.of("/mcp", "/metrics", "/api/contexts", "/api/server", "/api/anything", "/health")) {
        assertThat(server.get(path, null).statusCode()).as(path).isEqualTo(401);
      }
      assertThat(
              server
                  .send(server.request("/mcp", user).header("Origin", "https://evil.example").GET())
                  .statusCode())
          .isEqualTo(403);
      HttpResponse<String> large = server.post(user, "x".repeat((1 << 20) + 1));
      assertThat(large.statusCode()).as(large.body()).isEqualTo(413);
      HttpResponse<String> piecewise =
          server.send(
              server
                  .request("/mcp", user)
                  .POST(
                      HttpRequest.BodyPublishers.fromPublisher(
                          HttpRequest.BodyPublishers.ofString("x".repeat((1 << 20) + 1)))));
      assertThat(piecewise.statusCode()).as(piecewise.body()).isEqualTo(413);

      PrincipalSession ann = new PrincipalSession(server, user);
      ann.call("generate", "{\"prompt\":\"a private matter\",\"max_tokens\":4}");
      ann.ask("resources/read", "{\"uri\":\"context://ctx_nothing\"}");

      assertThat(server.get("/metrics", user).statusCode()).isEqualTo(403);
      assertThat(server.get("/api/server", user).statusCode()).isEqualTo(403);
      HttpResponse<String> metrics = server.get("/metrics", operator);
      assertThat(metrics.statusCode()).isEqualTo(200);
      assertThat(metrics.body())
          .contains(
              "qwen_mcp_calls_seconds_count{outcome=\"ok\",tool=\"generate\"} 1",
              "qwen_mcp_sessions 1.0",
              "qwen_mcp_contexts 1.0",
              "qwen_mcp_model_slots{model=\"nano\"} 4.0",
              "qwen_mcp_tokens_total{kind=\"generated\"} 4.0",
              "qwen_mcp_http_refused_total{reason=\"origin\"} 1.0",
              "jvm_memory_used_bytes")
          .doesNotContain("ann", "private");
    }

    String log = Files.readString(audit);
    assertThat(log).doesNotContain("private", "ctx_", user, operator);
    List<JsonNode> entries = log.lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    assertThat(entries)
        .anyMatch(entry ->
            entry.path("event").asString("").equals("call")
                && entry.path("principal").asString("").equals("token:ann")
                && entry.path("generated_tokens").asInt(0) == 4)
        .anyMatch(entry -> entry.path("event").asString("").equals("resource"))
        .anyMatch(entry -> entry.path("reason").asString("").equals("origin"));
  }

  private Path selfSigned() throws Exception {
    Path store = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    return store;
  }

  private Path pem(Path file, String kind) throws Exception {
    KeyStore store = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
    byte[] content =
        kind.equals("CERTIFICATE")
            ? store.getCertificate("server").getEncoded()
            : store.getKey("server", "changeit".toCharArray()).getEncoded();
    return Files.writeString(
        folder.resolve(kind.replace(' ', '_') + ".pem"),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(kind, java.util.Base64.getMimeEncoder().encodeToString(content), kind));
  }

  private static SSLContext trust(Path file) throws Exception {
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry(
        "server",
        KeyStore.getInstance(file.toFile(), "changeit".toCharArray()).getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(certificates);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
