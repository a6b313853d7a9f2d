package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.kv.KvMemoryException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * So many sequences run at a time, so many wait, in fair order; more are turned away. Safe for many
 * threads.
 *
 * <p>Jobs leave one slot free where there are several: whoever waits for an answer need not wait
 * for one of them to end.
 *
 * <p>A sequence runs once the pages that it needs at most are there beside those that the running
 * ones have and may yet need, so none of them ever lacks one half-way and nobody waits while
 * holding what others wait for. Nobody overtakes a large sequence that waits for pages, or it would
 * wait for good. What does not fit when nothing runs is refused.
 */
final class Admission {
  /** Weight of the newest duration. */
  private static final double LEARNING = 0.2;

  /** Supposed until a sequence has ended. */
  private static final double FIRST_SECONDS = 10;

  private final SchedulerOptions options;
  private final PageBudget budget;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final FairQueue<Waiter> queue = new FairQueue<>();
  private double seconds; // that a sequence runs, 0 until measured
  private int running;
  private int runningJobs;
  private long outstanding; // pages that running sequences may yet need
  private boolean closed;

  /** A sequence in the queue. */
  private static final class Waiter {
    private final Caller caller;
    private final long pages; // at most
    private final Condition changed;
    private boolean admitted;
    private KvMemoryException refusal; // null if there is no reason

    Waiter(Caller caller, long pages, Condition changed) {
      this.caller = caller;
      this.pages = pages;
      this.changed = changed;
    }
  }

  /** A slot that somebody has. */
  static final class Slot {
    private final Caller caller;
    private final long pages;
    private final long since;
    private long outstanding; // of the pages; guarded by the lock

    /**
     * @param pages for which it was admitted
     * @param since when, by the clock
     */
    Slot(Caller caller, long pages, long since) {
      this.caller = caller;
      this.pages = pages;
      this.outstanding = pages;
      this.since = since;
    }

    Caller caller() {
      return caller;
    }
  }

  /**
   * @param budget of pages
   * @param nanoTime clock by which durations are measured
   */
  Admission(SchedulerOptions options, PageBudget budget, LongSupplier nanoTime) {
    this.options = options;
    this.budget = budget;
    this.nanoTime = nanoTime;
  }

  /**
   * Waits for a slot and for pages.
   *
   * @param pages that it needs at most, all that there are where it is more
   * @return null if it was stopped first
   * @throws BusyException if the queue is full
   * @throws KvMemoryException if the pages are not there even when nothing else runs
   * @throws IllegalStateException if closed, also while waiting
   */
  Slot enter(Caller caller, long pages, Stop stop) {
    Waiter waiter = new Waiter(caller, Math.min(pages, budget.most()), lock.newCondition());
    lock.lock();
    try {
      if (closed) {
        throw closed();
      }
      queue.add(caller, waiter);
      admitNext();
      if (!waiter.admitted && waiter.refusal == null && queue.size() > options.queue()) {
        queue.remove(caller, waiter);
        throw new BusyException(running, queue.size(), retryAfter());
      }
    } finally {
      lock.unlock();
    }
    return await(waiter, stop) ? new Slot(caller, waiter.pages, nanoTime.getAsLong()) : null;
  }

  private boolean await(Waiter waiter, Stop stop) {
    try (Stop.Listening _ = stop.listen(() -> wake(waiter));
        PatientWait patience = new PatientWait()) {
      lock.lock();
      try {
        while (!waiter.admitted) {
          if (waiter.refusal != null) {
            throw waiter.refusal;
          }
          if (closed || stop.now()) {
            queue.remove(waiter.caller, waiter);
            if (closed) {
              throw closed();
            }
            admitNext(); // it may have held others up
            return false;
          }
          patience.await(waiter.changed, stop.nanosLeft());
        }
        return true;
      } finally {
        lock.unlock();
      }
    }
  }

  private void wake(Waiter waiter) {
    lock.lock();
    try {
      waiter.changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Notes how many of the pages that a sequence needs it has by now. */
  void holds(Slot slot, long pages) {
    lock.lock();
    try {
      long left = Math.max(0, slot.pages - pages);
      outstanding += left - slot.outstanding;
      slot.outstanding = left;
      admitNext();
    } finally {
      lock.unlock();
    }
  }

  /** Gives a slot back; the sequence's pages are others' by now. */
  void leave(Slot slot) {
    lock.lock();
    try {
      double took = (nanoTime.getAsLong() - slot.since) * 1e-9;
      seconds = seconds == 0 ? took : seconds + LEARNING * (took - seconds);
      running--;
      runningJobs -= slot.caller.priority() == Priority.JOB ? 1 : 0;
      outstanding -= slot.outstanding;
      admitNext();
    } finally {
      lock.unlock();
    }
  }

  private void admitNext() {
    Waiter next = queue.peek();
    while (next != null && mayRun(next.caller)) {
      boolean fits = budget.busy() + outstanding + next.pages <= budget.most();
      if (!fits && running > 0) {
        return; // whoever runs will leave
      }
      queue.remove(next.caller, next);
      if (fits) {
        next.admitted = true;
        running++;
        runningJobs += next.caller.priority() == Priority.JOB ? 1 : 0;
        outstanding += next.pages;
      } else {
        next.refusal = refusal(next);
      }
      next.changed.signal();
      next = queue.peek();
    }
  }

  private KvMemoryException refusal(Waiter waiter) {
    return KvMemoryException.tooLarge(
        waiter.pages * budget.pageBytes(),
        budget.busy() * budget.pageBytes(),
        budget.most() * budget.pageBytes());
  }

  private boolean mayRun(Caller caller) {
    return running < options.slots()
        && (caller.priority() != Priority.JOB || runningJobs < Math.max(1, options.slots() - 1));
  }

  /** A place in the queue is free when the next of all running sequences ends. */
  private Duration retryAfter() {
    double each = seconds == 0 ? FIRST_SECONDS : seconds;
    return Duration.ofSeconds(Math.max(1, (long) Math.ceil(each / options.slots())));
  }

  int running() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Turns away whoever waits or comes. */
  void close() {
    lock.lock();
    try {
      closed = true;
      queue.forEach(waiter -> waiter.changed.signal());
    } finally {
      lock.unlock();
    }
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("the engine is closed");
  }
}
