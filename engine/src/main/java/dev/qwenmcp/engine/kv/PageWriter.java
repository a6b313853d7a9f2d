package dev.qwenmcp.engine.kv;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * Writes pages to their stores on a thread of its own: first copies of pages that were evicted, of
 * which only a few can wait, then what its source hands out.
 *
 * <p>Pages of the source are in memory as well and can wait, so they give way to computing: writing
 * takes memory bandwidth and a core. Evicted ones, flushes and the end cannot wait.
 *
 * <p>While a store cannot be written to, nothing is taken; it is tried again after a pause. Never
 * calls its source while holding its own lock, so that a source may call the writer while holding
 * its.
 */
final class PageWriter implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PageWriter.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A page of the source waits for so long at most; four a second keep up with any prompt. */
  private static final Duration LONGEST_WAY = Duration.ofMillis(250);

  private static final long LOOK_MILLIS = 10;

  /** Memory for pages that wait, unless a few pages take more. */
  private static final long STAGING_BYTES = 32L << 20;

  /** So many can wait whatever their size. */
  static final int FEWEST_STAGED = 2;

  private static final int MOST_STAGED = 64;

  /** Pages that are wanted in their stores, one after the other. */
  interface Source {
    /**
     * Copies the next page into {@code buffer}.
     *
     * @return null if there is none
     */
    Task next(MemorySegment buffer);

    /** The page was written, or was there already. */
    void written(Task task);

    /** The page could not be written; hand it out again later. */
    void failed(Task task);
  }

  /**
   * A page to write.
   *
   * @param node in the tree, or null where the page was evicted
   * @param bytes the writer's own copy
   */
  record Task(PrefixNode node, PageStore store, PageEntry entry, MemorySegment bytes) {}

  private final Source source;
  private final long pageBytes;
  private final int mostStaged;
  private final ArrayDeque<Task> staged = new ArrayDeque<>();
  private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
  private Thread thread; // null until there is work
  private boolean wanted; // the source may have something
  private boolean busy;
  private boolean closing;
  private boolean abandoned;
  private Duration pause = Duration.ZERO; // above zero while writing fails
  private long pauseEnd;
  private int flushing; // callers that wait for everything
  private volatile BooleanSupplier computing = () -> false;

  PageWriter(long pageBytes, Source source) {
    this.source = source;
    this.pageBytes = pageBytes;
    this.mostStaged = Math.clamp(STAGING_BYTES / pageBytes, FEWEST_STAGED, MOST_STAGED);
  }

  /**
   * Copies a page that is about to go, to write it soon.
   *
   * @return false if too many wait already, or writing fails at the moment
   */
  synchronized boolean offer(PageStore store, PageEntry entry, MemorySegment page) {
    if (closing || pause.isPositive() || staged.size() >= mostStaged) {
      return false;
    }
    MemorySegment buffer = takeBuffer();
    buffer.copyFrom(page);
    staged.add(new Task(null, store, entry, buffer));
    wake();
    return true;
  }

  /** Says whether something computes that pages of the source give way to; asked often. */
  void giveWayTo(BooleanSupplier computes) {
    computing = computes;
  }

  /** Says that the source has something. */
  synchronized void wake() {
    wanted = true;
    if (thread == null && !closing) {
      Thread writer = new Thread(this::run, "kv-writer");
      writer.setDaemon(true);
      try {
        writer.start();
        thread = writer;
      } catch (OutOfMemoryError e) { // no thread left; whoever wakes it next tries again
        failed(e);
      }
    }
    notifyAll();
  }

  /**
   * Waits until everything is written that was asked for.
   *
   * @return false if the time passed or writing fails
   */
  synchronized boolean flush(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    flushing++;
    notifyAll();
    try {
      while (busy || wanted || !staged.isEmpty()) {
        if (pause.isPositive() || !await(end)) {
          return false;
        }
      }
      return true;
    } finally {
      flushing--;
    }
  }

  /** Writes what is left, as far as the time reaches. */
  void close(Duration atMost) {
    Thread writer;
    synchronized (this) {
      closing = true;
      writer = thread;
      notifyAll();
    }
    if (writer == null) {
      return;
    }
    try {
      if (!writer.join(atMost)) {
        synchronized (this) {
          abandoned = true;
        }
        writer.join(LONGEST_PAUSE);
      }
    } catch (InterruptedException e) {
      synchronized (this) {
        abandoned = true;
      }
      Thread.currentThread().interrupt();
    }
  }

  /** Writes nothing more than what is on its way. */
  @Override
  public void close() {
    close(Duration.ZERO);
  }

  private void run() {
    for (Task task = next(); task != null; task = next()) {
      boolean good = false;
      if (task.node() != null) {
        giveWay();
      }
      try {
        task.store().write(task.entry(), task.bytes());
        good = true;
      } catch (IOException | RuntimeException e) {
        failed(e);
      }
      if (good) {
        source.written(task);
        succeeded();
      } else {
        source.failed(task);
      }
      done(task);
    }
  }

  private void giveWay() {
    long end = System.nanoTime() + LONGEST_WAY.toNanos();
    while (computing.getAsBoolean() && System.nanoTime() - end < 0) {
      synchronized (this) {
        if (closing || flushing > 0 || !staged.isEmpty()) {
          return;
        }
        await(System.nanoTime() + LOOK_MILLIS * 1_000_000);
      }
    }
  }

  /** The next page; waits for it; null once all is done and the writer is closing. */
  private Task next() {
    while (true) {
      MemorySegment buffer;
      synchronized (this) {
        while (!closing && (pausing() || staged.isEmpty() && !wanted)) {
          notifyAll(); // whoever flushes looks again
          await(pausing() ? pauseEnd : Long.MAX_VALUE);
        }
        if (abandoned || closing && pause.isPositive()) {
          staged.clear();
          wanted = false;
          notifyAll();
          return null;
        }
        busy = true;
        if (!staged.isEmpty()) {
          return staged.poll();
        }
        wanted = false;
        buffer = takeBuffer();
      }
      Task task = source.next(buffer);
      synchronized (this) {
        if (task != null) {
          wanted = true; // there may be more
          return task;
        }
        free.push(buffer);
        busy = false;
        notifyAll();
        if (closing && staged.isEmpty() && !wanted) {
          return null;
        }
      }
    }
  }

  private boolean pausing() {
    return pause.isPositive() && System.nanoTime() - pauseEnd < 0;
  }

  private synchronized void done(Task task) {
    free.push(task.bytes());
    busy = false;
    notifyAll();
  }

  private synchronized void failed(Throwable e) {
    if (pause.isZero()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Keys and values cannot be kept on disk for now and stay in memory alone: {0}. Free some"
              + " space or make the folder writable; it is tried again by itself.",
          e.toString());
      pause = FIRST_PAUSE;
    } else {
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
    pauseEnd = System.nanoTime() + pause.toNanos();
    wanted = true;
  }

  private synchronized void succeeded() {
    if (pause.isPositive()) {
      pause = Duration.ZERO;
      LOG.log(System.Logger.Level.INFO, "Keys and values are kept on disk again");
    }
  }

  private MemorySegment takeBuffer() {
    if (!free.isEmpty()) {
      return free.pop();
    }
    // Garbage-collected: a write that hangs in the system may outlive the writer.
    return Arena.ofAuto().allocate(pageBytes, 64);
  }

  /** False if the time has passed. */
  private boolean await(long end) {
    long left = end == Long.MAX_VALUE ? 0 : end - System.nanoTime();
    if (end != Long.MAX_VALUE && left <= 0) {
      return false;
    }
    try {
      wait(left / 1_000_000 + (end == Long.MAX_VALUE ? 0 : 1));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
