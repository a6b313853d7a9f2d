package dev.qwenmcp.server.job;

import java.time.Duration;

/**
 * What jobs may take of a server.
 *
 * @param running jobs that run at once; those that wait for answers do not count
 * @param tending how often progress is written down and the wishes of other processes are read
 * @param ending how long jobs may take to stop when the server ends
 */
public record JobSettings(int running, Duration tending, Duration ending) {
  /**
   * Four at once, as many as a model works on at a time; tended each second; five seconds to stop.
   */
  public static final JobSettings DEFAULT =
      new JobSettings(4, Duration.ofSeconds(1), Duration.ofSeconds(5));
}
