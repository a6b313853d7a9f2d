package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.protocol.ToolContext;
import java.time.Duration;

/** How long a call may work on its answer. */
final class TimeBudget {
  /** Many clients give up at 60 seconds. */
  private static final int SECONDS = 45;

  /** Nobody waits for a job; the bound is that of what callers may ask for. */
  private static final int BACKGROUND_SECONDS = 3600;

  private TimeBudget() {}

  /**
   * @param seconds what the caller asked for, null if nothing
   */
  static Duration of(Integer seconds, ToolContext call) {
    int otherwise = call.inBackground() ? BACKGROUND_SECONDS : SECONDS;
    return Duration.ofSeconds(seconds == null ? otherwise : seconds);
  }
}
