package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.protocol.call.CallLimits;
import dev.qwenmcp.server.transport.TransportLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls that take their time: cancelled, too many, cut off by the end of input. */
class RunningCallsTest {
  private static final int LIMIT = 4;
  private static final ObjectNode WAIT = call("wait", json("{}"));

  private final ToyTools tools = new ToyTools();
  private final List<ServerHarness> servers = new ArrayList<>();

  private ServerHarness server(Duration drain) {
    ServerHarness server =
        new ServerHarness(
            EndpointSettings.standard("test")
                .withCalls(new CallLimits(LIMIT, 0))
                .withLimits(new TransportLimits(1 << 20, 16, drain, Duration.ofSeconds(5))),
            tools.all());
    servers.add(server);
    return server.initialized();
  }

  @AfterEach
  void end() {
    tools.release.countDown();
    servers.forEach(ServerHarness::close);
  }

  private static void cancel(ServerHarness server, int id) {
    server.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":"
            + "{\"requestId\":%d,\"reason\":\"test\"}}".formatted(id));
  }

  private static void await(AtomicInteger counter, int value) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (counter.get() < value) {
      assertThat(System.nanoTime()).as("counter at %s of %s", counter, value).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void stopsACancelledCallAndSendsNoAnswer() {
    ServerHarness server = server(Duration.ofSeconds(5));
    int id = server.start("tools/call", WAIT);
    await(tools.waiting, 1);

    cancel(server, id);

    await(tools.cancelled, 1);
    assertThat(server.silentFor(200)).isTrue();
    assertThat(server.request("ping", json("{}")).has("result")).isTrue();
  }

  @Test
  void cancelsOnlyTheCallThatIsNamed() {
    ServerHarness server = server(Duration.ofSeconds(5));
    int kept = server.start("tools/call", WAIT);
    int cancelled = server.start("tools/call", WAIT);
    await(tools.waiting, 2);

    cancel(server, cancelled);
    await(tools.cancelled, 1);
    tools.release.countDown();

    assertThat(server.response(kept).at("/result/structuredContent/done").asBoolean()).isTrue();
    assertThat(tools.cancelled).hasValue(1);
  }

  @Test
  void tellsStringIdsFromNumbers() {
    ServerHarness server = server(Duration.ofSeconds(5));
    int id = server.start("tools/call", WAIT);
    await(tools.waiting, 1);

    server.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":"
            + "{\"requestId\":\"%d\"}}".formatted(id));
    server.request("ping", json("{}"));
    assertThat(tools.cancelled).hasValue(0);
    tools.release.countDown();

    assertThat(server.response(id).has("result")).isTrue();
  }

  @Test
  void takesCancellationsOfWhatIsDoneOrNeverWas() {
    ServerHarness server = server(Duration.ofSeconds(5));
    int id = server.start("ping", json("{}"));
    server.response(id);

    cancel(server, id);
    cancel(server, 4711);

    assertThat(server.silentFor(100)).isTrue();
  }

  @Test
  void refusesAnIdThatIsInUseAndAnswersTheFirstCallStill() {
    ServerHarness server = server(Duration.ofSeconds(5));
    int id = server.start("tools/call", WAIT);
    await(tools.waiting, 1);

    server.send("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}".formatted(id));
    assertThat(server.response(id).at("/error/code").asInt()).isEqualTo(-32600);
    tools.release.countDown();

    assertThat(server.response(id).has("result")).isTrue();
  }

  @Test
  void saysThatItIsBusyUntilAThreadHasStopped() {
    ServerHarness server = server(Duration.ofSeconds(5));
    List<Integer> ids =
        IntStream.range(0, LIMIT).map(i -> server.start("tools/call", WAIT)).boxed().toList();
    await(tools.waiting, LIMIT);

    JsonNode refused = server.request("tools/call", WAIT);
    assertThat(refused.at("/error/code").asInt()).isEqualTo(-31001);
    assertThat(refused.at("/error/message").asString()).startsWith("busy: 4 calls");
    assertThat(server.request("tools/list", json("{}")).has("result")).isTrue();

    cancel(server, ids.getFirst());
    await(tools.cancelled, 1);
    // The cancelled tool has seen it; its thread may need a moment more to be free.
    ObjectNode echo = call("echo", json("{\"text\":\"free\"}"));
    JsonNode answer = server.request("tools/call", echo);
    while (answer.at("/error/code").asInt() == -31001) {
      answer = server.request("tools/call", echo);
    }
    assertThat(answer.at("/result/structuredContent/echo").asString()).isEqualTo("free");
    tools.release.countDown();
    for (int id : ids.subList(1, LIMIT)) {
      assertThat(server.response(id).has("result")).isTrue();
    }
  }

  @Test
  void letsCallsFinishAfterTheEndOfInputAndAnswersThem() {
    ServerHarness server = server(Duration.ofSeconds(20));
    int id = server.start("tools/call", WAIT);
    await(tools.waiting, 1);

    server.closeInput();
    assertThat(server.silentFor(200)).isTrue();
    tools.release.countDown();

    assertThat(server.response(id).has("result")).isTrue();
    assertThat(server.atEnd()).isTrue();
    assertThat(server.served()).isTrue();
  }

  @Test
  void cutsCallsOffThatOutlastTheLimit() {
    ServerHarness server = server(Duration.ofMillis(200));
    int id = server.start("tools/call", WAIT);
    await(tools.waiting, 1);

    server.closeInput();

    assertThat(server.response(id).at("/error/code").asInt()).isEqualTo(-31002);
    assertThat(server.served()).isTrue();
    assertThat(tools.cancelled).hasValue(1);
  }

  @Test
  void cancelsEverythingWhenTheClientHasGone() {
    ServerHarness server = server(Duration.ofSeconds(20));
    server.start("tools/call", WAIT);
    server.start("tools/call", WAIT);
    await(tools.waiting, 2);

    server.closeOutput();
    // A read under way keeps the pipe open for one more answer, so one ping may not be enough.
    for (int pings = 0; pings < 20 && !server.endsSoon(); pings++) {
      server.start("ping", json("{}"));
    }

    assertThat(server.served()).isFalse();
    await(tools.cancelled, 2);
  }

  @Test
  void holdsBackAClientThatDoesNotReadAndLosesNothing() {
    ServerHarness server = server(Duration.ofSeconds(20));
    int calls = 300;
    String text = "x".repeat(20_000);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      ids.add(server.start("ping", json("{\"pad\":\"%s\"}".formatted(text))));
    }

    for (int id : ids) {
      assertThat(server.response(id).has("result")).isTrue();
    }
  }

  /** The last answer is on its way when the input ends: it may not be overtaken by the end. */
  @Test
  void answersEveryCallThoughTheInputEndsAtOnce() {
    for (int round = 0; round < 150; round++) {
      ServerHarness server = server(Duration.ofSeconds(20));
      int calls = 1 + round % 4;
      for (int i = 0; i < calls; i++) {
        server.start("tools/call", call("echo", json("{\"text\":\"x\"}")));
      }
      server.closeInput();
      assertThat(server.rest()).as("round %d", round).hasSize(calls);
    }
  }

  @Test
  void answersOnceWhateverIsCancelledMeanwhile() {
    ServerHarness server = server(Duration.ofSeconds(20));
    Random random = new Random(7);
    Set<Integer> cancelled = new HashSet<>();
    int first = 0;
    int last = 0;
    for (int i = 0; i < 2000; i++) {
      last = server.start("tools/call", call("echo", json("{\"text\":\"x\"}")));
      first = first == 0 ? last : first;
      if (random.nextInt(3) == 0) {
        int victim = Math.max(first, last - random.nextInt(4));
        cancel(server, victim);
        cancelled.add(victim);
      }
    }
    server.closeInput();

    Map<Integer, Integer> answers = new HashMap<>();
    server.rest().forEach(answer -> answers.merge(answer.path("id").asInt(), 1, Integer::sum));
    for (int id = first; id <= last; id++) {
      int count = answers.getOrDefault(id, 0);
      assertThat(count).as("answers to %s", id).isBetween(cancelled.contains(id) ? 0 : 1, 1);
    }
  }
}
