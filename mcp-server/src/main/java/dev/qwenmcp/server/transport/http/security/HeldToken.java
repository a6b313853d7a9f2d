package dev.qwenmcp.server.transport.http.security;

import dev.qwenmcp.server.transport.Admission;
import java.util.function.LongSupplier;

/**
 * A token that was good when a request began, and is checked again while its stream is open.
 *
 * <p>At most twice a second, since a signature takes longer to check than a word to be said. A
 * token that cannot be checked any more counts as one that is not good.
 */
final class HeldToken implements Admission {
  private static final long PAUSE_NANOS = 500_000_000L;

  private final TokenVerifier verifier;
  private final String token;
  private final TokenCheck.Accepted first;
  private final LongSupplier nanos;
  private long checked;
  private boolean good = true;

  /**
   * @param first what came of checking it
   * @param nanos a clock, as {@link System#nanoTime}
   */
  HeldToken(TokenVerifier verifier, String token, TokenCheck.Accepted first, LongSupplier nanos) {
    this.verifier = verifier;
    this.token = token;
    this.first = first;
    this.nanos = nanos;
    this.checked = nanos.getAsLong();
  }

  @Override
  public synchronized boolean holds() {
    long now = nanos.getAsLong();
    if (good && now - checked >= PAUSE_NANOS) {
      checked = now;
      good = verifier.check(token).equals(first); // the same principal and grants
    }
    return good;
  }
}
