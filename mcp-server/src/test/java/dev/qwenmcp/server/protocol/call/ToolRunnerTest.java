package dev.qwenmcp.server.protocol.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.endpoint.ToyTools;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ToolRunnerTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final ToyTools toys = new ToyTools();
  private final ToolRegistry registry = new ToolRegistry(toys.all());
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final CallObserver observer =
      CallObserver.all(List.of(noting("a"), (tool, request) -> CallObserver.Observed.NOTHING));
  private final ToolRunner runner =
      new ToolRunner(new CallLimits(1, 0), Schedulers.parallel(), observer);

  private CallObserver noting(String name) {
    return (tool, request) -> {
      seen.add(name + " " + tool + " of " + request.principal() + " " + request.trace());
      return new CallObserver.Observed() {
        @Override
        public void ended(CallReport report) {
          seen.add(
              report.outcome().getClass().getSimpleName() + (report.cancelled() ? " unheard" : ""));
        }

        @Override
        public void refused() {
          seen.add("refused");
        }
      };
    };
  }

  @AfterEach
  void stop() throws InterruptedException {
    toys.release.countDown();
    assertThat(runner.close(SOON)).isZero();
  }

  private static CallRequest request(ObjectNode arguments) {
    return new CallRequest("1", "token:ann", arguments, null, Map.of("traceparent", "00-1-2-01"));
  }

  private ToolOutcome run(String tool, ObjectNode arguments) {
    return runner.run(registry.find(tool).orElseThrow(), request(arguments)).block(SOON);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private String next() throws InterruptedException {
    return seen.poll(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void observersSeeEveryCallToItsEnd() throws InterruptedException {
    run("echo", object().put("text", "hello"));

    assertThat(next()).isEqualTo("a echo of token:ann {traceparent=00-1-2-01}");
    assertThat(next()).isEqualTo("Success");
  }

  @Test
  void observersSeeArgumentsThatNoToolTakes() throws InterruptedException {
    run("echo", object().put("text", 7));

    assertThat(next()).startsWith("a echo");
    assertThat(next()).isEqualTo("Failure");
  }

  @Test
  void observersSeeCallsThatWereGivenUpAndRefused() throws InterruptedException {
    RegisteredTool<?, ?> wait = registry.find("wait").orElseThrow();
    Disposable running = runner.run(wait, request(object())).subscribe();
    assertThat(next()).startsWith("a wait");

    assertThatThrownBy(() -> run("echo", object().put("text", "one too many")))
        .isInstanceOf(TooManyCallsException.class);
    assertThat(next()).startsWith("a echo");
    assertThat(next()).isEqualTo("refused");

    running.dispose();
    assertThat(next()).isEqualTo("Failure unheard");
  }

  @Test
  void callsBeyondTheLimitWaitTheirTurn() throws InterruptedException {
    ToolRunner patient = new ToolRunner(new CallLimits(1, 1), Schedulers.parallel(), observer);
    RegisteredTool<?, ?> wait = registry.find("wait").orElseThrow();
    RegisteredTool<?, ?> echo = registry.find("echo").orElseThrow();
    Disposable running = patient.run(wait, request(object())).subscribe();
    Disposable givenUp = patient.run(echo, request(object().put("text", "late"))).subscribe();
    assertThatThrownBy(() -> patient.run(echo, request(object())).block(SOON))
        .isInstanceOf(TooManyCallsException.class)
        .hasMessageStartingWith("busy: 1 calls are running and 1 wait");
    seen.clear();

    givenUp.dispose();
    running.dispose();

    assertThat(next()).isEqualTo("Failure unheard"); // what ran
    assertThat(next()).isEqualTo("Failure unheard"); // what waited was not begun
    assertThat(patient.run(echo, request(object().put("text", "now"))).block(SOON))
        .isInstanceOf(ToolOutcome.Success.class);
    assertThat(patient.close(SOON)).isZero();
  }

  @Test
  void fieldsOfATraceComeFromTheRequestFirst() {
    Map<String, String> header = Map.of("traceparent", "from the header");
    ObjectNode meta = object().put("traceparent", "from the request").put("tracestate", "s");

    assertThat(TraceFields.of(meta.put("other", "x"), header))
        .containsOnly(Map.entry("traceparent", "from the request"), Map.entry("tracestate", "s"));
    assertThat(TraceFields.of(object().put("traceparent", 5), header)).isEqualTo(header);
    assertThat(TraceFields.of(null, header)).isEqualTo(header);
  }
}
