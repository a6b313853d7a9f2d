package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.Caller;
import dev.qwenmcp.engine.batch.Priority;
import dev.qwenmcp.engine.kv.CacheScope;
import dev.qwenmcp.engine.model.ExpertListener;
import java.util.Objects;

/**
 * Whose a session is.
 *
 * @param scope sessions of one scope share keys and values that were computed before; null for a
 *     session that computes everything itself and leaves nothing to others, such as one that is
 *     measured
 * @param caller callers of different names take turns where they wait
 * @param priority interactive sessions go before jobs
 * @param experts hears which experts of a mixture its tokens take, such as {@link ExpertCounts}
 */
public record SessionOptions(
    CacheScope scope, String caller, Priority priority, ExpertListener experts) {
  /** Of the one user of this process. */
  public static final SessionOptions LOCAL =
      new SessionOptions(CacheScope.LOCAL, "local", Priority.INTERACTIVE, ExpertListener.NONE);

  /** Without the cache: a prompt that comes again is computed again. */
  public static final SessionOptions UNCACHED =
      new SessionOptions(null, "local", Priority.INTERACTIVE, ExpertListener.NONE);

  public SessionOptions {
    Objects.requireNonNull(caller, "caller");
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(experts, "experts");
  }

  /** The same in another scope. */
  public SessionOptions withScope(CacheScope other) {
    return new SessionOptions(Objects.requireNonNull(other, "other"), caller, priority, experts);
  }

  /** The same for another caller. */
  public SessionOptions withCaller(String other) {
    return new SessionOptions(scope, other, priority, experts);
  }

  /** The same with another priority. */
  public SessionOptions withPriority(Priority other) {
    return new SessionOptions(scope, caller, other, experts);
  }

  /** The same, heard by somebody. */
  public SessionOptions withExperts(ExpertListener other) {
    return new SessionOptions(scope, caller, priority, other);
  }

  Caller callerInQueue() {
    return new Caller(caller, priority);
  }
}
