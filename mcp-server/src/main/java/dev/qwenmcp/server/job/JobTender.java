package dev.qwenmcp.server.job;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after this process's jobs while there are any: writes their progress down, and does what
 * other processes want of them.
 */
final class JobTender {
  private static final Logger LOG = LoggerFactory.getLogger(JobTender.class);

  private final JobStore store;
  private final Map<String, RunningJob> running;
  private final Duration interval;
  private Thread thread;
  private boolean closed;

  /**
   * @param running the jobs, by handle
   */
  JobTender(JobStore store, Map<String, RunningJob> running, Duration interval) {
    this.store = store;
    this.running = running;
    this.interval = interval;
  }

  /** There is a job to look after. */
  synchronized void wake() {
    if (thread == null && !closed) {
      thread = Thread.ofPlatform().daemon().name("job-tender").start(this::tend);
    }
  }

  private void tend() {
    while (goesOn()) {
      LockSupport.parkNanos(interval.toNanos());
      if (!goesOn()) {
        return;
      }
      try {
        for (RunningJob job : running.values()) {
          job.save(store);
        }
        store.wishes(Set.copyOf(running.keySet())).forEach(this::grant);
      } catch (JobStoreException e) {
        LOG.warn("Jobs are not tended: {}", e.getMessage());
      }
    }
  }

  private synchronized boolean goesOn() {
    if (closed || running.isEmpty()) {
      thread = null;
      return false;
    }
    return true;
  }

  private void grant(String id, JobStore.Wishes wishes) {
    RunningJob job = running.get(id);
    if (job != null) {
      if (wishes.cancelled()) {
        job.cancellation().cancel();
      }
      job.answer(wishes.answers());
    }
  }

  /** Waits until nothing is written any more. */
  void stop() throws InterruptedException {
    Thread stopping;
    synchronized (this) {
      closed = true;
      stopping = thread;
    }
    if (stopping != null) {
      LockSupport.unpark(stopping);
      stopping.join();
    }
  }
}
