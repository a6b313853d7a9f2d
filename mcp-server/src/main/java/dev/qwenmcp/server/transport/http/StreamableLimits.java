package dev.qwenmcp.server.transport.http;

import java.time.Duration;

/**
 * What clients of Streamable HTTP may take, and how soon the server misses them.
 *
 * @param maxBodyBytes longest message that is read
 * @param maxBodiesBytes of all messages together that are read and worked on at a time
 * @param maxSessions that live at a time
 * @param maxSessionsPerPrincipal of these, those of one principal
 * @param sessionIdle a session that nothing uses for this long ends
 * @param callHeartbeat how often a stream on which an answer is due proves that the client lives
 * @param noticeHeartbeat the same for streams on which nothing is due
 * @param resume how long a call goes on whose stream has broken, for a client that comes back with
 *     {@code Last-Event-ID}; zero cancels it at once
 * @param stream what each stream keeps
 */
public record StreamableLimits(
    int maxBodyBytes,
    long maxBodiesBytes,
    int maxSessions,
    int maxSessionsPerPrincipal,
    Duration sessionIdle,
    Duration callHeartbeat,
    Duration noticeHeartbeat,
    Duration resume,
    StreamLimits stream) {

  /**
   * 16 MiB a message and 256 MiB in all, 4,096 sessions of whomever, 30 minutes. A broken
   * connection is noticed by the second write after it broke: heartbeats of 300 ms free what a lost
   * call holds within a second.
   */
  public static final StreamableLimits DEFAULT =
      new StreamableLimits(
          16 << 20,
          256L << 20,
          4096,
          4096,
          Duration.ofMinutes(30),
          Duration.ofMillis(300),
          Duration.ofSeconds(15),
          Duration.ZERO,
          StreamLimits.DEFAULT);

  /** The same with another life for idle sessions. */
  public StreamableLimits withSessionIdle(Duration idle) {
    return new StreamableLimits(
        maxBodyBytes,
        maxBodiesBytes,
        maxSessions,
        maxSessionsPerPrincipal,
        idle,
        callHeartbeat,
        noticeHeartbeat,
        resume,
        stream);
  }

  /** The same with another number of sessions, all of which one principal may have. */
  public StreamableLimits withMaxSessions(int sessions) {
    return new StreamableLimits(
        maxBodyBytes,
        maxBodiesBytes,
        sessions,
        sessions,
        sessionIdle,
        callHeartbeat,
        noticeHeartbeat,
        resume,
        stream);
  }

  /** The same with other limits of one principal. */
  public StreamableLimits withPrincipals(int sessions, int bodyBytes) {
    return new StreamableLimits(
        bodyBytes,
        maxBodiesBytes,
        maxSessions,
        sessions,
        sessionIdle,
        callHeartbeat,
        noticeHeartbeat,
        resume,
        stream);
  }

  /** The same with another time for clients to come back to a call. */
  public StreamableLimits withResume(Duration time) {
    return new StreamableLimits(
        maxBodyBytes,
        maxBodiesBytes,
        maxSessions,
        maxSessionsPerPrincipal,
        sessionIdle,
        callHeartbeat,
        noticeHeartbeat,
        time,
        stream);
  }

  /** The same with another bound of all messages together. */
  public StreamableLimits withBodies(long bytes) {
    return new StreamableLimits(
        maxBodyBytes,
        bytes,
        maxSessions,
        maxSessionsPerPrincipal,
        sessionIdle,
        callHeartbeat,
        noticeHeartbeat,
        resume,
        stream);
  }

  /** What all messages that are worked on take their room from. */
  public BodyBudget bodies() {
    return new BodyBudget(maxBodiesBytes);
  }
}
