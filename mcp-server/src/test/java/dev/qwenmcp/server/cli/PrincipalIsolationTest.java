package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.transport.http.security.Grant;
import java.io.BufferedReader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What belongs to one principal is nothing to another, over every tool and resource: Ben gets for
 * Ann's handles word for word what he gets for handles that never were.
 */
class PrincipalIsolationTest {
  /** As many words as fill pages of keys and values. */
  private static final String LONG =
      "Please read this carefully and tell me what it says about the garden. ".repeat(16);

  private static final String SECRET = "xylophone";

  /** Never were. */
  private static final String NO_CONTEXT = "ctx_AAAAAAAAAAAAAAAAAAAAAAAAAAA";

  private static final String NO_RUN = "run_AAAAAAAAAAAAAAAAAAAAAAAAAAA";

  @TempDir private static Path folder;

  private static HttpProcess server;
  private static String annsToken;
  private static String carlsToken;
  private static PrincipalSession ann;
  private static PrincipalSession ben;
  private static PrincipalSession carl;
  private static Path allowed;
  private static String context;
  private static String run;

  @BeforeAll
  static void start() throws Exception {
    allowed = Files.createDirectories(folder.resolve("allowed"));
    Files.writeString(allowed.resolve("note.txt"), "Everybody may read this note.");
    Files.writeString(folder.resolve("outside.txt"), "Nobody may read " + SECRET + ".");
    annsToken = HttpProcess.token(folder, "ann", Grant.USE);
    String bens = HttpProcess.token(folder, "ben", Grant.USE);
    carlsToken = HttpProcess.token(folder, "carl", Grant.USE);
    server =
        new HttpProcess(
            folder, null, "--http", "0", "--allow-root", allowed.toString(), "--cache-disk", "0");
    ann = new PrincipalSession(server, annsToken);
    ben = new PrincipalSession(server, bens);
    carl = new PrincipalSession(server, carlsToken);
    context =
        ann.call("context_open", "{\"title\":\"" + SECRET + "\"}").path("context_id").asString("");
    ann.call("context_append", inContext(context, "\"text\":\"" + SECRET + "\""));
    ann.call(
        "ingest",
        """
        {"collection":"plans","documents":[{"id":"d1","title":"Plan","text":"The %s opens at nine."}]}\
        """
            .formatted(SECRET));
    ann.call(
        "ingest", "{\"collection\":\"notes\",\"path\":\"%s\",\"watch\":true}".formatted(allowed));
    ann.call("label_set", "{\"action\":\"define\",\"name\":\"kinds\",\"labels\":[\"a\",\"b\"]}");
    run =
        ann.call(
                "run_flow",
                """
                {"definition":{"flow":"own","steps":[{"id":"one","tool":"context_open","with":{"title":"%s"}}]},"inputs":{}}\
                """
                    .formatted(SECRET))
            .path("run_id")
            .asString("");
    assertThat(run).isNotEmpty();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String inContext(String id, String more) {
    return "{\"context_id\":\"%s\"%s}".formatted(id, more.isEmpty() ? "" : "," + more);
  }

  /** Arguments that need a context, by tool. */
  private static Map<String, String> usesOfContexts() {
    Map<String, String> uses = new LinkedHashMap<>();
    uses.put("understand", "\"task\":\"keywords\",\"text\":\"hello world\"");
    uses.put("label_set", "\"action\":\"list\"");
    uses.put("retrieve", "\"query\":\"hello\"");
    uses.put("generate", "\"prompt\":\"hello\",\"max_tokens\":1");
    uses.put("answer", "\"question\":\"hello\"");
    uses.put("ingest", "\"documents\":[{\"id\":\"x\",\"text\":\"hello\"}]");
    uses.put("list_sources", "");
    uses.put("forget", "\"documents\":[\"x\"]");
    uses.put("context_open", "");
    uses.put("context_read", "");
    uses.put("context_append", "\"text\":\"hello\"");
    uses.put("context_fork", "");
    uses.put("context_list", "");
    uses.put("context_close", "");
    uses.put("list_models", "");
    uses.put("use_model", "\"model\":\"nano\"");
    uses.put(
        "run_flow",
        "\"definition\":{\"flow\":\"own\",\"steps\":[{\"id\":\"one\",\"tool\":\"context_read\"}]}");
    uses.put("list_flows", "");
    uses.put("list_flow_runs", "");
    return uses;
  }

  @Test
  void everyToolIsLookedAt() {
    assertThat(usesOfContexts().keySet())
        .as("a tool that is new: does it keep other principals' things from its callers?")
        .containsAll(ben.tools().stream().filter(tool -> !tool.startsWith("job_")).toList());
    assertThat(Set.of("job_start", "job_get", "job_cancel", "job_list"))
        .containsAll(ben.tools().stream().filter(tool -> tool.startsWith("job_")).toList());
  }

  @Test
  void everyToolTakesAnothersContextForOneThatNeverWas() {
    for (Map.Entry<String, String> use : usesOfContexts().entrySet()) {
      JsonNode others = ben.result(use.getKey(), inContext(context, use.getValue()));
      JsonNode none = ben.result(use.getKey(), inContext(NO_CONTEXT, use.getValue()));

      assertThat(timeless(others, context))
          .as(use.getKey())
          .isEqualTo(timeless(none, NO_CONTEXT))
          .doesNotContain(SECRET);
    }
    assertThat(ann.call("context_read", inContext(context, "")).path("entries")).hasSize(1);
  }

  /** Without what differs by chance, and with the handle made a dot. */
  private static String timeless(JsonNode result, String handle) {
    return result
        .toString()
        .replace(handle, ".")
        .replaceAll("run_[0-9a-f]+", "run")
        .replaceAll("\\d+\\.\\d+(E-?\\d+)?", "0.0")
        .replaceAll("20\\d\\d-[0-9T:.Z-]+", "time");
  }

  @Test
  void collectionsLabelSetsAndRunsOfOthersAreNotThere() {
    List<List<String>> named =
        List.of(
            List.of("retrieve", "{\"query\":\"opens\",\"collection\":\"%s\"}"),
            List.of("answer", "{\"question\":\"When does it open?\",\"collection\":\"%s\"}"),
            List.of("list_sources", "{\"collection\":\"%s\"}"),
            List.of("forget", "{\"documents\":[\"d1\"],\"collection\":\"%s\"}"),
            List.of("forget", "{\"whole_collection\":true,\"collection\":\"%s\"}"));
    for (List<String> call : named) {
      assertThat(ben.failure(call.get(0), call.get(1).formatted("plans")).replace("plans", "."))
          .as(call.toString())
          .isEqualTo(ben.failure(call.get(0), call.get(1).formatted("never")).replace("never", "."))
          .doesNotContain(SECRET, "notes");
    }
    for (String action : List.of("train", "show", "delete")) {
      String set = "{\"action\":\"" + action + "\",\"name\":\"%s\"}";
      assertThat(timeless(ben.result("label_set", set.formatted("kinds")), "kinds"))
          .as(action)
          .isEqualTo(timeless(ben.result("label_set", set.formatted("never")), "never"));
    }
    String classify = "{\"task\":\"classify\",\"text\":\"hello\",\"label_set\":\"%s\"}";
    assertThat(ben.failure("understand", classify.formatted("kinds")).replace("kinds", "."))
        .isEqualTo(ben.failure("understand", classify.formatted("never")).replace("never", "."));
    for (String tool : List.of("list_flow_runs", "run_flow")) {
      String byRun = "{\"run_id\":\"%s\"}";
      assertThat(ben.failure(tool, byRun.formatted(run)).replace(run, "."))
          .isEqualTo(ben.failure(tool, byRun.formatted(NO_RUN)).replace(NO_RUN, "."));
    }
    assertThat(ann.call("list_sources", "{\"collection\":\"plans\"}").toString()).contains("d1");
    assertThat(ann.call("label_set", "{\"action\":\"list\"}").toString()).contains("kinds");
  }

  @Test
  void listsAreThoseOfAServerWithoutOthers() {
    assertThat(ben.result("list_sources", "{}").toString()).doesNotContain(SECRET, "plans");
    assertThat(ben.call("list_flow_runs", "{}").toString()).doesNotContain(SECRET, run);
    assertThat(ben.call("label_set", "{\"action\":\"list\"}").toString()).doesNotContain("kinds");
    String page = carl.call("context_list", "{\"limit\":1}").toString();
    assertThat(page).doesNotContain(context, SECRET);
    assertThat(carl.ask("resources/list", "{}").toString())
        .doesNotContain(context, SECRET, "plans", "notes");
    assertThat(carl.failure("list_sources", "{}")).contains("there are no documents yet");
  }

  @Test
  void thePageShowsNobodyElsesThings() {
    ann.call("context_read", inContext(context, ""));
    for (String path : List.of("calls", "contexts", "collections", "runs", "models")) {
      HttpResponse<String> answer = server.get("/api/" + path, carlsToken);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.body())
          .as(path)
          .doesNotContain(SECRET, context, run, "plans", "context_read");
    }
    assertThat(server.get("/api/contexts", annsToken).body()).contains(context);
  }

