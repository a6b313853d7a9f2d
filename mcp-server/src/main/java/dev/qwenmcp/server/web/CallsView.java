package dev.qwenmcp.server.web;

import dev.qwenmcp.engine.Usage;
import java.time.Instant;
import java.util.List;

/**
 * A principal's calls.
 *
 * @param running in the order in which they began
 * @param finished the latest first
 * @param totals of all since the server began
 */
record CallsView(List<Call> running, List<Call> finished, Totals totals) {
  static final CallsView NONE = new CallsView(List.of(), List.of(), new Totals(0, 0, Usage.NONE));

  /**
   * One call.
   *
   * @param number from 1, of the principal's own
   * @param tool that was called
   * @param state {@code waiting}, {@code reading}, {@code writing}, {@code ok}, {@code failed},
   *     {@code cancelled} or {@code refused}
   * @param code of a failure, else empty
   * @param began when
   * @param seconds since then, or to its end
   * @param model that works or worked for it, empty if none
   * @param read tokens of the prompt that is being read
   * @param toRead tokens that are to be read, those that were known left out
   * @param usage of models; of a running call, what is known of it
   * @param tokensPerSecond at which the model writes or wrote, 0 if it did not
   * @param experts whether the choices of experts were counted
   */
  record Call(
      long number,
      String tool,
      String state,
      String code,
      Instant began,
      double seconds,
      String model,
      int read,
      int toRead,
      Usage usage,
      double tokensPerSecond,
      boolean experts) {}

  /**
   * Sums.
   *
   * @param calls that began
   * @param failed of those that ended
   * @param usage of those that ended
   */
  record Totals(long calls, long failed, Usage usage) {}
}
