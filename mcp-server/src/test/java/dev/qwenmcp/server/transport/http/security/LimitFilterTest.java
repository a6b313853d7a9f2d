package dev.qwenmcp.server.transport.http.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitFilterTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong nanos = new AtomicLong(17);

  private FilteredServer server(PrincipalLimits limits) throws Exception {
    return new FilteredServer(
        List.of(
            new FixedIdentity(Identity.LOCAL),
            new LimitFilter(limits, nanos::get, RefusalListener.NONE)),
        Map.of());
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeAgain() throws Exception {
    try (FilteredServer server = server(new PrincipalLimits(0.5, 2, 10, 10, 100))) {
      assertThat(server.get("/mcp").statusCode()).isEqualTo(200);
      assertThat(server.get("/mcp").statusCode()).isEqualTo(200);

      HttpResponse<String> refused = server.get("/mcp");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
      assertThat(refused.body()).contains("0.5 requests a second");

      nanos.addAndGet(2 * SECOND);
      assertThat(server.get("/mcp").statusCode()).isEqualTo(200);
      assertThat(server.get("/mcp").statusCode()).isEqualTo(429);
    }
  }

  @Test
  void requestsThatRunAreCountedUntilTheyEnd() throws Exception {
    try (FilteredServer server = server(new PrincipalLimits(100, 100, 1, 10, 100))) {
      CompletableFuture<Integer> running =
          CompletableFuture.supplyAsync(() -> {
            try {
              return server.get("/wait").statusCode();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(server.waiting.await(10, TimeUnit.SECONDS)).isTrue();

      HttpResponse<String> refused = server.get("/mcp");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");

      server.release.countDown();
      assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo(200);
      assertThat(server.get("/mcp").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void longRequestsAreRefusedBeforeTheyAreRead() throws Exception {
    try (FilteredServer server = server(new PrincipalLimits(100, 100, 1, 10, 100))) {
      HttpRequest.Builder post =
          HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString("x".repeat(101)));

      assertThat(server.send(post, "/mcp").statusCode()).isEqualTo(413);
    }
  }

  @Test
  void onePrincipalTakesNothingFromAnother() {
    PrincipalLoad load = new PrincipalLoad(new PrincipalLimits(1, 1, 1, 1, 1), 10, nanos::get);

    assertThat(load.begin("ann")).isEqualTo(new PrincipalLoad.Verdict.Begin());
    assertThat(load.begin("ann")).isEqualTo(new PrincipalLoad.Verdict.Wait(1));
    assertThat(load.begin("ben")).isEqualTo(new PrincipalLoad.Verdict.Begin());
    nanos.addAndGet(SECOND);
    assertThat(load.begin("ann")).isEqualTo(new PrincipalLoad.Verdict.Full());
    load.end("ann");
    assertThat(load.begin("ann")).isEqualTo(new PrincipalLoad.Verdict.Begin());
  }

  @Test
  void onlyPrincipalsOfWhomNothingRunsAreForgotten() {
    PrincipalLoad load = new PrincipalLoad(new PrincipalLimits(1, 1, 1, 1, 1), 3, nanos::get);
    load.begin("busy");
    for (int i = 0; i < 100; i++) {
      load.begin("p" + i);
      load.end("p" + i);
    }

    assertThat(load.remembered()).isEqualTo(3);
    assertThat(load.begin("busy")).isEqualTo(new PrincipalLoad.Verdict.Wait(1));
    load.end("busy");
  }
}
