package dev.qwenmcp.server.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines in the order they were given, from one thread of its own.
 *
 * <p>The queue is bounded: a client that does not read makes {@link #write} wait, and with it
 * whatever produces answers. Flushes when the queue is empty.
 */
final class LineWriter {
  private static final Logger LOG = LoggerFactory.getLogger(LineWriter.class);
  private static final byte[] END = new byte[0];
  private static final long OFFER_MILLIS = 100;
  private static final long WATCH_MILLIS = 250;

  private final OutputStream out;
  private final BlockingQueue<byte[]> queue;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean ended;
  private volatile boolean broken;

  /**
   * @param capacity number of lines that may wait
   */
  LineWriter(OutputStream out, int capacity) {
    this.out = out;
    this.queue = new ArrayBlockingQueue<>(capacity);
  }

  /**
   * @param onBroken runs once, on the writing thread, when the client has closed its end
   */
  void start(Runnable onBroken) {
    Thread.ofPlatform().daemon().name("rpc-writer").start(() -> run(onBroken));
  }

  /**
   * Queues a line, waiting for room.
   *
   * @return false if the client has gone
   */
  boolean write(byte[] line) {
    boolean interrupted = false;
    try {
      while (!ended) {
        try {
          if (queue.offer(line, OFFER_MILLIS, TimeUnit.MILLISECONDS)) {
            return true;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Queues a line if there is room at once. */
  boolean offer(byte[] line) {
    return !ended && queue.offer(line);
  }

  /**
   * Writes what is queued, then stops.
   *
   * @return false if the client did not read all of it in time
   */
  boolean close(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!ended && !queue.offer(END, OFFER_MILLIS, TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
    }
    return stopped.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS) && !broken;
  }

  private void run(Runnable onBroken) {
    try {
      byte[] line = takeWatching();
      while (line != END) {
        out.write(line);
        line = queue.poll();
        if (line == null) {
          out.flush();
          line = takeWatching();
        }
      }
      ended = true;
      out.flush();
    } catch (IOException e) {
      ended = true;
      broken = true;
      LOG.info("The client has closed its end: {}", e.getMessage());
      onBroken.run();
    } catch (InterruptedException e) {
      ended = true;
      Thread.currentThread().interrupt();
    } finally {
      queue.clear();
      stopped.countDown();
    }
  }

  /**
   * Waits for a line, and looks after the client meanwhile: it may be killed during a long call.
   */
  private byte[] takeWatching() throws InterruptedException, IOException {
    if (!(out instanceof WatchedOutput watched)) {
      return queue.take();
    }
    byte[] line = queue.poll(WATCH_MILLIS, TimeUnit.MILLISECONDS);
    while (line == null) {
      if (watched.readerGone()) {
        throw new IOException("nobody reads any more");
      }
      line = queue.poll(WATCH_MILLIS, TimeUnit.MILLISECONDS);
    }
    return line;
  }
}
