package dev.qwenmcp.server.protocol.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallThreadsTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void oneCallAfterTheOtherKeepsToFewThreads() throws InterruptedException {
    CallThreads threads = new CallThreads(new CallLimits(100, 10));
    Set<Thread> seen = new HashSet<>();
    SynchronousQueue<Thread> ran = new SynchronousQueue<>();

    for (int i = 0; i < 300; i++) {
      threads.execute(() -> hand(ran, Thread.currentThread()));
      seen.add(ran.poll(SOON.toSeconds(), TimeUnit.SECONDS));
      Thread.sleep(1); // the thread comes back to wait meanwhile, as between calls of one client
    }

    assertThat(seen).hasSizeLessThan(30);
    assertThat(threads.close(SOON)).isZero();
  }

  private static void hand(SynchronousQueue<Thread> queue, Thread thread) {
    try {
      queue.put(thread);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void noMoreRunAtOnceThanMayAndAllThatWaitRunInOrder() throws InterruptedException {
    CallThreads threads = new CallThreads(new CallLimits(1, 50));
    CountDownLatch release = new CountDownLatch(1);
    Queue<Integer> order = new ConcurrentLinkedQueue<>();
    threads.execute(() -> await(release));
    for (int i = 0; i < 50; i++) {
      int number = i;
      threads.execute(() -> order.add(number));
    }
    assertThatThrownBy(() -> threads.execute(() -> order.add(50)))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(order).isEmpty();

    release.countDown();

    assertThat(threads.close(SOON)).isZero();
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
  }

  @Test
  void manyCallersLoseNoCallAndNeverRunMoreThanMay() throws InterruptedException {
    CallThreads threads = new CallThreads(new CallLimits(3, 5));
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    List<Thread> callers =
        IntStream.range(0, 8)
            .mapToObj(caller ->
                Thread.ofPlatform()
                    .start(() -> {
                      for (int i = 0; i < 2_000; i++) {
                        try {
                          threads.execute(() -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            running.decrementAndGet();
                            done.incrementAndGet();
                          });
                          taken.incrementAndGet();
                        } catch (RejectedExecutionException busy) {
                          Thread.onSpinWait();
                        }
                      }
                    }))
            .toList();
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(threads.close(SOON)).isZero();
    assertThat(done).hasValue(taken.get());
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void aCallThatFailsLeavesItsPlaceToTheNext() throws InterruptedException {
    CallThreads threads = new CallThreads(new CallLimits(1, 1));
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch ran = new CountDownLatch(1);
    threads.execute(() -> {
      Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> failures.add(e));
      await(release);
      throw new IllegalStateException("expected here");
    });
    threads.execute(ran::countDown);

    release.countDown();

    assertThat(ran.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(threads.close(SOON)).isZero();
  }

  @Test
  void neitherAHandlerThatFailsNorAnInterruptReachesTheNextCall() throws InterruptedException {
    CallThreads threads = new CallThreads(new CallLimits(1, 1));
    CountDownLatch release = new CountDownLatch(1);
    BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
    threads.execute(() -> {
      Thread.currentThread()
          .setUncaughtExceptionHandler((thread, e) -> {
            throw new IllegalStateException("no memory to report in", e);
          });
      await(release);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("expected here");
    });
    threads.execute(() -> interrupted.add(Thread.currentThread().isInterrupted()));

    release.countDown();

    assertThat(interrupted.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isFalse();
    assertThat(threads.close(SOON)).isZero();
  }

  @Test
  void whatDoesNotStopInTimeIsCountedAndNothingElseIsTaken() throws InterruptedException {
    CallThreads threads = new CallThreads(new CallLimits(2, 0));
    CountDownLatch release = new CountDownLatch(1);
    threads.execute(() -> await(release));

    assertThat(threads.close(Duration.ofMillis(20))).isOne();
    assertThatThrownBy(() -> threads.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);

    release.countDown();
    assertThat(threads.close(SOON)).isZero();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
