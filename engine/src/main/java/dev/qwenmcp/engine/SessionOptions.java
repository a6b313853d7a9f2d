package dev.qwenmcp.engine;

import dev.qwenmcp.engine.kv.CacheScope;
import java.util.Objects;

/**
 * Whose a session is.
 *
 * @param scope sessions of one scope share keys and values that were computed before; null for a
 *     session that computes everything itself and leaves nothing to others, such as one that is
 *     measured
 */
public record SessionOptions(CacheScope scope) {
  /** Of the one user of this process. */
  public static final SessionOptions LOCAL = new SessionOptions(CacheScope.LOCAL);

  /** Without the cache: a prompt that comes again is computed again. */
  public static final SessionOptions UNCACHED = new SessionOptions(null);

  /** Sharing within a scope. */
  public static SessionOptions of(CacheScope scope) {
    return new SessionOptions(Objects.requireNonNull(scope, "scope"));
  }
}
