package dev.qwenmcp.server.transport.http.security;

/**
 * What one principal may take of a server.
 *
 * @param requestsPerSecond in the long run
 * @param burst requests at once after a rest
 * @param concurrent requests that are worked on at a time, streams of notices included
 * @param sessions that are open at a time
 * @param bodyBytes longest request
 */
public record PrincipalLimits(
    double requestsPerSecond, int burst, int concurrent, int sessions, int bodyBytes) {

  /**
   * @throws IllegalArgumentException if nothing would ever be let through
   */
  public PrincipalLimits {
    if (!(requestsPerSecond > 0) || burst < 1 || concurrent < 1 || sessions < 1 || bodyBytes < 1) {
      throw new IllegalArgumentException(
          "limits of a principal are above 0, or nothing would be answered");
    }
  }
}
