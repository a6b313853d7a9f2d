package dev.qwenmcp.server.hub;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Attempts at one thing: which failures are worth another one, and when. */
final class Pauses {
  private final HubSettings settings;
  private int failed;

  Pauses(HubSettings settings) {
    this.settings = settings;
  }

  /** Something was gained: the count begins anew. */
  void gained() {
    failed = 0;
  }

  /**
   * Waits before the next attempt.
   *
   * @param failure of the last one
   * @param wished what the server asked to wait, zero for nothing
   * @throws HubException the failure, if another attempt would not help or there were enough
   */
  void before(HubException failure, Duration wished) throws HubException, InterruptedException {
    failed++;
    if (failure.kind() != HubException.Kind.UNREACHABLE || failed >= settings.attempts()) {
      throw failure;
    }
    if (wished.compareTo(settings.longestPause()) > 0) {
      throw failure; // hours: that is for the user to decide
    }
    Duration pause = settings.firstPause().multipliedBy(1L << Math.min(failed - 1, 16));
    pause = pause.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : pause;
    // Many clients that failed together should not come again together.
    pause = pause.plusNanos(ThreadLocalRandom.current().nextLong(1 + pause.toNanos() / 4));
    Thread.sleep(pause.compareTo(wished) < 0 ? wished : pause);
  }
}