  @Test
  void othersNamesAreNotProposed() {
    for (String variable : List.of("context_id", "collection", "document")) {
      String template =
          variable.equals("context_id")
              ? "context://{context_id}"
              : "knowledge://{collection}/{document}{?start,end,version}";
      String proposed =
          ben.ask(
                  "completion/complete",
                  """
                  {"ref":{"type":"ref/resource","uri":"%s"},"argument":{"name":"%s","value":""},
                  "context":{"arguments":{"collection":"plans"}}}\
                  """
                      .formatted(template, variable))
              .toString();
      assertThat(proposed).doesNotContain(context, "plans", "notes", "d1").contains("values");
    }
  }

  @Test
  void whatTwoKeepUnderOneNameStaysTwo() {
    String document = "{\"collection\":\"shared\",\"documents\":[{\"id\":\"d\",\"text\":\"%s\"}]}";
    ann.call("ingest", document.formatted("Ann grows apples."));
    ben.call("ingest", document.formatted("Ben grows pears."));
    String labels = "{\"action\":\"define\",\"name\":\"fruit\",\"labels\":[\"%s\",\"other\"]}";
    ann.call("label_set", labels.formatted("apple"));
    ben.call("label_set", labels.formatted("pear"));

    String search = "{\"query\":\"grows\",\"collection\":\"shared\"}";
    assertThat(ann.call("retrieve", search).toString()).contains("apples").doesNotContain("pears");
    assertThat(ben.call("retrieve", search).toString()).contains("pears").doesNotContain("apples");
    ben.call("forget", "{\"whole_collection\":true,\"collection\":\"shared\"}");
    ben.call("label_set", "{\"action\":\"delete\",\"name\":\"fruit\"}");
    assertThat(ann.call("retrieve", search).toString()).contains("apples");
    assertThat(ann.call("label_set", "{\"action\":\"show\",\"name\":\"fruit\"}").toString())
        .contains("apple");
  }

