package dev.qwenmcp.server.transport.http;

/**
 * What one {@link EventStream} keeps.
 *
 * @param waitingEvents that the client has not taken yet
 * @param waitingBytes of these together
 * @param keptEvents that the client has taken, for one that loses the connection
 * @param keptBytes of these together
 */
public record StreamLimits(int waitingEvents, int waitingBytes, int keptEvents, int keptBytes) {

  /** 256 events of 4 MiB, and 64 of 256 KiB that were taken. */
  public static final StreamLimits DEFAULT = new StreamLimits(256, 4 << 20, 64, 256 << 10);

  public StreamLimits {
    if (waitingEvents < 1 || waitingBytes < 1) {
      throw new IllegalArgumentException("at least one event waits");
    }
  }
}
