package dev.qwenmcp.server.flow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.flow.declaration.FlowCheck;
import dev.qwenmcp.server.flow.declaration.FlowSource;
import dev.qwenmcp.server.flow.sql.SqliteRunStore;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FlowRunnerTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private final FakeTools fake = new FakeTools();
  private final RunStore store = SqliteRunStore.inMemory(InstantSource.system());
  private final Call call = new Call(new Cancellation());

  private record Call(Cancellation cancellation) implements ToolContext {
    @Override
    public String requestId() {
      return "1";
    }

    @Override
    public String principal() {
      return "local";
    }

    @Override
    public void progress(double progress, Double total, String message) {}

    @Override
    public void remark(String remark) {}

    @Override
    public void onEnd(Runnable action) {}

    @Override
    public boolean wantsProgress() {
      return false;
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private FlowRunner runner() {
    return new FlowRunner(fake.tools, Map.of(), store, new Random(), InstantSource.system());
  }

  private RunReport run(String flow, String inputs) throws Exception {
    return run(flow, inputs, AMPLE);
  }

  private RunReport run(String flow, String inputs, Duration budget) throws Exception {
    FlowRunner runner = runner();
    return runner.start(
        new FlowRunner.Order(
            FlowCheck.read(flow, runner.surroundings()),
            FlowSource.tree(flow),
            (ObjectNode) JsonMapper.shared().readTree(inputs),
            Optional.empty()),
        budget,
        call);
  }

  private static String output(RunReport report) {
    assertThat(report.run().state()).as(report.run().trouble()).isEqualTo(RunState.FINISHED);
    return report.run().output().orElseThrow().toString();
  }

  @Test
  void valuesKeepTheirTypesAndTextsAreFilledIn() throws Exception {
    RunReport report =
        run(
            """
            flow: f
            inputs: {n: {type: integer}, list: {type: array, default: [a, b]}}
            steps:
              - {id: one, tool: echo, with: {text: "n is ${inputs.n}, ${inputs.list[1]}"}}
            output: {n: "${inputs.n}", list: "${inputs.list}", said: "${steps.one.text}", none: "${steps.one.value ?? \\"-\\"}", raw: "$${x}"}
            """,
            "{\"n\": 7}");

    assertThat(output(report))
        .isEqualTo(
            "{\"n\":7,\"list\":[\"a\",\"b\"],\"said\":\"n is 7, b\",\"none\":\"-\",\"raw\":\"${x}\"}");
    assertThat(fake.calls).contains("echo{\"text\":\"n is 7, b\",\"context_id\":\"ctx_1\"}");
  }

  @Test
  void whatIsFilledInIsNoTemplate() throws Exception {
    RunReport report =
        run(
            """
            flow: f
            inputs: {q: {type: string}}
            steps: [{id: one, tool: echo, with: {text: "${inputs.q}"}}, {id: two, tool: echo, with: {text: "${steps.one.text}"}}]
            output: ${steps.two.text}
            """,
            "{\"q\": \"${inputs.secret} ${steps.one}\"}");

    assertThat(output(report)).isEqualTo("\"${inputs.secret} ${steps.one}\"");
  }

  @Test
  void stepsWhoseConditionDoesNotHoldAreSkipped() throws Exception {
    String flow =
        """
        flow: f
        inputs: {kind: {type: string}}
        steps:
          - {id: a, tool: echo, when: {value: "${inputs.kind}", in: [x, y]}, with: {text: A}}
          - {id: b, tool: echo, when: {not: {value: "${steps.a.text}", exists: true}}, with: {text: B}}
        output: ${steps.a.text ?? steps.b.text}
        """;

    assertThat(output(run(flow, "{\"kind\": \"x\"}"))).isEqualTo("\"A\"");
    RunReport other = run(flow, "{\"kind\": \"z\"}");
    assertThat(output(other)).isEqualTo("\"B\"");
    assertThat(other.steps())
        .extracting(StepRecord::state)
        .containsExactly(StepRecord.State.SKIPPED, StepRecord.State.DONE);
  }

  @Test
  void aFailedStepIsTriedAgainAndThenEndsTheRunOrNot() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    fake.with(
        "flaky",
        (a, c) ->
            attempts.incrementAndGet() % 3 == 0
                ? FakeTools.answer("text", "at last")
                : new FlowTool.Failed("busy", "later"));
    fake.with("broken", (a, c) -> new FlowTool.Failed("no_way", "it is broken"));
    String flow =
        """
        flow: f
        steps:
          - {id: a, tool: flaky, retry: {attempts: 3, backoff_seconds: 0.01, on: [busy]}}
          - {id: b, tool: broken, retry: {attempts: 3, backoff_seconds: 0.01, on: [busy]}, on_error: %s}
        output: ${steps.b.error.code}
        """;

    RunReport goesOn = run(flow.formatted("continue"), "{}");
    assertThat(output(goesOn)).isEqualTo("\"no_way\"");
    assertThat(goesOn.steps()).extracting(StepRecord::attempts).containsExactly(3, 1);
    RunReport fails = run(flow.formatted("fail"), "{}");
    assertThat(fails.run().state()).isEqualTo(RunState.FAILED);
    assertThat(fails.run().trouble()).isEqualTo("b: no_way: it is broken");
    assertThat(fails.failedStep()).contains("b");
  }

  @Test
  void branchesRunAtTheSameTimeAndOneFailureStopsTheOthers() throws Exception {
    CyclicBarrier met = new CyclicBarrier(2);
    fake.with(
        "meet",
        (a, c) -> {
          try {
            met.await(10, TimeUnit.SECONDS); // passes only if both branches are here
            return FakeTools.answer("text", "met");
          } catch (Exception e) {
            return new FlowTool.Failed("alone", "nobody came");
          }
        });
    String flow =
        """
        flow: f
        steps:
          - id: p
            parallel: [{id: a, tool: meet}, [{id: b, tool: meet}, {id: c, tool: echo, with: {text: "${steps.b.text}"}}]]
        output: ${steps.a.text} ${steps.c.text}
        """;
    assertThat(output(run(flow, "{}"))).isEqualTo("\"met met\"");

    CountDownLatch cancelled = new CountDownLatch(1);
    fake.with("bad", (a, c) -> new FlowTool.Failed("bad", "no"));
    fake.with(
        "endless",
        (a, c) -> {
          c.cancellation().onCancel(cancelled::countDown);
          try {
            return cancelled.await(10, TimeUnit.SECONDS)
                ? new FlowTool.Failed("cancelled", "stopped")
                : new FlowTool.Failed("late", "nobody stopped it");
          } catch (InterruptedException e) {
            return new FlowTool.Failed("late", "interrupted");
          }
        });
    RunReport report =
        run(
            "{flow: f, steps: [{id: p, parallel: [{id: a, tool: bad}, {id: b, tool: endless}]}]}",
            "{}");
    assertThat(report.run().trouble()).isEqualTo("a: bad: no");
  }

  @Test
  void loopsCollectAndAreBounded() throws Exception {
    String flow =
        """
        flow: f
        inputs: {list: {type: array}}
        steps:
          - id: all
            each: ${inputs.list}
            as: word
            most: 3
            steps: [{id: say, tool: echo, with: {text: "${index} ${word}"}, context: new}]
            collect: ${steps.say.text}
        """;

    RunReport report = run(flow, "{\"list\": [\"a\", \"b\"]}");
    assertThat(output(report)).isEqualTo("[\"0 a\",\"1 b\"]");
    assertThat(report.steps())
        .extracting(StepRecord::address)
        .containsExactly("all[0].say", "all[1].say", "all");
    assertThat(run(flow, "{\"list\": [1, 2, 3, 4]}").run().trouble()).contains("too_many_items");
    assertThat(
            run(flow.replace("${inputs.list}", "${inputs.list[0]}"), "{\"list\": [1]}")
                .run()
                .trouble())
        .contains("not_a_list");
  }

  @Test
  void contextsAreSharedForkedOrNew() throws Exception {
    run(
        """
        flow: f
        model: big
        steps:
          - {id: a, tool: echo, with: {text: x}}
          - {id: b, tool: echo, with: {text: x}, context: fork, model: small}
          - {id: c, tool: echo, with: {text: x}, context: new}
        """,
        "{}");
    assertThat(fake.calls)
        .containsSubsequence(
            "echo{\"text\":\"x\",\"model\":\"big\",\"context_id\":\"ctx_1\"}",
            "echo{\"text\":\"x\",\"model\":\"small\",\"context_id\":\"ctx_1_fork\"}",
            "echo{\"text\":\"x\",\"model\":\"big\"}");
  }

  @Test
  void aStoppedRunGoesOnAfterItsLastFinishedStep() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger slow = new AtomicInteger();
    fake.with(
        "slow",
        (a, c) -> {
          if (slow.incrementAndGet() == 1) {
            c.cancellation().onCancel(never::countDown);
            try {
              never.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              return new FlowTool.Failed("late", "interrupted");
            }
            return new FlowTool.Failed("cancelled", "stopped");
          }
          return FakeTools.answer("text", "done");
        });
    String flow =
        """
        flow: f
        steps:
          - {id: a, tool: echo, with: {text: first}}
          - {id: l, each: [1, 2], steps: [{id: in, tool: echo, with: {text: "${item}"}}]}
          - {id: b, tool: slow}
        output: ${steps.a.text} ${steps.l[1].in.text} ${steps.b.text}
        """;

    RunReport stopped = run(flow, "{}", Duration.ofMillis(300));
    assertThat(stopped.run().state()).isEqualTo(RunState.STOPPED);
    long echoes = fake.count("echo");
    RunReport resumed = runner().resume(stopped.run().id(), AMPLE, call);
    assertThat(output(resumed)).isEqualTo("\"first 2 done\"");
    assertThat(fake.count("echo")).isEqualTo(echoes);
    assertThat(fake.count("context_open")).isEqualTo(1);

    RunReport again = runner().resume(stopped.run().id(), AMPLE, call);
    assertThat(output(again)).isEqualTo("\"first 2 done\"");
    assertThat(fake.count("slow")).isEqualTo(2);
  }

  @Test
  void aCancelledRunCanBeResumed() throws Exception {
    fake.with(
        "cancelling",
        (a, c) -> {
          if (!call.cancellation().cancelled()) {
            call.cancellation().cancel();
            return new FlowTool.Failed("cancelled", "stopped");
          }
          return FakeTools.answer("text", "ok");
        });
    assertThatThrownBy(() -> run("{flow: f, steps: [{id: a, tool: cancelling}]}", "{}"))
        .isInstanceOf(InterruptedException.class);
    RunRecord run = store.list("local", 5).getFirst();
    assertThat(run.state()).isEqualTo(RunState.STOPPED);
    RunReport resumed = runner().resume(run.id(), AMPLE, new Call(new Cancellation()));
    assertThat(resumed.run().state()).isEqualTo(RunState.FINISHED);
    assertThatThrownBy(() -> runner().resume("run_0", AMPLE, call))
        .isInstanceOfSatisfying(
            ToolException.class, e -> assertThat(e.code()).isEqualTo("unknown_run"));
  }

  @Test
  void timeoutsAndSizesAreKept() throws Exception {
    fake.with(
        "sleeper",
        (a, c) -> {
          CountDownLatch end = new CountDownLatch(1);
          c.cancellation().onCancel(end::countDown);
          try {
            end.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            return new FlowTool.Failed("late", "interrupted");
          }
          return new FlowTool.Failed("cancelled", "stopped");
        });
    fake.with("wordy", (a, c) -> FakeTools.answer("text", "x".repeat(2_000_001)));
    assertThat(
            run("{flow: f, steps: [{id: a, tool: sleeper, timeout_seconds: 0.05}]}", "{}")
                .run()
                .trouble())
        .contains("step_timeout");
    assertThat(run("{flow: f, steps: [{id: a, tool: wordy}]}", "{}").run().trouble())
        .contains("result_too_large");
  }

  @Test
  void inputsAreChecked() {
    String flow =
        "{flow: f, inputs: {n: {type: integer, description: how many}}, steps: [{id: a, tool: echo}]}";
    assertThatThrownBy(() -> run(flow, "{}"))
        .hasMessageContaining("needs the input n (integer): how many");
    assertThatThrownBy(() -> run(flow, "{\"n\": \"x\"}")).hasMessageContaining("is no integer");
    assertThatThrownBy(() -> run(flow, "{\"m\": 1}"))
        .hasMessageContaining("has no input m; it has n");
  }
}
