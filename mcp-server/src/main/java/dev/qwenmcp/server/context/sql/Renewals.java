package dev.qwenmcp.server.context.sql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lifetimes renewed by reading, which are written together once a second: so that reading does not
 * wait for the disk.
 */
final class Renewals {
  private final Map<Long, Long> expiries = new ConcurrentHashMap<>();

  /** Notes that a context was used. */
  void note(long context, long expires) {
    expiries.merge(context, expires, Math::max);
  }

  /** When a context expires, as far as this process knows. */
  long latest(long context, long stored) {
    return Math.max(stored, expiries.getOrDefault(context, 0L));
  }

  boolean isEmpty() {
    return expiries.isEmpty();
  }

  /** What is to be written. */
  Map<Long, Long> pending() {
    return Map.copyOf(expiries);
  }

  /** Forgets what was written, unless it was renewed again meanwhile. */
  void written(Map<Long, Long> renewed) {
    renewed.forEach(expiries::remove);
  }
}
