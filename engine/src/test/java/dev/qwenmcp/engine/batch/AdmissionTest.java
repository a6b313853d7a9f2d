package dev.qwenmcp.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.qwenmcp.engine.kv.KvMemoryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class AdmissionTest {
  private static final Caller A = new Caller("a", Priority.INTERACTIVE);
  private static final Caller B = new Caller("b", Priority.INTERACTIVE);
  private static final Caller JOB = new Caller("job", Priority.JOB);

  private final AtomicLong clock = new AtomicLong();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  private Admission admission(int slots, int queue) {
    return new Admission(new SchedulerOptions(slots, queue), new Budget(1000), clock::get);
  }

  /** So many pages, of which none are busy until somebody takes some. */
  private static final class Budget implements PageBudget {
    private final long most;
    private volatile long busy;

    Budget(long most) {
      this.most = most;
    }

    @Override
    public long most() {
      return most;
    }

    @Override
    public long busy() {
      return busy;
    }

    @Override
    public long pageBytes() {
      return 1 << 20;
    }
  }

  /** Enters on another thread, which notes that it has; returns once it waits or has entered. */
  private CompletableFuture<Admission.Slot> enter(
      Admission admission, Caller caller, Stop stop, String name) {
    return enter(admission, caller, 1, stop, name);
  }

  private CompletableFuture<Admission.Slot> enter(
      Admission admission, Caller caller, long pages, Stop stop, String name) {
    int before = admission.running() + admission.waiting();
    CompletableFuture<Admission.Slot> slot = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            Admission.Slot found = admission.enter(caller, pages, stop);
            order.add(name);
            slot.complete(found);
          } catch (RuntimeException e) {
            slot.completeExceptionally(e);
          }
        });
    while (admission.running() + admission.waiting() == before && !slot.isDone()) {
      Thread.onSpinWait();
    }
    return slot;
  }

  @Test
  void soManyRunSoManyWaitAndTheNextIsTurnedAway() {
    Admission admission = admission(4, 3);
    List<CompletableFuture<Admission.Slot>> slots = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      slots.add(enter(admission, A, Stop.NEVER, "a" + i));
    }
    assertThat(admission.running()).isEqualTo(4);
    assertThat(admission.waiting()).isEqualTo(3);
    BusyException busy =
        catchThrowableOfType(BusyException.class, () -> admission.enter(B, 1, Stop.NEVER));
    assertThat(busy.running()).isEqualTo(4);
    assertThat(busy.waiting()).isEqualTo(3);
    assertThat(busy).hasMessageContaining("retry after 3 s"); // ten seconds each until measured
    admission.leave(slots.getFirst().join());
    slots.get(4).join();
    assertThat(admission.waiting()).isEqualTo(2);
    assertThat(order).endsWith("a4");
  }

  @Test
  void whenToComeAgainFollowsFromHowLongSequencesTookLately() {
    Admission admission = admission(2, 0);
    for (int i = 0; i < 40; i++) {
      Admission.Slot slot = admission.enter(A, 1, Stop.NEVER);
      clock.addAndGet(Duration.ofSeconds(59).toNanos());
      admission.leave(slot);
    }
    admission.enter(A, 1, Stop.NEVER);
    admission.enter(A, 1, Stop.NEVER);
    assertThat(
            catchThrowableOfType(BusyException.class, () -> admission.enter(A, 1, Stop.NEVER))
                .retryAfter())
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void callersTakeTurnsInTheQueue() {
    Admission admission = admission(1, 64);
    Admission.Slot running = admission.enter(A, 1, Stop.NEVER);
    List<CompletableFuture<Admission.Slot>> waiting = new ArrayList<>();
    waiting.add(enter(admission, JOB, Stop.NEVER, "job"));
    waiting.add(enter(admission, A, Stop.NEVER, "a1"));
    waiting.add(enter(admission, A, Stop.NEVER, "a2"));
    waiting.add(enter(admission, B, Stop.NEVER, "b1"));
    int[] served = {3, 1, 2, 0};
    admission.leave(running);
    for (int i : served) {
      admission.leave(waiting.get(i).join());
    }
    assertThat(order).containsExactly("b1", "a1", "a2", "job");
  }

  @Test
  void jobsLeaveASlotForWhoeverWaitsForAnAnswer() {
    Admission admission = admission(3, 64);
    Admission.Slot first = admission.enter(JOB, 1, Stop.NEVER);
    admission.enter(JOB, 1, Stop.NEVER);
    CompletableFuture<Admission.Slot> third = enter(admission, JOB, Stop.NEVER, "job");
    assertThat(third).isNotDone();
    assertThat(admission.enter(A, 1, Stop.NEVER)).isNotNull();
    admission.leave(first);
    assertThat(third.join()).isNotNull();
    Admission narrow = admission(1, 0);
    assertThat(narrow.enter(JOB, 1, Stop.NEVER)).isNotNull();
  }

  @Test
  void whoeverIsCancelledWhileWaitingLeavesAtOnce() {
    Admission admission = admission(1, 2);
    Admission.Slot running = admission.enter(A, 1, Stop.NEVER);
    TestStop stop = TestStop.whenTold();
    CompletableFuture<Admission.Slot> cancelled = enter(admission, A, stop, "cancelled");
    CompletableFuture<Admission.Slot> next = enter(admission, A, Stop.NEVER, "next");
    stop.end();
    assertThat(cancelled.join()).isNull();
    assertThat(admission.waiting()).isEqualTo(1);
    admission.leave(running);
    assertThat(next.join()).isNotNull();
  }

  @Test
  void aDeadlineCountsWhileWaiting() {
    Admission admission = admission(1, 2);
    admission.enter(A, 1, Stop.NEVER);
    assertThat(admission.enter(A, 1, new TestStop(0))).isNull();
    assertThat(admission.waiting()).isZero();
  }

  @Test
  void closingTurnsAwayWhoeverWaits() {
    Admission admission = admission(1, 8);
    admission.enter(A, 1, Stop.NEVER);
    List<CompletableFuture<Admission.Slot>> waiting =
        List.of(
            enter(admission, A, Stop.NEVER, "1"),
            enter(admission, A, Stop.NEVER, "2"),
            enter(admission, B, Stop.NEVER, "3"));
    admission.close();
    for (CompletableFuture<Admission.Slot> slot : waiting) {
      assertThatThrownBy(slot::join).hasMessageContaining("the engine is closed");
    }
    assertThatThrownBy(() -> admission.enter(A, 1, Stop.NEVER))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSequenceWaitsForThePagesThatItNeedsAtMost() {
    Budget budget = new Budget(10);
    Admission admission = new Admission(new SchedulerOptions(4, 8), budget, clock::get);
    Admission.Slot first = admission.enter(A, 6, Stop.NEVER);
    CompletableFuture<Admission.Slot> large = enter(admission, B, 5, Stop.NEVER, "large");
    CompletableFuture<Admission.Slot> small = enter(admission, A, 1, Stop.NEVER, "small");
    assertThat(admission.waiting()).isEqualTo(2); // nobody overtakes the large one
    budget.busy = 6;
    admission.holds(first, 6); // as many as foreseen
    assertThat(admission.waiting()).isEqualTo(2);
    budget.busy = 0;
    admission.leave(first);
    assertThat(large.join()).isNotNull();
    assertThat(small.join()).isNotNull();
    assertThat(admission.running()).isEqualTo(2);
  }

  @Test
  void pagesThatSequencesShareCountOnce() {
    Budget budget = new Budget(11);
    Admission admission = new Admission(new SchedulerOptions(4, 8), budget, clock::get);
    Admission.Slot first = admission.enter(A, 5, Stop.NEVER);
    budget.busy = 4;
    admission.holds(first, 4);
    Admission.Slot second = admission.enter(A, 5, Stop.NEVER);
    CompletableFuture<Admission.Slot> third = enter(admission, A, 5, Stop.NEVER, "third");
    assertThat(admission.waiting()).isOne();
    admission.holds(second, 4); // the same ones
    assertThat(third.join()).isNotNull();
  }

  @Test
  void whatNeverFitsIsRefusedWithFiguresAndTheNextGoesOn() {
    Budget budget = new Budget(10);
    Admission admission = new Admission(new SchedulerOptions(2, 8), budget, clock::get);
    budget.busy = 4; // and nobody runs who could give them back
    assertThatThrownBy(() -> admission.enter(A, 7, Stop.NEVER))
        .isInstanceOf(KvMemoryException.class)
        .hasMessageContaining("up to 7.0 MiB")
        .hasMessageContaining("there are 10.0 MiB, of which 4.0 MiB are held for others");
    Admission.Slot running = admission.enter(A, 6, Stop.NEVER);
    CompletableFuture<Admission.Slot> large = enter(admission, A, 7, Stop.NEVER, "large");
    CompletableFuture<Admission.Slot> small = enter(admission, A, 6, Stop.NEVER, "small");
    assertThat(admission.waiting()).isEqualTo(2);
    admission.leave(running);
    assertThat(small.join()).isNotNull();
    assertThatThrownBy(large::join).hasCauseInstanceOf(KvMemoryException.class);
  }

  @Test
  void whoeverIsCancelledWhileWaitingForPagesLetsTheNextThrough() {
    Admission admission = new Admission(new SchedulerOptions(4, 8), new Budget(10), clock::get);
    admission.enter(A, 6, Stop.NEVER);
    TestStop stop = TestStop.whenTold();
    CompletableFuture<Admission.Slot> large = enter(admission, A, 8, stop, "large");
    CompletableFuture<Admission.Slot> small = enter(admission, A, 2, Stop.NEVER, "small");
    assertThat(admission.waiting()).isEqualTo(2);
    stop.end();
    assertThat(large.join()).isNull();
    assertThat(small.join()).isNotNull();
  }
}
