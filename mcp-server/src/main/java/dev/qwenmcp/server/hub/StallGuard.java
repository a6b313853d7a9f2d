package dev.qwenmcp.server.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Closes a body through which almost nothing comes, so that its reader fails and asks again. */
final class StallGuard implements AutoCloseable {
  /** Slower than this no model ever arrives. */
  private static final long LEAST_BYTES = 1024;

  private final AtomicLong bytes = new AtomicLong();
  private final Thread watch;
  private volatile boolean stalled;

  StallGuard(InputStream body, Duration window) {
    this.watch =
        Thread.ofVirtual()
            .name("stall-guard")
            .start(() -> {
              try {
                long before = 0;
                while (true) {
                  Thread.sleep(window);
                  long now = bytes.get();
                  if (now - before < LEAST_BYTES) {
                    stalled = true;
                    body.close();
                    return;
                  }
                  before = now;
                }
              } catch (InterruptedException | IOException _) {
                // The transfer has ended.
              }
            });
  }

  void count(int more) {
    bytes.addAndGet(more);
  }

  boolean stalled() {
    return stalled;
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
