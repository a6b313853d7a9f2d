package dev.qwenmcp.engine.kernel.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed number of threads that share the items of an operation; the calling thread is one of
 * them. Which thread takes an item is left to chance, so an item's result must not depend on it.
 */
public final class Workers implements AutoCloseable {
  private final int threads;
  private final ExecutorService others;

  /**
   * @param threads at least 1
   */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    this.threads = threads;
    this.others =
        threads == 1
            ? null
            : Executors.newFixedThreadPool(
                threads - 1,
                Thread.ofPlatform().daemon().name("qwen-mcp-java-kernel-", 1).factory());
  }

  public int threads() {
    return threads;
  }

  /** Work on one item. */
  @FunctionalInterface
  interface Body {
    /**
     * @param worker index of the thread, below {@link Workers#threads}, for scratch memory
     * @param item index of the item
     */
    void run(int worker, int item);
  }

  /**
   * Runs the body for every item below {@code items} and waits for all; an interrupt does not cut
   * the wait short. What the body throws is thrown again here.
   */
  void each(int items, Body body) {
    AtomicInteger next = new AtomicInteger();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int w = 1; w < Math.min(threads, items); w++) {
      int worker = w;
      running.add(CompletableFuture.runAsync(() -> drain(next, items, worker, body), others));
    }
    try {
      drain(next, items, 0, body);
    } finally {
      next.set(items); // after an exception the others stop early
      join(running);
    }
  }

  private static void drain(AtomicInteger next, int items, int worker, Body body) {
    for (int item = next.getAndIncrement(); item < items; item = next.getAndIncrement()) {
      body.run(worker, item);
    }
  }

  private static void join(List<CompletableFuture<Void>> running) {
    try {
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  @Override
  public void close() {
    if (others != null) {
      others.close();
    }
  }
}
