package dev.qwenmcp.server.transport.http.security;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What each principal has taken lately: a bucket of tokens and the requests that run; safe for many
 * threads.
 *
 * <p>The map is bounded. Only principals of whom nothing runs are forgotten, those first that were
 * seen longest ago; who is forgotten begins with a full bucket.
 */
final class PrincipalLoad {
  private static final double NANOS = 1e9;

  private final PrincipalLimits limits;
  private final int most;
  private final LongSupplier nanos;
  private final Map<String, Taken> taken = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Taken {
    private double tokens;
    private long at;
    private int running;
  }

  /** Whether a request may be worked on. */
  sealed interface Verdict {
    /** It may, and {@link PrincipalLoad#end} is to be called after it. */
    record Begin() implements Verdict {}

    /**
     * Too many in too short a time.
     *
     * @param seconds until the next may come, rounded up
     */
    record Wait(long seconds) implements Verdict {}

    /** As many run as may. */
    record Full() implements Verdict {}
  }

  /**
   * @param most principals to remember
   * @param nanos a clock, as {@link System#nanoTime}
   */
  PrincipalLoad(PrincipalLimits limits, int most, LongSupplier nanos) {
    this.limits = limits;
    this.most = most;
    this.nanos = nanos;
  }

  synchronized Verdict begin(String principal) {
    long now = nanos.getAsLong();
    Taken has = taken.get(principal);
    if (has == null) {
      has = new Taken();
      has.tokens = limits.burst();
      has.at = now;
      taken.put(principal, has);
      forget();
    }
    double earned = (now - has.at) / NANOS * limits.requestsPerSecond();
    has.tokens = Math.min(limits.burst(), has.tokens + earned);
    has.at = now;
    if (has.tokens < 1) {
      double seconds = (1 - has.tokens) / limits.requestsPerSecond();
      return new Verdict.Wait(Math.max(1, (long) Math.ceil(seconds)));
    }
    if (has.running >= limits.concurrent()) {
      return new Verdict.Full();
    }
    has.tokens--;
    has.running++;
    return new Verdict.Begin();
  }

  synchronized void end(String principal) {
    taken.get(principal).running--;
  }

  synchronized int remembered() {
    return taken.size();
  }

  private void forget() {
    var oldest = taken.entrySet().iterator();
    while (taken.size() > most && oldest.hasNext()) {
      // The newest is the last and has not begun yet; it stays.
      if (oldest.next().getValue().running == 0 && oldest.hasNext()) {
        oldest.remove();
      }
    }
  }
}
