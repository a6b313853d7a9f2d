package dev.qwenmcp.server.context;

import java.time.Duration;
import java.time.Instant;

/** A context that was not used for its lifetime. */
public final class ExpiredContextException extends ContextException {
  private static final long serialVersionUID = 1L;

  private final Instant expired;

  /**
   * @param expired when it went
   * @param lifetime after its last use
   */
  public ExpiredContextException(ContextId id, Instant expired, Duration lifetime) {
    super(
        Kind.EXPIRED,
        "context %s has expired at %s: it was not used for %s; open a new one"
            .formatted(id, expired, Lifetimes.inWords(lifetime)));
    this.expired = expired;
  }

  public Instant expired() {
    return expired;
  }
}
