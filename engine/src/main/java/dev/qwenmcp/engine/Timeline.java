package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.Pass;
import dev.qwenmcp.engine.kv.CacheScope;
import dev.qwenmcp.engine.kv.CachedPrefix;
import dev.qwenmcp.engine.kv.KvCache;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.kv.SequencePages;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Token ids of one sequence and the pages of their keys and values, as far as these are computed;
 * begins with what the cache knows and adds what becomes certain. At rest unless {@link #awake}.
 * One thread at a time.
 */
final class Timeline implements AutoCloseable {
  private final KvCache cache;
  private final CacheScope scope; // null: without the cache
  private final TokenSequence tokens;
  private SequencePages pages;
  private int computed;

  /** While it is awake its pages are its own; at rest, others may have them. */
  @FunctionalInterface
  interface Awake extends AutoCloseable {
    @Override
    void close();
  }

  /** An empty one. */
  Timeline(PagePool pool, KvCache cache, CacheScope scope) {
    this(cache, scope, new TokenSequence(), new SequencePages(pool), 0);
  }

  private Timeline(
      KvCache cache, CacheScope scope, TokenSequence tokens, SequencePages pages, int computed) {
    this.cache = cache;
    this.scope = scope;
    this.tokens = tokens;
    this.pages = pages;
    this.computed = computed;
  }

  TokenSequence tokens() {
    return tokens;
  }

  int size() {
    return tokens.size();
  }

  /** How many of the tokens have their keys and values. */
  int computed() {
    return computed;
  }

  /**
   * Takes its pages back from {@link KvCache#resting}, if they are still there; else its tokens are
   * to be computed again.
   *
   * @return puts it to rest again
   */
  Awake awake() {
    cache.resting().wake(pages);
    computed = Math.min(computed, pages.size() * KvLayout.PAGE_TOKENS);
    return () -> cache.resting().rest(pages);
  }

  /** Pages that so many tokens take, and one that is copied because others have it too. */
  static long mostPages(long tokens) {
    return (tokens + KvLayout.PAGE_TOKENS - 1) / KvLayout.PAGE_TOKENS + 1;
  }

  /** Pages of the computed tokens, which stay this timeline's. */
  SequencePages pages() {
    return pages;
  }

  /** Appends tokens; the last one is to be computed, be it again, because its logits are wanted. */
  void append(int[] more) {
    tokens.add(more);
    computed = Math.min(computed, tokens.size() - 1);
  }

  /**
   * Takes over what the cache knows of the tokens but the last.
   *
   * @return tokens that were read back from disk for it
   */
  int recall() {
    int most = tokens.size() - 1;
    int own = computed;
    if (scope == null || own >= most) {
      return 0;
    }
    CachedPrefix found = cache.match(scope, tokens.range(0, tokens.size()), most);
    if (found.tokens() <= own) {
      found.pages().close();
      return 0;
    }
    pages.close();
    pages = found.pages();
    computed = found.tokens();
    return Math.min(found.restoredTokens(), computed - own);
  }

  /**
   * A pass over ids at the next positions, whose pages it makes writable.
   *
   * @param rows whose logits are wanted
   */
  Pass pass(int[] ids, int[] rows) {
    return pass(ids, rows, Pass.Wanted.LOGITS);
  }

  /**
   * The same for what else is wanted.
   *
   * @param rows of which it is wanted
   */
  Pass pass(int[] ids, int[] rows, Pass.Wanted wanted) {
    int end = computed + ids.length;
    pages.prepare(computed, end);
    return new Pass(
        ids,
        new int[ids.length],
        IntStream.range(computed, end).toArray(),
        List.of(pages),
        rows,
        wanted);
  }

  /**
   * Gives up the last page where others have it too: a copy of it would be one page too many.
   *
   * @return false if there is no such page; else its tokens are to be computed
   */
  boolean withoutPartialPage() {
    int full = computed / KvLayout.PAGE_TOKENS * KvLayout.PAGE_TOKENS;
    if (full == computed) {
      return false;
    }
    computed = full;
    pages.truncate(full);
    return true;
  }

  /** The next tokens that are to be computed, at most so many. */
  int[] next(int most) {
    return tokens.range(computed, Math.min(tokens.size(), computed + most));
  }

  /** Notes that a pass has computed the next tokens, which are no guesses. */
  void computed(int count) {
    computed += count;
    if (scope != null) {
      cache.publish(scope, tokens::range, pages, computed);
    }
  }

  /** Asks for what is computed to be kept on disk, in the background. */
  void persist() {
    if (scope != null) {
      cache.persist(scope, tokens.range(0, computed), computed);
    }
  }

  /** Forgets all tokens from {@code length} on. */
  void truncate(int length) {
    try (Awake _ = awake()) {
      tokens.truncate(length);
      computed = Math.min(computed, length);
      pages.truncate(computed);
    }
  }

  /** The same tokens and pages once more; nothing is copied but ids. */
  Timeline fork() {
    try (Awake _ = awake()) {
      Timeline fork = new Timeline(cache, scope, tokens.copy(), pages.fork(), computed);
      cache.resting().rest(fork.pages);
      return fork;
    }
  }

  @Override
  public void close() {
    cache.resting().wake(pages);
    pages.close();
  }
}
