package dev.qwenmcp.server.protocol.call;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for calls, up to a limit; beyond it calls wait in the order they came.
 *
 * <p>A call is given the thread that has been idle for the shortest time, and a new one only if
 * none is idle. An executor with that many core threads would begin a thread for each of the first
 * calls and then take turns, so that one caller's calls met cold buffers and stacks on each.
 */
final class CallThreads {
  private static final long IDLE_SECONDS = 30;

  private final CallLimits limits;
  private final ExecutorService threads;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  CallThreads(CallLimits limits) {
    this.limits = limits;
    // Hands over to the last thread that came to wait: the queue is not a fair one.
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("tool-call-", 0).factory());
  }

  /**
   * Runs a call at once or when its turn comes.
   *
   * @throws RejectedExecutionException if as many run and wait as may, or no more are taken
   */
  synchronized void execute(Runnable call) {
    if (threads.isShutdown()) {
      throw new RejectedExecutionException("no more calls are taken");
    }
    if (running < limits.running()) {
      threads.execute(() -> runFrom(call));
      running++;
    } else if (waiting.size() < limits.waiting()) {
      waiting.add(call);
    } else {
      throw new RejectedExecutionException("as many calls run and wait as may");
    }
  }

  private void runFrom(Runnable first) {
    Runnable call = first;
    while (call != null) {
      Thread.interrupted(); // one that was meant for the call before
      try {
        call.run();
      } catch (Throwable e) {
        report(e);
      }
      call = next();
    }
  }

  private static void report(Throwable failure) {
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    } catch (Throwable e) {
      failure.addSuppressed(e); // without memory to report in: the place goes to the next call
    }
  }

  /** The call that has waited longest; {@code null} if none does, and then this one has ended. */
  private synchronized Runnable next() {
    Runnable call = waiting.poll();
    if (call == null) {
      running--;
      notifyAll();
    }
    return call;
  }

  /**
   * Takes no more calls and waits for those that run and wait.
   *
   * @return how many still run
   */
  synchronized int close(Duration limit) throws InterruptedException {
    threads.shutdown();
    long end = System.nanoTime() + limit.toNanos();
    while (running > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return running;
  }
}
