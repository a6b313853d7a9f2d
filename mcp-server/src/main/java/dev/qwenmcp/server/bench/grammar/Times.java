package dev.qwenmcp.server.bench.grammar;

import java.util.Arrays;

/** Many times, in nanoseconds. */
public final class Times {
  private long[] nanos = new long[1024];
  private int count;

  void add(long time) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = time;
  }

  /** How many. */
  public int count() {
    return count;
  }

  /** The time in nanoseconds that a share of all take at most, 0 if there are none. */
  public long quantile(double share) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return count == 0 ? 0 : sorted[(int) Math.min(count - 1, Math.floor(share * count))];
  }

  /** Mean in nanoseconds. */
  public double mean() {
    return Arrays.stream(nanos, 0, count).average().orElse(0);
  }
}
