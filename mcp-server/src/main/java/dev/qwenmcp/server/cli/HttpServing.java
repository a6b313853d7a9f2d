package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.endpoint.HttpEndpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/** Serves over HTTP until the process is told to stop, and then stops in good order. */
final class HttpServing {
  private final HttpEndpoint endpoint;
  private final PrintWriter told;

  /**
   * @param told where people read that it serves
   */
  HttpServing(HttpEndpoint endpoint, PrintWriter told) {
    this.endpoint = endpoint;
    this.told = told;
  }

  /**
   * Serves until SIGTERM or SIGINT. The process ends when what follows this call has ended, too.
   *
   * @param close closes what the tools share
   * @return whether every call has stopped
   * @throws IOException if the address cannot be bound
   */
  boolean serve(Runnable close) throws IOException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    endpoint.start();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  stop.countDown();
                  awaitQuietly(stopped);
                }));
    told.println(
        "Serving MCP at %s until this process is told to stop; to see what it does, open %s/"
            .formatted(endpoint.url(), endpoint.root()));
    told.flush();
    try {
      awaitQuietly(stop);
      boolean quiet = endpoint.stop();
      if (quiet) {
        close.run();
      }
      return quiet;
    } finally {
      stopped.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
