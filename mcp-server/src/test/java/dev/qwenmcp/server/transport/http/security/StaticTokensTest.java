package dev.qwenmcp.server.transport.http.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticTokensTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-28T12:00:00Z"));

  @TempDir private Path folder;
  private TokenFile file;

  @BeforeEach
  void open() {
    file = new TokenFile(folder.resolve("data"));
  }

  private String create(String name, Grant... grants) throws IOException {
    return StaticTokens.create(file, name, Set.of(grants), new SecureRandom(), CLOCK);
  }

  private FilteredServer server() throws Exception {
    return new FilteredServer(
        List.of(
            new BearerAuthentication(
                List.of(new StaticTokens(file)),
                new AccessRules(Set.of("/health/live"), Set.of("/metrics")),
                Challenge.STATIC,
                RefusalListener.NONE)),
        Map.of());
  }

  private static int status(FilteredServer server, String path, String token) throws Exception {
    return server.get(path, "Authorization", "Bearer " + token).statusCode();
  }

  @Test
  void aTokenIsItsPrincipal() throws Exception {
    String ann = create("ann", Grant.USE);
    String ben = create("ben", Grant.USE);
    try (FilteredServer server = server()) {
      assertThat(server.get("/mcp", "Authorization", "Bearer " + ann).body())
          .isEqualTo("principal token:ann");
      assertThat(server.get("/mcp", "Authorization", "bearer  " + ben).body())
          .isEqualTo("principal token:ben");
    }
  }

  @Test
  void nobodyPassesWithoutOne() throws Exception {
    String token = create("ann", Grant.USE);
    try (FilteredServer server = server()) {
      HttpResponse<String> none = server.get("/mcp");
      assertThat(none.statusCode()).isEqualTo(401);
      assertThat(none.headers().firstValue("WWW-Authenticate"))
          .hasValue("Bearer realm=\"qwen-mcp\"");
      assertThat(none.body()).contains("qwen-mcp token create");

      HttpResponse<String> wrong =
          server.get("/mcp", "Authorization", "Bearer " + token.replace('_', '-'));
      HttpResponse<String> other =
          server.get("/mcp", "Authorization", "Bearer qmcp_" + "A".repeat(43));
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(other.statusCode()).isEqualTo(401);
      assertThat(other.body()).isEqualTo(wrong.body()).doesNotContain(token);

      assertThat(server.get("/mcp", "Authorization", "Basic " + token).statusCode()).isEqualTo(401);
      assertThat(server.get("/mcp", "Authorization", "Bearer").statusCode()).isEqualTo(401);
      assertThat(server.get("/mcp?access_token=" + token).statusCode()).isEqualTo(401);
      assertThat(
              server.raw(
                  "GET /mcp HTTP/1.1",
                  "Host: localhost",
                  "Authorization: Bearer " + token,
                  "Authorization: Bearer " + token))
          .startsWith("HTTP/1.1 401");
    }
  }

  @Test
  void pathsThatAreOpenStayExactlyThese() throws Exception {
    try (FilteredServer server = server()) {
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(server.get("/health/live/").statusCode()).isEqualTo(401);
      assertThat(server.get("/health").statusCode()).isEqualTo(401);
      for (String path :
          List.of("/health/live/../../mcp", "/health/live;/../../mcp", "/health/%6cive/..")) {
        assertThat(server.raw("GET " + path + " HTTP/1.1", "Host: localhost"))
            .as(path)
            .doesNotContain("principal null")
            .doesNotStartWith("HTTP/1.1 5");
      }
    }
  }

  @Test
  void metricsNeedATokenForOperations() throws Exception {
    String user = create("ann", Grant.USE);
    String operator = create("prometheus", Grant.OPERATE);
    try (FilteredServer server = server()) {
      assertThat(status(server, "/metrics", user)).isEqualTo(403);
      assertThat(status(server, "/metrics", operator)).isEqualTo(200);
      assertThat(status(server, "/mcp", operator)).isEqualTo(403);
      assertThat(server.get("/metrics", "Authorization", "Bearer " + user).body())
          .contains("--grant operate");
    }
  }

  @Test
  void revokedTokensAreRefusedFromTheNextRequestOn() throws Exception {
    String token = create("ann", Grant.USE);
    try (FilteredServer server = server()) {
      assertThat(status(server, "/mcp", token)).isEqualTo(200);
      StaticTokens.revoke(file, "ann");
      assertThat(status(server, "/mcp", token)).isEqualTo(401);
      String again = create("ann", Grant.USE);
      assertThat(status(server, "/mcp", again)).isEqualTo(200);
      assertThat(status(server, "/mcp", token)).isEqualTo(401);
    }
  }

  @Test
  void tokensAreRandomAndOnlyTheirHashesAreKept() throws Exception {
    Set<String> tokens = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      tokens.add(create("t" + i, Grant.USE));
    }

    assertThat(tokens).hasSize(20).allMatch(token -> token.matches("qmcp_[A-Za-z0-9_-]{43}"));
    String kept = Files.readString(file.path());
    assertThat(tokens).noneMatch(token -> kept.contains(token.substring("qmcp_".length())));
    assertThat(file.read()).hasSize(20);
  }

  @Test
  void theFileIsItsOwnersAlone() throws Exception {
    assumeTrue(
        Files.getFileStore(folder).supportsFileAttributeView("posix"), "a system without modes");
    String token = create("ann", Grant.USE);
    assertThat(Files.getPosixFilePermissions(file.path()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));

    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(file::read)
        .isInstanceOf(TokenFileException.class)
        .hasMessageContaining("chmod 600");
    assertThat(new StaticTokens(file).check(token)).isInstanceOf(TokenCheck.Unavailable.class);
  }

  @Test
  void aDamagedFileLetsNobodyInAndIsNotWrittenOver() throws Exception {
    String token = create("ann", Grant.USE);
    String good = Files.readString(file.path());
    try (FilteredServer server = server()) {
      assertThat(status(server, "/mcp", token)).isEqualTo(200);
      for (String bad :
          List.of(
              "",
              "{",
              "[]",
              "{\"format\":2,\"tokens\":[]}",
              good.replace("use", "everything"),
              good.replace("sha256", "md5"))) {
        Files.writeString(file.path(), bad);
        HttpResponse<String> answer = server.get("/mcp", "Authorization", "Bearer " + token);
        assertThat(answer.statusCode()).as(bad).isEqualTo(503);
        assertThat(answer.body()).doesNotContain(folder.toString());
        assertThatThrownBy(() -> create("ben", Grant.USE)).isInstanceOf(TokenFileException.class);
        assertThat(Files.readString(file.path())).isEqualTo(bad);
      }
    }
  }

  @Test
  void namesAreTakenOnceAndHaveAForm() throws Exception {
    create("ann", Grant.USE);

    assertThatThrownBy(() -> create("ann", Grant.USE)).hasMessageContaining("revoke it first");
    for (String name : List.of("", "a b", "../x", "x".repeat(65), "ann\n")) {
      assertThatThrownBy(() -> create(name, Grant.USE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("letters");
    }
    assertThatThrownBy(() -> StaticTokens.revoke(file, "ben")).hasMessageContaining("token list");
    assertThat(file.read()).hasSize(1);
  }
}
