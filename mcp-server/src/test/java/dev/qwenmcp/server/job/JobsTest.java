package dev.qwenmcp.server.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.endpoint.ToyTools;
import dev.qwenmcp.server.job.sql.SqliteJobStore;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.RegisteredTool;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class JobsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JobSettings SETTINGS =
      new JobSettings(2, Duration.ofMillis(20), Duration.ofSeconds(5));

  @TempDir private Path folder;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-07-28T12:00:00Z"));
  private final List<Jobs> opened = new ArrayList<>();
  private final ToyTools toys = new ToyTools();
  private final ToolRegistry tools = new ToolRegistry(toys.all());

  private Jobs open() {
    Jobs jobs =
        new Jobs(
            SqliteJobStore.in(folder, now::get),
            SETTINGS,
            now::get,
            new SecureRandom(),
            CallObserver.NONE);
    opened.add(jobs);
    return jobs;
  }

  @AfterEach
  void close() {
    opened.forEach(Jobs::close);
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) JsonMapper.shared().readTree(text);
  }

  private JobOrder order(String principal, String tool, String arguments) {
    RegisteredTool<?, ?> registered = tools.find(tool).orElseThrow();
    return new JobOrder(principal, registered, json(arguments));
  }

  private static Job await(Jobs jobs, String principal, String id) throws Exception {
    return jobs.await(principal, id, PATIENCE, _ -> {}, new Cancellation());
  }

  @Test
  void aJobHasTheResultThatTheCallWouldHaveHad() throws Exception {
    Jobs jobs = open();
    Job begun = jobs.start(order("ann", "echo", "{\"text\": \"hi\"}"));
    assertThat(begun.id()).startsWith("job_").hasSizeGreaterThan(20);

    Job done = await(jobs, "ann", begun.id());

    assertThat(done.state()).isEqualTo(JobState.FINISHED);
    ObjectNode result = ((JobEnding.Result) done.ending().orElseThrow()).result();
    assertThat(result.at("/structuredContent/echo").asString()).isEqualTo("hi");
    assertThat(open().get("ann", begun.id())).isEqualTo(jobs.get("ann", begun.id()));
  }

  @Test
  void aToolsFailureIsAResultToo() throws Exception {
    Jobs jobs = open();
    Job done = await(jobs, "ann", jobs.start(order("ann", "fail", "{\"how\": \"tool\"}")).id());

    assertThat(done.state()).isEqualTo(JobState.FAILED);
    ObjectNode result = ((JobEnding.Result) done.ending().orElseThrow()).result();
    assertThat(result.get("isError").asBoolean()).isTrue();
    assertThat(JobView.of(done).error()).startsWith("out_of_luck: ");
  }

  @Test
  void anothersJobIsAsIfItWereNone() throws Exception {
    Jobs jobs = open();
    String id = jobs.start(order("ann", "wait", "{}")).id();

    ToolException others = failure(() -> jobs.get("bob", id));
    ToolException none = failure(() -> jobs.get("bob", "job_none"));
    assertThat(others.code()).isEqualTo(none.code()).isEqualTo("unknown_job");
    assertThat(others.getMessage().replace(id, "X"))
        .isEqualTo(none.getMessage().replace("job_none", "X"));
    assertThat(failure(() -> jobs.cancel("bob", id)).code()).isEqualTo("unknown_job");
    assertThat(jobs.list("bob", 10)).isEmpty();
    assertThat(jobs.get("ann", id).state().ended()).isFalse();
    toys.release.countDown();
  }

  private interface Failing {
    void run() throws Exception;
  }

  private static ToolException failure(Failing work) {
    try {
      work.run();
    } catch (ToolException e) {
      return e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("nothing failed");
  }

  @Test
  void aCancelledJobStopsAndSaysSo() throws Exception {
    Jobs jobs = open();
    String id = jobs.start(order("ann", "wait", "{}")).id();
    jobs.cancel("ann", id);

    assertThat(await(jobs, "ann", id).state()).isEqualTo(JobState.CANCELLED);
    jobs.cancel("ann", id);
    assertThat(jobs.get("ann", id).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aJobIsCancelledFromAnotherServerOfTheFolder() throws Exception {
    Jobs first = open();
    String id = first.start(order("ann", "wait", "{}")).id();
    try (SqliteJobStore second = SqliteJobStore.in(folder, now::get)) {
      second.wantCancelled(id);
    }

    assertThat(await(first, "ann", id).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void progressIsSeenWhileItRuns() throws Exception {
    Jobs jobs = open();
    Job done = await(jobs, "ann", jobs.start(order("ann", "count", "{\"to\": 1000}")).id());

    assertThat(done.progress().orElseThrow().done()).isEqualTo(1000);
    assertThat(done.progress().orElseThrow().message()).isEqualTo("at 1000");
  }

  @Test
  void onlySoManyRunAtOnceAndTheOthersWait() throws Exception {
    Jobs jobs = open();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(jobs.start(order("ann", "wait", "{}")).id());
    }
    while (toys.waiting.get() < 2) {
      Thread.onSpinWait();
    }
    assertThat(jobs.list("ann", 10).stream().filter(job -> job.state() == JobState.QUEUED))
        .hasSize(3);
  }

  @Test
  void jobsThatAServerLeavesBehindAreInterrupted() throws Exception {
    Jobs jobs = open();
    String id = jobs.start(order("ann", "wait", "{}")).id();
    jobs.close();

    Job left = open().get("ann", id);
    assertThat(left.state()).isEqualTo(JobState.INTERRUPTED);
    assertThat(JobView.of(left).hint()).contains("resume: " + id);
  }

  @Test
  void aResultGoesADayAfterTheEnd() throws Exception {
    Jobs jobs = open();
    String id = jobs.start(order("ann", "echo", "{\"text\": \"hi\"}")).id();
    await(jobs, "ann", id);
    now.set(now.get().plus(Job.LIFETIME).minusSeconds(1));
    assertThat(jobs.get("ann", id).state()).isEqualTo(JobState.FINISHED);

    now.set(now.get().plusSeconds(2));
    assertThatThrownBy(() -> jobs.get("ann", id)).isInstanceOf(ToolException.class);
    assertThat(jobs.list("ann", 10)).isEmpty();
  }

  @Test
  void aPrincipalCannotFillTheServerWithJobs() throws Exception {
    Jobs jobs = open();
    for (int i = 0; i < 100; i++) {
      jobs.start(order("ann", "wait", "{}"));
    }

    assertThat(failure(() -> jobs.start(order("ann", "wait", "{}"))).code())
        .isEqualTo("too_many_jobs");
    assertThat(jobs.start(order("bob", "wait", "{}")).principal()).isEqualTo("bob");
  }
}
