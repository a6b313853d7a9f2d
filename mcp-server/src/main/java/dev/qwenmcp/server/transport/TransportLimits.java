package dev.qwenmcp.server.transport;

import java.time.Duration;

/**
 * What a connection may take.
 *
 * @param maxMessageBytes longest line that is read; longer ones are answered with an error
 * @param queuedLines answers and notices that may wait for the client to read them
 * @param drain how long calls may run on after the end of input
 * @param grace how long cancelled calls may take to stop, and the client to read the last answers
 */
public record TransportLimits(
    int maxMessageBytes, int queuedLines, Duration drain, Duration grace) {

  /** 16 MiB a message, 256 lines, 60 s to finish, 5 s to stop. */
  public static final TransportLimits DEFAULT =
      new TransportLimits(16 << 20, 256, Duration.ofSeconds(60), Duration.ofSeconds(5));

  public TransportLimits {
    if (maxMessageBytes < 1 || queuedLines < 1) {
      throw new IllegalArgumentException("limits are at least 1");
    }
  }
}
