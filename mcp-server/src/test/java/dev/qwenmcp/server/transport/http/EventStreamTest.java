package dev.qwenmcp.server.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.transport.RpcCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a stream keeps for its client, and for how long. */
@Timeout(20)
class EventStreamTest {
  private static final StreamLimits SMALL = new StreamLimits(3, 1000, 2, 1000);
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(10);

  private final EventStream stream = new EventStream(7, SMALL, new RpcCodec());

  private static ObjectNode message(Object text) {
    return JsonNodeFactory.instance.objectNode().put("m", text.toString());
  }

  private static List<Long> numbers(EventStream.Next next) {
    return next.events().stream().map(EventStream.Event::number).toList();
  }

  @Test
  void dropsNoticesThatItsClientDoesNotTakeButNeverTheAnswer() throws InterruptedException {
    assertThat(stream.offer(message(1))).isTrue();
    assertThat(stream.offer(message(2))).isTrue();
    assertThat(stream.offer(message(3))).isTrue();
    assertThat(stream.offer(message(4))).isFalse();
    stream.send(message("answer"));

    EventStream.Next next = stream.read(0).next(SOON);

    assertThat(next.over()).isTrue();
    assertThat(numbers(next)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(next.events().getLast().answer()).isTrue();
  }

  @Test
  void countsBytesToo() {
    assertThat(stream.offer(message("x".repeat(900)))).isTrue();
    assertThat(stream.offer(message("x".repeat(900)))).isFalse();
  }

  @Test
  void givesAgainWhatItHasKept() throws InterruptedException {
    EventStream.Reader first = stream.read(0);
    for (int i = 1; i <= 5; i++) {
      stream.offer(message(i));
      first.next(SOON);
    }

    assertThat(numbers(stream.read(4).next(SOON))).containsExactly(5L);
    assertThat(numbers(stream.read(0).next(SOON))).containsExactly(4L, 5L); // two are kept
    assertThat(numbers(stream.readOn().next(SOON))).isEmpty();
  }

  @Test
  void aNewReaderSendsTheOneBeforeAway() throws Exception {
    EventStream.Reader dead = stream.read(0);
    CompletableFuture<EventStream.Next> waiting =
        CompletableFuture.supplyAsync(() -> {
          try {
            return dead.next(LONG);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    EventStream.Reader live = stream.read(0);
    stream.offer(message(1));

    assertThat(numbers(live.next(LONG))).containsExactly(1L);
    assertThat(waiting.get(10, TimeUnit.SECONDS).over()).isTrue();
    dead.leave();
    assertThat(stream.attended()).isTrue();
  }

  @Test
  void anAnswerAmongManyWaitsForRoom() throws Exception {
    EventStream.Reader reader = stream.read(0);
    for (int i = 0; i < 3; i++) {
      stream.offer(message(i));
    }
    CompletableFuture<Boolean> delivered =
        CompletableFuture.supplyAsync(() -> stream.deliver(message("answer")));
    assertThat(delivered.isDone()).isFalse();

    assertThat(reader.next(SOON).events()).hasSize(3);

    assertThat(delivered.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(reader.next(LONG).events()).hasSize(1);
  }

  @Test
  void whatWaitsForRoomEndsWithTheStream() throws Exception {
    for (int i = 0; i < 3; i++) {
      stream.offer(message(i));
    }
    CompletableFuture<Boolean> delivered =
        CompletableFuture.supplyAsync(() -> stream.deliver(message("answer")));

    stream.nothing();

    assertThat(delivered.get(10, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void stopsItsWorkWhenTheClientHasGivenItUp() throws InterruptedException {
    AtomicBoolean stopped = new AtomicBoolean();
    stream.work(() -> stopped.set(true));

    assertThat(stream.attendedWithin(SOON)).isFalse();
    stream.abandon();

    assertThat(stopped).isTrue();
    assertThat(stream.ended()).isTrue();
  }
}
