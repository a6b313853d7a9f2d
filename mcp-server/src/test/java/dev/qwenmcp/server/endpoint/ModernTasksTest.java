package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.conformance.EverythingServer;
import dev.qwenmcp.server.job.Jobs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The tasks extension: calls that go on without the client, and ask it meanwhile. */
class ModernTasksTest {
  private static final String TASKS =
      "{\"elicitation\": {}, \"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}";

  private final Jobs jobs = EverythingServer.jobs();
  private final ServerHarness server = new ServerHarness(EverythingServer.service(jobs));

  @AfterEach
  void close() {
    server.close();
    jobs.close();
  }

  private static ObjectNode from(String capabilities, ObjectNode params) {
    ServerHarness.modern(params);
    ((ObjectNode) params.get("_meta"))
        .set("io.modelcontextprotocol/clientCapabilities", json(capabilities));
    return params;
  }

  private JsonNode started(String tool, String arguments) {
    return server.request("tools/call", from(TASKS, call(tool, json(arguments)))).get("result");
  }

  private JsonNode task(String method, String id, String more) {
    return server.request(
        "tasks/" + method, from(TASKS, json("{\"taskId\": \"%s\"%s}".formatted(id, more))));
  }

  /** Waits until a task has a status. */
  private JsonNode awaited(String id, String status) {
    JsonNode task = task("get", id, "").get("result");
    for (int i = 0; i < 400 && !task.get("status").asString().equals(status); i++) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      task = task("get", id, "").get("result");
    }
    assertThat(task.get("status").asString()).as("%s", task).isEqualTo(status);
    return task;
  }

  @Test
  void aCallThatTakesLongBecomesATaskWithItsResult() {
    JsonNode begun = started("slow_compute", "{\"seconds\": 0.6, \"label\": \"x\"}");
    assertThat(begun.get("resultType").asString()).isEqualTo("task");
    assertThat(begun.get("status").asString()).isEqualTo("working");
    assertThat(begun.has("result")).isFalse();

    JsonNode done = awaited(begun.get("taskId").asString(), "completed");
    assertThat(done.at("/result/content/0/text").asString()).isEqualTo("done x");
    assertThat(done.get("ttlMs").asLong()).isGreaterThan(86_000_000);
    JsonNode seen =
        server
            .request("tools/call", from("{}", call("greet", json("{\"name\": \"Ann\"}"))))
            .get("result");
    assertThat(seen.get("resultType").asString()).isEqualTo("complete");
  }

  @Test
  void aCallThatEndsAtOnceIsNoTask() {
    JsonNode quick = started("slow_compute", "{\"seconds\": 0}");

    assertThat(quick.get("resultType").asString()).isEqualTo("complete");
    assertThat(quick.has("taskId")).isFalse();
  }

  @Test
  void clientsWithoutTheExtensionWaitOrAreRefused() {
    JsonNode waited =
        server
            .request("tools/call", from("{}", call("slow_compute", json("{\"seconds\": 0.5}"))))
            .get("result");
    assertThat(waited.get("resultType").asString()).isEqualTo("complete");

    JsonNode refused = server.request("tools/call", from("{}", call("failing_job", json("{}"))));
    assertThat(refused.at("/error/code").asInt()).isEqualTo(-32021);
    JsonNode get = server.request("tasks/get", from("{}", json("{\"taskId\": \"job_1\"}")));
    assertThat(get.at("/error/code").asInt()).isEqualTo(-32021);
  }

  @Test
  void aTaskWaitsForEachAnswerAndTakesNoOthers() {
    String id = started("multi_input", "{}").get("taskId").asString();
    JsonNode asking = awaited(id, "input_required");
    assertThat(asking.get("inputRequests").properties()).hasSize(2);

    String wrong =
        ", \"inputResponses\": {\"third\": {\"action\": \"accept\"}, \"first\": {\"action\": \"no\"}}";
    assertThat(task("update", id, wrong).at("/result/resultType").asString()).isEqualTo("complete");
    assertThat(task("get", id, "").at("/result/inputRequests").properties()).hasSize(2);
    String one =
        ", \"inputResponses\": {\"%s\": {\"action\": \"accept\", \"content\": {\"name\": \"A\"}}}";
    task("update", id, one.formatted("first"));
    JsonNode left = task("get", id, "").get("result");
    assertThat(left.get("inputRequests").properties()).hasSize(1);
    assertThat(left.get("status").asString()).isEqualTo("input_required");
    task("update", id, one.formatted("second"));

    assertThat(awaited(id, "completed").at("/result/isError").asBoolean()).isFalse();
  }

  @Test
  void tasksAreCancelledAndStayWhatTheyEndedAs() {
    String id = started("slow_compute", "{\"seconds\": 60}").get("taskId").asString();
    JsonNode acknowledged = task("cancel", id, "").get("result");
    assertThat(acknowledged.has("taskId")).isFalse();

    awaited(id, "cancelled");
    assertThat(task("cancel", id, "").has("result")).isTrue();
    assertThat(task("get", "job_none", "").at("/error/code").asInt()).isEqualTo(-32602);
  }

  @Test
  void subscribersHearHowTasksStand() {
    String id = started("slow_compute", "{\"seconds\": 0.7}").get("taskId").asString();
    server.start(
        "subscriptions/listen",
        from(TASKS, json("{\"notifications\": {\"taskIds\": [\"%s\", \"job_x\"]}}".formatted(id))));
    JsonNode acknowledged = server.next();
    assertThat(acknowledged.at("/params/notifications/taskIds"))
        .hasToString("[\"%s\"]".formatted(id));

    JsonNode notice = server.next();
    assertThat(notice.get("method").asString()).isEqualTo("notifications/tasks");
    assertThat(notice.at("/params/status").asString()).isEqualTo("completed");
    assertThat(notice.at("/params/result/isError").asBoolean(true)).isFalse();
  }

  @Test
  void whatIsAskedBeforehandIsKnownToTheTask() {
    JsonNode first = started("test_tool_with_task", "{}");
    assertThat(first.get("resultType").asString()).isEqualTo("input_required");
    ObjectNode again = from(TASKS, call("test_tool_with_task", json("{}")));
    again.set("requestState", first.get("requestState"));
    again.set(
        "inputResponses",
        json("{\"user_name\": {\"action\": \"accept\", \"content\": {\"name\": \"Ann\"}}}"));
    JsonNode second = server.request("tools/call", again).get("result");
    assertThat(second.get("resultType").asString()).isEqualTo("task");
    assertThat(second.has("requestState")).isFalse();

    JsonNode done = awaited(second.get("taskId").asString(), "completed");
    assertThat(done.at("/result/content/0/text").asString()).isEqualTo("Hello, Ann");
  }
}
