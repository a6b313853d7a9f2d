package dev.qwenmcp.server.protocol.call;

/**
 * How many tool calls a server takes.
 *
 * @param running calls at once, each on a thread of its own
 * @param waiting calls that wait for one of these threads; more are refused as busy
 */
public record CallLimits(int running, int waiting) {
  /**
   * Most calls take milliseconds, so when many clients begin at once their turn comes soon; what
   * lasts has slots and a queue of its own, with fewer places.
   */
  private static final int WAITING = 256;

  public CallLimits {
    if (running < 1 || waiting < 0) {
      throw new IllegalArgumentException(
          "expected room for 1 call or more, got %d and %d".formatted(running, waiting));
    }
  }

  /** So many at once, and the usual number that waits. */
  public static CallLimits running(int calls) {
    return new CallLimits(calls, WAITING);
  }
}
