package dev.qwenmcp.server.transport.http.security;

import static dev.qwenmcp.server.endpoint.HttpHarness.await;
import static dev.qwenmcp.server.endpoint.HttpHarness.callOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import dev.qwenmcp.server.endpoint.HttpHarness;
import dev.qwenmcp.server.endpoint.ToyTools;
import dev.qwenmcp.server.transport.http.HttpPart;
import dev.qwenmcp.server.transport.http.StreamableLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream ends with the token that opened it, and so does the call that it waits for. */
@Timeout(60)
class OpenStreamsTest {
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",
      "capabilities":{},"clientInfo":{"name":"t","version":"1"}}}\
      """;

  private static final String LISTEN =
      """
      {"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{"_meta":{
      "io.modelcontextprotocol/protocolVersion":"2026-07-28",
      "io.modelcontextprotocol/clientCapabilities":{}},
      "notifications":{"resourcesListChanged":true}}}\
      """;

  private final ToyTools tools = new ToyTools();

  @TempDir private Path folder;

  private HttpHarness server(TokenVerifier verifier) {
    return new HttpHarness(
        tools.all(),
        StreamableLimits.DEFAULT,
        List.of(
            new HttpPart.Filtered(
                "/*",
                new BearerAuthentication(
                    List.of(verifier),
                    new AccessRules(Set.of(), Set.of()),
                    Challenge.STATIC,
                    RefusalListener.NONE))));
  }

  /** A client with a token, in a session. */
  private record Bearer(HttpHarness server, String token, String session) {
    static Bearer of(HttpHarness server, String token) {
      Bearer without = new Bearer(server, token, "");
      HttpResponse<String> opened = server.send(without.post(INITIALIZE).build());
      return new Bearer(server, token, opened.headers().firstValue("Mcp-Session-Id").orElseThrow());
    }

    HttpRequest.Builder request() {
      HttpRequest.Builder request = server.request().header("Authorization", "Bearer " + token);
      return session.isEmpty()
          ? request
          : request
              .header("Mcp-Session-Id", session)
              .setHeader("MCP-Protocol-Version", "2025-11-25");
    }

    HttpRequest.Builder post(String body) {
      return request().POST(HttpRequest.BodyPublishers.ofString(body));
    }

    InputStream call() {
      return stream(post(callOf(1, "wait", "{}")));
    }

    InputStream notices() {
      return stream(request().GET());
    }

    InputStream listen() {
      return stream(
          server
              .request()
              .header("Authorization", "Bearer " + token)
              .header("MCP-Protocol-Version", "2026-07-28")
              .header("Mcp-Method", "subscriptions/listen")
              .POST(HttpRequest.BodyPublishers.ofString(LISTEN)));
    }

    InputStream older() {
      return stream(
          HttpRequest.newBuilder(server.uri().resolve("/sse"))
              .header("Accept", "text/event-stream")
              .header("Authorization", "Bearer " + token)
              .GET());
    }

    private InputStream stream(HttpRequest.Builder request) {
      HttpResponse<InputStream> response = server.open(request.build());
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body();
    }
  }

  /** Done when a stream has ended. */
  private static CompletableFuture<Void> end(InputStream stream) {
    return CompletableFuture.runAsync(() -> {
      try {
        stream.readAllBytes();
      } catch (IOException e) {
        // Cut off is an end, too.
      }
    });
  }

  @Test
  void aTokenThatIsRevokedEndsAllThatItOpened() throws Exception {
    TokenFile file = new TokenFile(folder);
    String revoked = create(file, "ann");
    String kept = create(file, "ben");
    try (HttpHarness server = server(new StaticTokens(file))) {
      Bearer ann = Bearer.of(server, revoked);
      Bearer ben = Bearer.of(server, kept);
      CompletableFuture<Void> anns =
          CompletableFuture.allOf(
              end(ann.call()), end(ann.notices()), end(ann.listen()), end(ann.older()));
      CompletableFuture<Void> bens = end(ben.call());
      await("the calls run", () -> tools.waiting.get() == 2);
      assertThat(server.endpoint.openSessions()).isEqualTo(3); // two, and one of the older kind

      StaticTokens.revoke(file, "ann");

      anns.get(20, TimeUnit.SECONDS);
      await("her call has stopped", () -> tools.cancelled.get() == 1);
      assertThat(server.send(ann.post(INITIALIZE).build()).statusCode()).isEqualTo(401);
      assertThat(bens.isDone()).isFalse();
      tools.release.countDown();
      bens.get(20, TimeUnit.SECONDS);
      assertThat(tools.cancelled).hasValue(1);
    }
  }

  private static String create(TokenFile file, String name) throws IOException {
    return StaticTokens.create(
        file, name, Set.of(Grant.USE), new SecureRandom(), InstantSource.system());
  }

  @Test
  void aTokenThatExpiresEndsAllThatItOpened() throws Exception {
    Instant start = Instant.parse("2026-11-28T12:00:00Z");
    AtomicReference<Instant> now = new AtomicReference<>(start);
    try (FakeIssuer issuer = new FakeIssuer()) {
      RSAKey key = issuer.rotate("k1");
      String token = FakeIssuer.sign(key, issuer.claims(start).build());
      try (HttpHarness server = server(new OAuthTokens(issuer.settings(""), now::get))) {
        Bearer ann = Bearer.of(server, token);
        CompletableFuture<Void> all = CompletableFuture.allOf(end(ann.call()), end(ann.notices()));
        await("the call runs", () -> tools.waiting.get() == 1);

        now.set(start.plusSeconds(331));

        all.get(20, TimeUnit.SECONDS);
        await("the call has stopped", () -> tools.cancelled.get() == 1);
      }
    }
  }

  @Test
  void aHeldTokenIsLookedAtTwiceASecondAtMostAndNeverGoodAgain() {
    AtomicLong nanos = new AtomicLong();
    AtomicLong checks = new AtomicLong();
    TokenCheck.Accepted first = new TokenCheck.Accepted(Identity.LOCAL);
    AtomicReference<TokenCheck> verdict = new AtomicReference<>(first);
    TokenVerifier verifier =
        new TokenVerifier() {
          @Override
          public boolean recognises(String token) {
            return true;
          }

          @Override
          public TokenCheck check(String token) {
            checks.incrementAndGet();
            return verdict.get();
          }
        };
    HeldToken held = new HeldToken(verifier, "t", first, nanos::get);

    for (int i = 0; i < 100; i++) {
      nanos.addAndGet(10_000_000);
      assertThat(held.holds()).isTrue();
    }
    assertThat(checks).hasValue(2);
    verdict.set(new TokenCheck.Unavailable("nobody knows"));
    nanos.addAndGet(500_000_000);
    assertThat(held.holds()).isFalse();
    verdict.set(first);
    nanos.addAndGet(500_000_000);
    assertThat(held.holds()).isFalse();
  }
}
