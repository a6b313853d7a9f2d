package dev.qwenmcp.server.hub;

import java.time.Duration;

/**
 * How patient a client of a hub is.
 *
 * @param connect until a connection stands
 * @param answer until an answer begins
 * @param stall a transfer of less than a kibibyte in this time has stalled
 * @param attempts in a row that may fail without a byte gained
 * @param firstPause before the second attempt; doubled for each further one
 * @param longestPause whatever a server asks for
 */
public record HubSettings(
    Duration connect,
    Duration answer,
    Duration stall,
    int attempts,
    Duration firstPause,
    Duration longestPause) {
  public static final HubSettings DEFAULT =
      new HubSettings(
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          6,
          Duration.ofSeconds(1),
          Duration.ofMinutes(5));
}
