package dev.qwenmcp.server.knowledge;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds passages of all collections one after the other on one thread, which ends when there has
 * been nothing to do for a while: documents are searchable by their words long before a thousand
 * passages have gone through a model, and the chat model keeps the other cores.
 */
final class EmbeddingWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingWorker.class);
  private static final int IDLE_SECONDS = 10;
  private static final int CLOSE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor thread;
  private volatile boolean closing;

  EmbeddingWorker() {
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("embedding").daemon().factory());
    thread.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs a job after those that wait; jobs look at {@link #closing} now and then. */
  void submit(Runnable job) {
    submit(job, 0);
  }

  /** Runs a job in a while. */
  void submit(Runnable job, long delayMillis) {
    try {
      thread.schedule(() -> run(job), delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed: what waits is embedded after the next start");
    }
  }

  private static void run(Runnable job) {
    try {
      job.run();
    } catch (RuntimeException e) {
      LOG.error("embedding failed", e);
    }
  }

  /** Whether the job at hand should end soon. */
  boolean closing() {
    return closing;
  }

  /** Ends after the passage at hand; what waits is left out. Its thread is never interrupted. */
  @Override
  public void close() {
    closing = true;
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a passage is still being embedded after {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
