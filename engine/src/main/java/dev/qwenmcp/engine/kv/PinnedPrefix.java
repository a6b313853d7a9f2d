package dev.qwenmcp.engine.kv;

/** Keeps the pages of a prefix in memory until closed. */
public final class PinnedPrefix implements AutoCloseable {
  private final KvCache cache;
  private final int tokens;
  private PrefixNode last; // null once closed

  PinnedPrefix(KvCache cache, PrefixNode last, int tokens) {
    this.cache = cache;
    this.last = last;
    this.tokens = tokens;
  }

  /** Tokens that are kept: whole pages that were known, within the cache's limit for pins. */
  public int tokens() {
    return tokens;
  }

  @Override
  public synchronized void close() {
    if (last != null) {
      cache.unpin(last);
      last = null;
    }
  }
}
