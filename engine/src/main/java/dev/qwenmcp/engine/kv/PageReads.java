package dev.qwenmcp.engine.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Reads pages of a store side by side. Where the file is in memory or the disk is quick, a page's
 * new memory, copy and checksum take longer than its bytes to come; a slow disk delivers more when
 * it is asked for several at once.
 */
final class PageReads {
  /** Threads that read, the caller's among them. */
  private static final int READERS = 4;

  private final PageStore store;
  private final List<PageEntry> entries;
  private final List<PagePool.Page> targets;
  private final BooleanSupplier stopped;
  private final boolean[] whole;
  private final ThreadFactory threads;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger firstMissing = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private PageReads(
      PageStore store,
      List<PageEntry> entries,
      List<PagePool.Page> targets,
      BooleanSupplier stopped,
      ThreadFactory threads) {
    this.store = store;
    this.entries = entries;
    this.targets = targets;
    this.stopped = stopped;
    this.threads = threads;
    this.whole = new boolean[targets.size()];
  }

  /**
   * Reads the first entries, as many as there are targets, in order; returns when nobody writes to
   * a target any more. After a page that cannot be read none is begun.
   *
   * @param stopped whether to begin no further page
   * @return for each target whether it has its page
   */
  static boolean[] read(
      PageStore store,
      List<PageEntry> entries,
      List<PagePool.Page> targets,
      BooleanSupplier stopped) {
    ThreadFactory threads = Thread.ofPlatform().daemon().name("kv-reader-", 1).factory();
    return read(store, entries, targets, stopped, threads);
  }

  /**
   * As above.
   *
   * @param threads makes the threads that help; where the system has none left, fewer do
   */
  static boolean[] read(
      PageStore store,
      List<PageEntry> entries,
      List<PagePool.Page> targets,
      BooleanSupplier stopped,
      ThreadFactory threads) {
    return new PageReads(store, entries, targets, stopped, threads).run();
  }

  private boolean[] run() {
    List<Thread> helpers = new ArrayList<>();
    try {
      for (int i = 1; i < Math.min(READERS, whole.length); i++) {
        Thread helper = threads.newThread(this::readSome);
        helpers.add(helper); // first, so that none that runs is forgotten
        helper.start();
      }
    } catch (OutOfMemoryError _) {
      // the system has no thread left: those that run serve
    }
    readSome();
    helpers.forEach(PageReads::join);
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("reading throws no checked exceptions", e);
    }
    return whole;
  }

  private void readSome() {
    try {
      for (int i = next.getAndIncrement();
          i < whole.length && i < firstMissing.get() && !stopped.getAsBoolean();
          i = next.getAndIncrement()) {
        whole[i] = store.read(entries.get(i), targets.get(i).memory());
        if (!whole[i]) {
          firstMissing.accumulateAndGet(i, Math::min);
        }
      }
    } catch (RuntimeException | Error e) {
      firstMissing.set(0);
      failure.compareAndSet(null, e);
    }
  }

  private static void join(Thread helper) {
    boolean interrupted = false;
    while (true) {
      try {
        helper.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
