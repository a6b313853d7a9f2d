package dev.qwenmcp.server.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/** Threads that compute until the end of an input: what {@link BusyCores} runs. */
public final class Spinning {
  /** The hidden command that a child is started with. */
  public static final String COMMAND = "bench-spin";

  private final int threads;
  private volatile boolean ended;

  public Spinning(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread spins, not " + threads);
    }
    this.threads = threads;
  }

  /**
   * Spins until the input ends.
   *
   * @param out gets a line when all threads run
   */
  public void until(InputStream end, PrintWriter out) throws IOException, InterruptedException {
    CountDownLatch running = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            running.countDown();
            while (!ended) {
              // Nothing but the check: a core's whole time.
            }
          });
    }
    running.await();
    out.println("spinning");
    out.flush();
    end.transferTo(OutputStream.nullOutputStream());
    ended = true;
  }
}