  @Test
  void resourcesOfOthersAreNotFoundAndNotWatched() {
    for (List<String> pair :
        List.of(
            List.of("context://" + context, "context://" + NO_CONTEXT),
            List.of(
                "context://" + context + "/entries/0", "context://" + NO_CONTEXT + "/entries/0"),
            List.of("knowledge://plans", "knowledge://never"),
            List.of("knowledge://plans/d1", "knowledge://never/d1"),
            List.of("knowledge://notes", "knowledge://never"))) {
      for (String method : List.of("resources/read", "resources/subscribe")) {
        JsonNode others = ben.ask(method, "{\"uri\":\"" + pair.get(0) + "\"}").path("error");
        JsonNode none = ben.ask(method, "{\"uri\":\"" + pair.get(1) + "\"}").path("error");

        assertThat(others.path("message").asString("").replace(pair.get(0), "."))
            .as(method + " " + pair)
            .isNotEmpty()
            .isEqualTo(none.path("message").asString("").replace(pair.get(1), "."));
        assertThat(others.path("code")).isEqualTo(none.path("code"));
      }
    }
  }

  @Test
  void nobodyHearsOfOthersChanges() throws Exception {
    String bens = ben.call("context_open", "{}").path("context_id").asString("");
    ben.ask("resources/subscribe", "{\"uri\":\"context://" + bens + "\"}");
    ben.ask("resources/subscribe", "{\"uri\":\"context://" + context + "\"}");
    try (BufferedReader notices = ben.notices()) {
      String other = ann.call("context_open", "{}").path("context_id").asString("");
      ann.call("context_append", inContext(other, "\"text\":\"hello\""));
      ann.call("context_open", inContext(context, "\"pinned\":true"));
      ben.call("context_append", inContext(bens, "\"text\":\"hello\""));

      List<String> heard = new ArrayList<>();
      String line = "";
      while (!line.contains(bens)) {
        line = notices.readLine();
        heard.add(line);
      }
      assertThat(String.join("\n", heard)).doesNotContain(context, other);
    }
  }

  @Test
  void jobsOfOthersAreUnknown() {
    String job =
        ann.call(
                "job_start",
                "{\"tool\":\"context_open\",\"arguments\":{\"title\":\"%s\"}}".formatted(SECRET))
            .path("job_id")
            .asString("");
    assertThat(job).startsWith("job_");
    String none = "job_" + "A".repeat(job.length() - "job_".length());
    for (List<String> call :
        List.of(
            List.of("job_get", "{\"job_id\":\"%s\"}"),
            List.of("job_cancel", "{\"job_id\":\"%s\"}"),
            List.of("job_start", "{\"resume\":\"%s\"}"))) {
      assertThat(ben.failure(call.get(0), call.get(1).formatted(job)).replace(job, "."))
          .as(call.toString())
          .isEqualTo(ben.failure(call.get(0), call.get(1).formatted(none)).replace(none, "."));
    }
    assertThat(ben.call("job_list", "{}").toString()).doesNotContain(job, SECRET);
    assertThat(
            ann.call("job_get", "{\"job_id\":\"%s\",\"wait_seconds\":20}".formatted(job))
                .toString())
        .contains("context_open");
  }

