package dev.qwenmcp.server.flow.run;

import dev.qwenmcp.server.protocol.ToolContext;

/** Tells the client of a run's steps, counted as they turn out to be needed. */
final class FlowProgress {
  private final ToolContext call;
  private int expected;
  private int ended;
  private double told;

  /**
   * @param expected steps known from the beginning
   */
  FlowProgress(ToolContext call, int expected) {
    this.call = call;
    this.expected = expected;
  }

  /** More steps than were known, such as those of a loop's rounds. */
  synchronized void expect(int more) {
    expected += more;
  }

  synchronized void began(String address, String tool) {
    tell(ended, address + (tool.isEmpty() ? "" : ": " + tool));
  }

  synchronized void ended(String address, String how) {
    ended++;
    tell(ended, address + ": " + how);
  }

  /** What the tool of a step tells: a part of one step. */
  synchronized void within(String address, double done, Double total, String message) {
    double part =
        total != null && total > 0 ? Math.clamp(done / total, 0, 1) : done / (1 + Math.abs(done));
    tell(ended + 0.99 * part, address + (message == null ? "" : ": " + message));
  }

  private void tell(double done, String message) {
    told = Math.max(told, done); // branches tell in any order
    call.progress(told, (double) Math.max(expected, ended), message);
  }
}
