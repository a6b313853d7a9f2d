package dev.qwenmcp.server.context;

import java.time.Duration;

/**
 * How much a {@link ContextStore} holds and for how long.
 *
 * <p>Bytes are those of texts and structured results in UTF-8, and four for each token id.
 *
 * @param lifetime a context goes when it has not been used for so long
 * @param remembrance how long after that its handle is still known as expired
 * @param contextsPerPrincipal contexts that one principal may have
 * @param entriesPerContext entries of one context
 * @param bytesPerEntry bytes of one entry
 * @param bytesPerContext bytes of one context
 * @param bytes bytes of all contexts
 */
public record ContextLimits(
    Duration lifetime,
    Duration remembrance,
    int contextsPerPrincipal,
    int entriesPerContext,
    long bytesPerEntry,
    long bytesPerContext,
    long bytes) {

  /**
   * A day of life and another of remembrance; 50,000 contexts of 10,000 entries; 4 MiB an entry, 32
   * MiB a context, 256 MiB in all. So many contexts because every call that names none opens one,
   * and a client that never passes the handle on must not be locked out within a day.
   */
  public static final ContextLimits DEFAULT =
      new ContextLimits(
          Duration.ofHours(24),
          Duration.ofHours(24),
          50_000,
          10_000,
          4L << 20,
          32L << 20,
          256L << 20);

  /**
   * The same lifetime for contexts on disk, and 8 GiB in all: whoever wants a context to stay for
   * longer pins it.
   */
  public static final ContextLimits DURABLE =
      new ContextLimits(
          Duration.ofHours(24), Duration.ofDays(7), 50_000, 10_000, 4L << 20, 32L << 20, 8L << 30);

  public ContextLimits {
    if (lifetime.isNegative() || lifetime.isZero() || remembrance.isNegative()) {
      throw new IllegalArgumentException(
          "a context lives for some time: " + lifetime + ", " + remembrance);
    }
    if (contextsPerPrincipal < 1 || entriesPerContext < 1) {
      throw new IllegalArgumentException("at least one context and one entry");
    }
    if (bytesPerEntry < 1 || bytesPerContext < 1 || bytes < 1) {
      throw new IllegalArgumentException("at least one byte");
    }
  }

  /** Throws if one entry is too large. */
  public void requireEntry(long size) throws ContextException {
    ContextException.requireWithin(size, bytesPerEntry, "bytes of one entry", "split the text");
  }

  /** Throws if a context would have too many entries or bytes. */
  public void requireContext(ContextId id, long entries, long size) throws ContextException {
    ContextException.requireWithin(
        entries, entriesPerContext, "entries of context " + id, "go on in a new context");
    ContextException.requireWithin(
        size, bytesPerContext, "bytes of context " + id, "go on in a new context");
  }

  /** Throws if all contexts together would be too large. */
  public void requireTotal(long size) throws ContextException {
    if (size > bytes) { // without figures: they would tell what others keep
      throw new ContextException(
          ContextException.Kind.QUOTA,
          "the place for contexts is full; close contexts that are no longer needed, or wait for some"
              + " to expire");
    }
  }
}