  @Test
  void withoutSessionsItIsTheSame() {
    String read = "\"name\":\"context_read\",\"arguments\":{\"context_id\":\"%s\"}";
    assertThat(ann.stateless("tools/call", "context_read", read.formatted(context)).body())
        .contains(SECRET);
    alike("tools/call", "context_read", read, context, NO_CONTEXT);
    String uri = "\"uri\":\"context://%s\"";
    assertThat(
            ann.stateless("resources/read", "context://" + context, uri.formatted(context)).body())
        .contains("contents");
    alike("resources/read", "context://%s", uri, context, NO_CONTEXT);
    String job = ann.call("job_start", "{\"tool\":\"context_open\"}").path("job_id").asString("");
    String none = "job_" + "A".repeat(job.length() - "job_".length());
    String task = "\"taskId\":\"%s\"";
    assertThat(ann.stateless("tasks/get", job, task.formatted(job)).body()).contains("\"result\"");
    alike("tasks/get", "%s", task, job, none);
    alike("tasks/cancel", "%s", task, job, none);
  }

  /** Ben gets for one of Ann's things what he gets for one that never was. */
  private static void alike(String method, String name, String params, String others, String none) {
    HttpResponse<String> taken =
        ben.stateless(method, name.formatted(others), params.formatted(others));
    HttpResponse<String> never =
        ben.stateless(method, name.formatted(none), params.formatted(none));
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(never.statusCode());
    assertThat(taken.body().replace(others, "."))
        .as(method)
        .isEqualTo(never.body().replace(none, "."))
        .doesNotContain(SECRET);
  }

  @Test
  void sessionsOfOthersAreUnknown() {
    HttpResponse<String> others = ben.send(ann.id(), "tools/list", "{}");
    HttpResponse<String> none = ben.send("A".repeat(32), "tools/list", "{}");

    assertThat(others.statusCode()).isEqualTo(404);
    assertThat(others.body()).isEqualTo(none.body());
    assertThat(ben.end(ann.id()).statusCode()).isEqualTo(404);
    assertThat(ann.tools()).isNotEmpty();
  }

  @Test
  void whatOneHasReadSpeedsUpNobodyElse() {
    String arguments = "{\"prompt\":\"" + LONG + "\",\"max_tokens\":1,\"temperature\":0}";
    int first = cached(ann, arguments);
    int again = cached(ann, arguments);
    int other = cached(ben, arguments);

    assertThat(first).isZero();
    assertThat(again).isPositive();
    assertThat(other).isZero();
  }

  private static int cached(PrincipalSession who, String arguments) {
    return who.call("generate", arguments).path("usage").path("cached_tokens").asInt(-1);
  }

  @Test
  void closedContextsAreKnownToTheirOwnersAlone() {
    String gone = ann.call("context_open", "{}").path("context_id").asString("");
    ann.call("context_close", inContext(gone, ""));

    assertThat(ann.failure("context_read", inContext(gone, ""))).contains("was closed");
    assertThat(ben.failure("context_read", inContext(gone, "")).replace(gone, "."))
        .isEqualTo(ben.failure("context_read", inContext(NO_CONTEXT, "")).replace(NO_CONTEXT, "."));
  }

  @Test
  void noPathLeadsOutOfTheAllowedFolders() throws Exception {
    Path outside = folder.resolve("outside.txt");
    Files.createSymbolicLink(allowed.resolve("link.txt"), outside);
    Files.createSymbolicLink(allowed.resolve("up"), folder);
    Path none = folder.resolve("nothing.txt");
    Set<String> answers = new TreeSet<>();
    for (Path path : List.of(outside, none, Path.of("/etc/passwd"), folder.resolve("data"))) {
      for (String text :
          List.of(
              path.toString(),
              path.toUri().toString(),
              allowed + "/.." + "/" + folder.relativize(path))) {
        String said = ann.failure("ingest", path(text));
        assertThat(said).as(text).doesNotContain(SECRET);
        answers.add(said.replace(text, ".").replace(path.toString(), "."));
      }
    }
    assertThat(answers).as("what is there and what is not are answered alike").hasSize(1);
    for (String text : List.of(allowed + "/link.txt", allowed + "/up/outside.txt")) {
      assertThat(ann.failure("ingest", path(text))).doesNotContain(SECRET);
    }
    ann.call("ingest", "{\"collection\":\"all\",\"path\":\"" + allowed + "\"}");
    assertThat(ann.call("list_sources", "{\"collection\":\"all\"}").toString())
        .contains("note.txt")
        .doesNotContain("link.txt", "outside", "passwd");
  }

  private static String path(String path) {
    return "{\"collection\":\"all\",\"path\":\"" + path + "\"}";
  }
}
