package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.ToolContext;

/**
 * The context of one call, whatever era and transport it came by.
 *
 * @param reporter null if the client wants no progress
 */
record RunningCall(
    String requestId, String principal, Cancellation cancellation, ProgressReporter reporter)
    implements ToolContext {

  @Override
  public void progress(double progress, Double total, String message) {
    if (reporter != null) {
      reporter.report(progress, total, message);
    }
  }

  @Override
  public boolean wantsProgress() {
    return reporter != null;
  }

  /** Silences the call: it has been answered or cancelled. */
  void close() {
    if (reporter != null) {
      reporter.close();
    }
  }
}
