package dev.qwenmcp.server.knowledge;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
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

  private final ExecutorService thread;

  EmbeddingWorker() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("embedding").daemon().factory());
    one.allowCoreThreadTimeOut(true);
    this.thread = one;
  }

  void submit(Runnable job) {
    thread.execute(() -> {
      try {
        job.run();
      } catch (RuntimeException e) {
        LOG.error("embedding a document failed", e);
      }
    });
  }

  /** Ends after the passage at hand; what waits is left out. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a passage is still being embedded after {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
