package dev.qwenmcp.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The page's data over HTTP: who sees what, of a server as it is started by people. */
class WebApiTest {
  private static final String SECRET = "the parrot is called Coco";

  @TempDir static Path data;

  private static PageServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new PageServer(data);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode generate(String token) throws Exception {
    return server.call(
        token,
        "generate",
        """
        {"prompt":"%s. What is it called?","max_tokens":12,"seed":1}\
        """
            .formatted(SECRET));
  }

  @Test
  void thePageIsServedToEverybodyAndAllowsNothingButItsOwnFiles() throws Exception {
    for (String path : WebPage.OPEN) {
      HttpResponse<String> response = server.get(path, null);

      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(response.body())
          .doesNotContain(
              "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }
    assertThat(server.get("/", null).body())
        .contains("<main")
        .doesNotContain("<script>", "style=", "onclick");
  }

  @Test
  void whatIsNoFileOfThePageIsNotServed() throws Exception {
    for (String path : List.of("/web/", "/web/package-info.class", "/web/..%2fcli%2fMain.class")) {
      assertThat(server.get(path, server.ann).statusCode()).as(path).isIn(400, 404);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server",
        "models",
        "calls",
        "calls/experts?call=1",
        "contexts",
        "contexts/entries?id=ctx_x",
        "collections",
        "collections/sources?collection=x",
        "collections/search?collection=x&query=y",
        "runs",
        "runs/steps?id=x"
      })
  void dataWantsAToken(String path) throws Exception {
    HttpResponse<String> without = server.get("/api/" + path, null);
    HttpResponse<String> wrong = server.get("/api/" + path, server.ann + "x");

    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(without.headers().firstValue("WWW-Authenticate")).isPresent();
    assertThat(wrong.statusCode()).isEqualTo(401);
  }

  @Test
  void theWholeServerIsShownToThoseWhoMaySeeIt() throws Exception {
    generate(server.ann); // until then no model need be loaded
    assertThat(server.get("/api/server", server.bob).statusCode()).isEqualTo(403);

    JsonNode models = server.api("models", server.bob).path("models");
    assertThat(models.path(0).path("name").asString()).isEqualTo("nano");
    assertThat(models.path(0).path("memoryBytes").isNull()).isTrue();
    assertThat(models.path(0).path("activity").isNull()).isTrue();

    JsonNode whole = server.api("server", server.ann);
    JsonNode nano = whole.path("models").path(0);
    assertThat(whole.path("processors").asInt()).isPositive();
    assertThat(nano.path("state").asString()).isEqualTo("ready");
    assertThat(nano.path("memoryBytes").asLong()).isPositive();
    assertThat(nano.path("activity").path("slots").asInt()).isPositive();
    assertThat(nano.path("activity").path("cache").path("askedTokens").asLong()).isPositive();
  }

  @Test
  void callsAreShownToTheirPrincipalWithoutTheirContents() throws Exception {
    generate(server.ann);

    HttpResponse<String> shown = server.get("/api/calls", server.ann);
    JsonNode call = server.api("calls", server.ann).path("finished").path(0);
    assertThat(call.path("tool").asString()).isEqualTo("generate");
    assertThat(call.path("state").asString()).isEqualTo("ok");
    assertThat(call.path("model").asString()).isEqualTo("nano");
    assertThat(call.path("usage").path("promptTokens").asInt()).isPositive();
    assertThat(call.path("usage").path("generatedTokens").asInt()).isBetween(1, 12);
    assertThat(shown.body()).doesNotContain("parrot", server.ann);

    JsonNode others = server.api("calls", server.bob);
    assertThat(others.path("finished").size()).isZero();
    assertThat(others.path("running").size()).isZero();
    assertThat(others.path("totals").path("calls").asInt()).isZero();
  }

  @Test
  void aRunningCallIsShownToItsPrincipalWhileItRuns() throws Exception {
    CompletableFuture<JsonNode> call =
        CompletableFuture.supplyAsync(() -> server.callAtLength(server.ann));

    JsonNode seen = null;
    while (!call.isDone() && (seen == null || !seen.path("model").asString().equals("nano"))) {
      seen = server.api("calls", server.ann).path("running").path(0);
      assertThat(server.api("calls", server.bob).path("running").size()).isZero();
    }

    assertThat(seen).as("a call that was seen while it ran").isNotNull();
    assertThat(seen.path("tool").asString()).isEqualTo("generate");
    assertThat(seen.path("state").asString()).isIn("waiting", "reading", "writing");
    assertThat(seen.path("model").asString()).isEqualTo("nano");
    assertThat(call.get(60, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void theExpertsOfACallAreCountedForItsPrincipal() throws Exception {
    generate(server.ann);
    JsonNode call = server.api("calls", server.ann).path("finished").path(0);
    String path = "calls/experts?call=" + call.path("number").asLong();

    JsonNode mixture = server.api(path, server.ann).path("mixtures").path(0);
    JsonNode grid = mixture.path("grid");
    JsonNode counts = mixture.path("counts");
    assertThat(mixture.path("model").asString()).isEqualTo("nano");
    assertThat(counts.size()).isEqualTo(grid.path("layers").asInt());
    // All but the last token are computed, unless they were known or were wrong guesses as well.
    int written = call.path("usage").path("generatedTokens").asInt();
    for (JsonNode layer : counts) {
      assertThat(layer.size()).isEqualTo(grid.path("experts").asInt());
      int choices = IntStream.range(0, layer.size()).map(e -> layer.path(e).asInt()).sum();
      assertThat(choices % grid.path("used").asInt()).isZero();
      assertThat(choices).isGreaterThanOrEqualTo((written - 1) * grid.path("used").asInt());
    }

    assertThat(server.get("/api/" + path, server.bob).statusCode()).isEqualTo(404);
  }

  @Test
  void contextsAreShownToTheirPrincipalWithWhatTheyShare() throws Exception {
    String origin = generate(server.ann).path("context_id").asString();
    String fork =
        server
            .call(
                server.ann,
                "context_fork",
                """
                {"context_id":"%s","title":"<b>fork</b>"}\
                """
                    .formatted(origin))
            .path("context_id")
            .asString();

    JsonNode shown =
        server
            .api("contexts", server.ann)
            .path("contexts")
            .valueStream()
            .filter(context -> context.path("id").asString().equals(fork))
            .findFirst()
            .orElseThrow();
    assertThat(shown.path("origin").asString()).isEqualTo(origin);
    assertThat(shown.path("shared").asInt()).isEqualTo(2);
    JsonNode entries = server.api("contexts/entries?id=" + fork, server.ann);
    assertThat(entries.path("entries").path(0).path("text").asString()).contains(SECRET);
    assertThat(entries.path("entries").path(1).path("usage").path("generatedTokens").asInt())
        .isPositive();
    assertThat(server.api("contexts/entries?from=1&limit=1&id=" + fork, server.ann).path("entries"))
        .hasSize(1);

    assertThat(server.api("contexts", server.bob).path("contexts").size()).isZero();
    HttpResponse<String> others = server.get("/api/contexts/entries?id=" + origin, server.bob);
    HttpResponse<String> none = server.get("/api/contexts/entries?id=ctx_none", server.bob);
    assertThat(others.statusCode()).isEqualTo(404);
    assertThat(others.body().replace(origin, "ctx_none")).isEqualTo(none.body());
  }

  @Test
  void collectionsAreShownToAndSearchedByTheirPrincipal() throws Exception {
    server.call(
        server.ann,
        "ingest",
        """
        {"collection":"birds","documents":[{"id":"coco","title":"Coco",
        "text":"Coco is a grey parrot who lives in the harbour office."}]}\
        """);

    JsonNode collection = server.api("collections", server.ann).path("collections").path(0);
    assertThat(collection.path("name").asString()).isEqualTo("birds");
    assertThat(collection.path("documents").asInt()).isEqualTo(1);
    assertThat(
            server
                .api("collections/sources?collection=birds", server.ann)
                .path("sources")
                .path(0)
                .path("title")
                .asString())
        .isEqualTo("Coco");
    JsonNode found =
        server.api("collections/search?collection=birds&query=where+is+the+parrot", server.ann);
    assertThat(found.path("passages").path(0).path("text").asString()).contains("harbour office");

    assertThat(server.api("collections", server.bob).path("collections").size()).isZero();
    for (String path :
        List.of("sources?collection=birds", "search?collection=birds&query=parrot")) {
      assertThat(server.get("/api/collections/" + path, server.bob).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void runsAreShownToTheirPrincipal() throws Exception {
    String run =
        server
            .call(
                server.ann,
                "run_flow",
                """
                {"flow":"ticket-triage","inputs":{"tickets":["My parcel came broken."]}}\
                """)
            .path("run_id")
            .asString();

    JsonNode shown = server.api("runs", server.ann).path("runs").path(0);
    assertThat(shown.path("id").asString()).isEqualTo(run);
    assertThat(shown.path("state").asString()).isEqualTo("finished");
    JsonNode steps = server.api("runs/steps?id=" + run, server.ann).path("steps");
    assertThat(steps.size()).isPositive();
    assertThat(steps.path(0).path("tool").asString()).isNotEmpty();

    assertThat(server.api("runs", server.bob).path("runs").size()).isZero();
    assertThat(server.get("/api/runs/steps?id=" + run, server.bob).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "calls/experts",
        "calls/experts?call=first",
        "contexts/entries",
        "contexts/entries?id=ctx_x&limit=1000",
        "collections/search?collection=x",
        "runs/steps"
      })
  void whatIsWrongWithARequestIsSaid(String path) throws Exception {
    HttpResponse<String> response = server.get("/api/" + path, server.ann);

    assertThat(response.statusCode()).isIn(400, 404);
    assertThat(response.body()).startsWith("{\"error\":\"");
  }

  @Test
  void nothingIsChangedByThePagesData() throws Exception {
    HttpResponse<String> posted =
        server.send(
            server
                .request("/api/contexts", server.ann)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());

    assertThat(posted.statusCode()).isEqualTo(405);
  }
}
