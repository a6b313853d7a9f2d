package dev.qwenmcp.server.protocol.call;

/** Sends a progress notification in the form of a protocol era; must not wait. */
@FunctionalInterface
public interface ProgressSink {

  /**
   * @param progress more than in the notification before
   * @param total value at the end, or null
   * @param message for people, or null
   */
  void send(double progress, Double total, String message);
}
