package dev.qwenmcp.engine.batch;

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
 */
final class Admission {
  /** Weight of the newest duration. */
  private static final double LEARNING = 0.2;

  /** Supposed until a sequence has ended. */
  private static final double FIRST_SECONDS = 10;

  private final SchedulerOptions options;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final FairQueue<Waiter> queue = new FairQueue<>();
  private double seconds; // that a sequence runs, 0 until measured
  private int running;
  private int runningJobs;
  private boolean closed;

  /** A sequence in the queue. */
  private static final class Waiter {
    private final Caller caller;
    private final Condition changed;
    private boolean admitted;

    Waiter(Caller caller, Condition changed) {
      this.caller = caller;
      this.changed = changed;
    }
  }

  /**
   * A slot that somebody has.
   *
   * @param caller who
   * @param since when, by the clock
   */
  record Slot(Caller caller, long since) {}

  /**
   * @param nanoTime clock by which durations are measured
   */
  Admission(SchedulerOptions options, LongSupplier nanoTime) {
    this.options = options;
    this.nanoTime = nanoTime;
  }

  /**
   * Waits for a slot.
   *
   * @return null if it was stopped first
   * @throws BusyException if the queue is full
   * @throws IllegalStateException if closed, also while waiting
   */
  Slot enter(Caller caller, Stop stop) {
    Waiter waiter = new Waiter(caller, lock.newCondition());
    lock.lock();
    try {
      if (closed) {
        throw closed();
      }
      queue.add(caller, waiter);
      admitNext();
      if (!waiter.admitted && queue.size() > options.queue()) {
        queue.remove(caller, waiter);
        throw new BusyException(running, queue.size(), retryAfter());
      }
    } finally {
      lock.unlock();
    }
    return waiter.admitted || await(waiter, stop) ? new Slot(caller, nanoTime.getAsLong()) : null;
  }

  private boolean await(Waiter waiter, Stop stop) {
    try (Stop.Listening _ = stop.listen(() -> wake(waiter));
        PatientWait patience = new PatientWait()) {
      lock.lock();
      try {
        while (!waiter.admitted) {
          if (closed || stop.now()) {
            queue.remove(waiter.caller, waiter);
            if (closed) {
              throw closed();
            }
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

  /** Gives a slot back. */
  void leave(Slot slot) {
    lock.lock();
    try {
      double took = (nanoTime.getAsLong() - slot.since()) * 1e-9;
      seconds = seconds == 0 ? took : seconds + LEARNING * (took - seconds);
      running--;
      runningJobs -= slot.caller().priority() == Priority.JOB ? 1 : 0;
      admitNext();
    } finally {
      lock.unlock();
    }
  }

  private void admitNext() {
    Waiter next = queue.peek();
    while (next != null && mayRun(next.caller)) {
      queue.remove(next.caller, next);
      next.admitted = true;
      next.changed.signal();
      running++;
      runningJobs += next.caller.priority() == Priority.JOB ? 1 : 0;
      next = queue.peek();
    }
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
