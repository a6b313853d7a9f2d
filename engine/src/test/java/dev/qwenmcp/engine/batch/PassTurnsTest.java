package dev.qwenmcp.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.model.ExpertListener;
import dev.qwenmcp.engine.model.QwenModel;
import dev.qwenmcp.engine.model.TokenOutput;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PassTurnsTest {
  private static final int FEW = 8;
  private static final int LAYERS = 3;

  /** A model whose layers take until the test lets them pass; its logits are the token's id. */
  private final class StepByStep implements PassRunner {
    private final Semaphore layers = new Semaphore(0);
    private final AtomicInteger asked = new AtomicInteger(); // for a layer
    private final List<String> begun = Collections.synchronizedList(new ArrayList<>());
    private volatile RuntimeException broken;
    private volatile long nanosOfALayer;

    @Override
    public int fewTokens() {
      return FEW;
    }

    @Override
    public Running start(Pass pass, ExpertListener experts) {
      begun.add(Arrays.toString(pass.tokens()));
      return new Running() {
        private int done;

        @Override
        public boolean done() {
          return done == LAYERS;
        }

        @Override
        public void nextLayer() {
          asked.incrementAndGet();
          layers.acquireUninterruptibly();
          if (broken != null) {
            throw broken;
          }
          clock.addAndGet(nanosOfALayer);
          done++;
        }

        @Override
        public void outputs(int[] rows, QwenModel.OutputRow sink) {
          for (int row : rows) {
            MemorySegment token = MemorySegment.ofArray(new int[] {pass.tokens()[row]});
            sink.accept(row, new TokenOutput(token, null));
          }
        }
      };
    }
  }

  private final AtomicLong clock = new AtomicLong();
  private final StepByStep model = new StepByStep();
  private final PassTurns turns = new PassTurns(model, clock::get);

  @AfterEach
  void letAllEnd() {
    model.layers.release(1000);
  }

  private Sequence sequence(String caller) {
    Caller who = new Caller(caller, Priority.INTERACTIVE);
    return new Sequence(new Admission.Slot(who, 0, 0), null, turns);
  }

  private static Pass pass(int... tokens) {
    return new Pass(
        tokens,
        new int[tokens.length],
        IntStream.range(0, tokens.length).toArray(),
        List.of(),
        IntStream.range(0, tokens.length).toArray());
  }

  private static Pass longPass(int token) {
    int[] tokens = new int[FEW + 1];
    Arrays.fill(tokens, token);
    return pass(tokens);
  }

  /** What a pass gave: its logits and its result. */
  private record Outcome(List<Integer> logits, PassResult result) {}

  /** Runs a pass on another thread; returns once it waits or computes. */
  private CompletableFuture<Outcome> submit(Sequence sequence, Pass pass, Stop stop) {
    List<Integer> logits = new ArrayList<>();
    return submit(
        sequence,
        pass,
        stop,
        logits,
        (row, output) -> {
          assertThat(row).isEqualTo(logits.size());
          logits.add(output.values().get(ValueLayout.JAVA_INT, 0));
        });
  }

  private CompletableFuture<Outcome> submit(
      Sequence sequence, Pass pass, Stop stop, List<Integer> logits, QwenModel.OutputRow sink) {
    int waiting = turns.waiting();
    int begun = model.begun.size();
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            outcome.complete(new Outcome(logits, turns.run(sequence, pass, stop, sink)));
          } catch (RuntimeException e) {
            outcome.completeExceptionally(e);
          }
        });
    while (turns.waiting() == waiting && model.begun.size() == begun && !outcome.isDone()) {
      Thread.onSpinWait();
    }
    return outcome;
  }

  private CompletableFuture<Outcome> submit(String caller, Pass pass) {
    return submit(sequence(caller), pass, Stop.NEVER);
  }

  @Test
  void whatWaitsIsComputedAsOnePassAndEachHearsItsOwnLogits() {
    CompletableFuture<Outcome> first = submit("a", pass(1));
    CompletableFuture<Outcome> second = submit("a", pass(2, 3));
    CompletableFuture<Outcome> third = submit("b", pass(4));
    CompletableFuture<Outcome> fourth = submit("c", pass(5, 6, 7));
    model.layers.release(2 * LAYERS);
    assertThat(first.join().result().shared()).isFalse();
    assertThat(second.join().logits()).containsExactly(2, 3);
    assertThat(third.join().logits()).containsExactly(4);
    assertThat(fourth.join().logits()).containsExactly(5, 6, 7);
    assertThat(fourth.join().result().shared()).isTrue();
    assertThat(model.begun).containsExactly("[1]", "[2, 3, 4, 5, 6, 7]");
    assertThat(turns.load(0, 0)).isEqualTo(new Load(0, 0, 2, 4, 0));
  }

  @Test
  void whatDoesNotFitComesNext() {
    submit("a", pass(1));
    CompletableFuture<Outcome> second = submit("a", pass(1, 2, 3, 4, 5));
    CompletableFuture<Outcome> third = submit("b", pass(6, 7, 8, 9));
    model.layers.release(3 * LAYERS);
    assertThat(second.join().logits()).hasSize(5);
    assertThat(third.join().logits()).containsExactly(6, 7, 8, 9);
    assertThat(model.begun).containsExactly("[1]", "[1, 2, 3, 4, 5]", "[6, 7, 8, 9]");
  }

  @Test
  void aLongPassGivesWayAfterEachLayerAndGoesOnAfterEachShortOne() {
    CompletableFuture<Outcome> reading = submit("a", longPass(9));
    CompletableFuture<Outcome> first = submit("b", pass(1));
    model.layers.release(1 + LAYERS); // a layer of the long one, then the short one
    first.join();
    CompletableFuture<Outcome> second = submit("b", pass(2));
    CompletableFuture<Outcome> third = submit("c", pass(3));
    assertThat(reading).isNotDone();
    model.layers.release(1 + LAYERS);
    second.join();
    third.join();
    assertThat(reading).isNotDone();
    model.layers.release(1);
    assertThat(reading.join().logits()).hasSize(FEW + 1);
    assertThat(model.begun).element(1).isEqualTo("[1]");
    assertThat(model.begun).element(2).isEqualTo("[2, 3]");
  }

  @Test
  void aLongPassHasAsMuchTimeAsAShortOneBeforeItGivesWay() {
    model.nanosOfALayer = 20;
    CompletableFuture<Outcome> measured = submit("b", pass(1)); // 60 ns: three layers
    model.layers.release(LAYERS);
    measured.join();
    model.nanosOfALayer = 31; // two take a little longer than the short pass
    CompletableFuture<Outcome> reading = submit("a", longPass(9));
    CompletableFuture<Outcome> drawing = submit("b", pass(2));

    model.layers.release(1);
    awaitAsked(LAYERS + 2);
    assertThat(model.begun).hasSize(2); // the long one asks for its second layer
    model.layers.release(1);
    awaitAsked(LAYERS + 3);
    assertThat(model.begun).hasSize(3).last().isEqualTo("[2]");

    model.layers.release(LAYERS + 1);
    drawing.join();
    assertThat(reading.join().logits()).hasSize(FEW + 1);
  }

  private void awaitAsked(int layers) {
    while (model.asked.get() < layers) {
      Thread.onSpinWait();
    }
  }

  @Test
  void piecesOfPromptsOfDifferentCallersAlternate() {
    CompletableFuture<Outcome> first = submit("a", longPass(1));
    List<CompletableFuture<Outcome>> rest =
        List.of(
            submit("a", longPass(2)),
            submit("a", longPass(3)),
            submit("b", longPass(4)),
            submit(
                new Sequence(new Admission.Slot(new Caller("j", Priority.JOB), 0, 0), null, turns),
                longPass(5),
                Stop.NEVER),
            submit("b", longPass(6)));
    model.layers.release(6 * LAYERS);
    first.join();
    rest.forEach(CompletableFuture::join);
    assertThat(model.begun.stream().map(tokens -> tokens.charAt(1)))
        .containsExactly('1', '4', '2', '6', '3', '5');
  }

  /** A short pass that takes so long by the clock. */
  private void shortPassTaking(long nanos) {
    CompletableFuture<Outcome> pass = submit("z", pass(0));
    clock.addAndGet(nanos);
    model.layers.release(LAYERS);
    pass.join();
    model.begun.clear();
  }

  @Test
  void thoseWhoDrawTokenAfterTokenAreWaitedFor() {
    shortPassTaking(8_000_000_000L);
    Sequence a = sequence("a");
    Sequence b = sequence("b");
    turns.beginDecoding(a);
    turns.beginDecoding(b);
    assertThat(turns.share()).isEqualTo(FEW / 2);
    model.layers.release(LAYERS);
    CompletableFuture<Outcome> first = submit(a, pass(2), Stop.NEVER);
    assertThat(first).isNotDone();
    submit(b, pass(3), Stop.NEVER).join();
    first.join();
    assertThat(model.begun).containsExactly("[2, 3]");
  }

  @Test
  void nobodyWaitsForOneThatIsDone() {
    shortPassTaking(8_000_000_000L);
    Sequence a = sequence("a");
    Sequence b = sequence("b");
    turns.beginDecoding(a);
    turns.beginDecoding(b);
    model.layers.release(LAYERS);
    CompletableFuture<Outcome> first = submit(a, pass(2), Stop.NEVER);
    turns.endDecoding(b);
    first.join();
  }

  @Test
  void nobodyWaitsLongForOneThatDoesNotComeBack() {
    shortPassTaking(40_000_000);
    Sequence a = sequence("a");
    Sequence b = sequence("b");
    turns.beginDecoding(a);
    turns.beginDecoding(b);
    model.layers.release(2 * LAYERS);
    CompletableFuture<Outcome> first = submit(a, pass(1), Stop.NEVER);
    clock.addAndGet(9_999_999);
    assertThat(first).isNotDone();
    clock.addAndGet(1);
    first.join();
    submit(a, pass(2), Stop.NEVER).join(); // nor again
    assertThat(model.begun).containsExactly("[1]", "[2]");
  }

  @Test
  void aStoppedPassLeavesTheQueueOrEndsBeforeItsNextLayer() {
    TestStop running = TestStop.whenTold();
    CompletableFuture<Outcome> reading = submit(sequence("a"), longPass(1), running);
    TestStop waitingLong = TestStop.whenTold();
    CompletableFuture<Outcome> next = submit(sequence("a"), longPass(2), waitingLong);
    TestStop waitingShort = TestStop.whenTold();
    CompletableFuture<Outcome> few = submit(sequence("a"), pass(3), waitingShort);
    waitingLong.end();
    assertThat(next.join().result().done()).isFalse();
    waitingShort.end();
    assertThat(few.join().result().done()).isFalse();
    running.end();
    model.layers.release(1);
    assertThat(reading.join().result().done()).isFalse();
    assertThat(reading.join().logits()).isEmpty();
    model.layers.release(LAYERS);
    assertThat(submit("b", pass(4)).join().logits()).containsExactly(4);
    assertThat(model.begun).hasSize(2);
  }

  @Test
  void aSinkThatFailsSpoilsItsOwnPassAlone() {
    submit("a", pass(1));
    CompletableFuture<Outcome> failing =
        submit(
            sequence("a"),
            pass(2),
            Stop.NEVER,
            List.of(),
            (_, _) -> {
              throw new IllegalArgumentException("full");
            });
    CompletableFuture<Outcome> other = submit("b", pass(3));
    model.layers.release(2 * LAYERS);
    assertThat(other.join().logits()).containsExactly(3);
    assertThatThrownBy(failing::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPassThatFailsFailsForAllItsMembersAndTheNextOnesGoOn() {
    submit("a", pass(1));
    CompletableFuture<Outcome> second = submit("a", pass(2));
    CompletableFuture<Outcome> third = submit("b", pass(3));
    model.layers.release(LAYERS);
    while (model.begun.size() < 2) {
      Thread.onSpinWait();
    }
    model.broken = new IllegalArgumentException("broken");
    model.layers.release(1);
    assertThatThrownBy(second::join).hasMessageContaining("broken");
    assertThatThrownBy(third::join).hasMessageContaining("broken");
    model.broken = null;
    model.layers.release(LAYERS);
    assertThat(submit("c", pass(4)).join().logits()).containsExactly(4);
  }

  @Test
  void closingWaitsForTheLayerAndFailsWhatIsLeft() throws InterruptedException {
    CompletableFuture<Outcome> reading = submit("a", longPass(1));
    CompletableFuture<Outcome> next = submit("a", longPass(2));
    CompletableFuture<Outcome> few = submit("b", pass(3));
    Thread closing = Thread.ofPlatform().start(turns::close);
    assertThatThrownBy(next::join).hasMessageContaining("the engine is closed");
    assertThatThrownBy(few::join).hasMessageContaining("the engine is closed");
    assertThat(closing.isAlive()).isTrue();
    model.layers.release(1);
    assertThatThrownBy(reading::join).hasMessageContaining("the engine is closed");
    closing.join();
    assertThatThrownBy(() -> turns.run(sequence("a"), pass(1), Stop.NEVER, (_, _) -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anInterruptTearsNoSharedPassApart() {
    submit("a", pass(1));
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              turns.run(sequence("b"), pass(2), Stop.NEVER, (_, _) -> {});
              interrupted.complete(Thread.currentThread().isInterrupted());
            });
    while (turns.waiting() == 0) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    model.layers.release(2 * LAYERS);
    assertThat(interrupted.join()).isTrue();
  }
}
