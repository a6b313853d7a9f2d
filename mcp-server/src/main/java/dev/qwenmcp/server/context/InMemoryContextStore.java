package dev.qwenmcp.server.context;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Contexts in the memory of this process; they end with it.
 *
 * <p>One lock guards all of it: every operation is a few map look-ups, so that even a thousand
 * calls a second leave it idle. Expired contexts are removed by whatever operation comes next.
 */
public final class InMemoryContextStore implements ContextStore {
  private final ContextLimits limits;
  private final InstantSource clock;
  private final SecureRandom random;

  private final Map<ContextId, Held> contexts = new HashMap<>();

  /** The same contexts, the one that expires first in front. */
  private final TreeSet<Held> byExpiry =
      new TreeSet<>(
          Comparator.comparing((Held held) -> held.expires).thenComparing(held -> held.id.value()));

  /** Handles of contexts that have gone, and whose they were. */
  private final Map<ContextId, Gone> gone = new HashMap<>();

  private final Deque<Gone> goneInOrder = new ArrayDeque<>();
  private final Map<String, Integer> contextsOf = new HashMap<>();
  private long bytes;
  private boolean closed;

  private static final class Held {
    final ContextId id;
    final String principal;
    final String title;
    final Instant created;
    final List<Entry> entries = new ArrayList<>();
    Instant expires;
    long bytes;

    Held(ContextId id, String principal, String title, Instant created, Instant expires) {
      this.id = id;
      this.principal = principal;
      this.title = title;
      this.created = created;
      this.expires = expires;
    }
  }

  private record Gone(ContextId id, String principal, Instant since, Instant forgotten) {}

  public InMemoryContextStore(ContextLimits limits, InstantSource clock, SecureRandom random) {
    this.limits = limits;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public String lifetimeInWords() {
    return Lifetimes.inWords(limits.lifetime());
  }

  @Override
  public synchronized ContextInfo open(String principal, String title) throws ContextException {
    Instant now = begin();
    requireWithin(
        contextsOf.getOrDefault(principal, 0) + 1L,
        limits.contextsPerPrincipal(),
        "contexts",
        "use one you have, or let the oldest expire");
    requireWithin(
        EntrySize.utf8(title), limits.bytesPerEntry(), "bytes of the title", "shorten it");
    ContextId id = ContextId.random(random);
    Held held = new Held(id, principal, title, now, now.plus(limits.lifetime()));
    contexts.put(id, held);
    byExpiry.add(held);
    contextsOf.merge(principal, 1, Integer::sum);
    return describe(held);
  }

  @Override
  public synchronized ContextInfo info(String principal, ContextId id) throws ContextException {
    return describe(use(principal, id, begin()));
  }

  @Override
  public synchronized List<Entry> append(String principal, ContextId id, List<EntryDraft> drafts)
      throws ContextException {
    Instant now = begin();
    Held held = use(principal, id, now);
    long added = 0;
    for (EntryDraft draft : drafts) {
      long size = EntrySize.of(draft);
      requireWithin(size, limits.bytesPerEntry(), "bytes of one entry", "split the text");
      added += size;
    }
    requireWithin(
        held.entries.size() + (long) drafts.size(),
        limits.entriesPerContext(),
        "entries of context " + id,
        "go on in a new context");
    requireWithin(
        held.bytes + added,
        limits.bytesPerContext(),
        "bytes of context " + id,
        "go on in a new context");
    requireWithin(
        bytes + added, limits.bytes(), "bytes of all contexts", "wait for contexts to expire");
    int from = held.entries.size();
    for (EntryDraft draft : drafts) {
      held.entries.add(entry(held.entries.size(), draft, now));
    }
    held.bytes += added;
    bytes += added;
    return List.copyOf(held.entries.subList(from, held.entries.size()));
  }

  private static Entry entry(int index, EntryDraft draft, Instant now) {
    return new Entry(
        index,
        draft.role(),
        draft.tool(),
        draft.model(),
        draft.text(),
        draft.structuredJson(),
        draft.tokens(),
        draft.usage(),
        now);
  }

  @Override
  public synchronized List<Entry> read(String principal, ContextId id, int from, int limit)
      throws ContextException {
    if (from < 0 || limit < 0) {
      throw new IllegalArgumentException("from and limit are not negative: " + from + ", " + limit);
    }
    List<Entry> entries = use(principal, id, begin()).entries;
    int start = Math.min(from, entries.size());
    int end = (int) Math.min((long) start + limit, entries.size());
    return List.copyOf(entries.subList(start, end));
  }

  @Override
  public synchronized void close() {
    closed = true;
    contexts.clear();
    byExpiry.clear();
    gone.clear();
    goneInOrder.clear();
    contextsOf.clear();
    bytes = 0;
  }

  /** Removes what has expired. */
  private Instant begin() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    Instant now = clock.instant();
    while (!byExpiry.isEmpty() && !byExpiry.first().expires.isAfter(now)) {
      remove(byExpiry.first());
    }
    while (!goneInOrder.isEmpty() && !goneInOrder.peekFirst().forgotten().isAfter(now)) {
      gone.remove(goneInOrder.removeFirst().id());
    }
    return now;
  }

  private void remove(Held held) {
    byExpiry.remove(held);
    contexts.remove(held.id);
    contextsOf.computeIfPresent(held.principal, (who, count) -> count == 1 ? null : count - 1);
    bytes -= held.bytes;
    Gone trace =
        new Gone(held.id, held.principal, held.expires, held.expires.plus(limits.remembrance()));
    gone.put(held.id, trace);
    goneInOrder.addLast(trace);
  }

  /** Finds a context and renews its lifetime. */
  private Held use(String principal, ContextId id, Instant now) throws ContextException {
    Held held = contexts.get(id);
    if (held == null || !held.principal.equals(principal)) {
      throw missing(principal, id);
    }
    byExpiry.remove(held);
    held.expires = now.plus(limits.lifetime());
    byExpiry.add(held);
    return held;
  }

  private ContextException missing(String principal, ContextId id) {
    Gone trace = gone.get(id);
    if (trace != null && trace.principal().equals(principal)) {
      return new ContextException(
          ContextException.Kind.EXPIRED,
          "context %s has expired: it was not used for %s; open a new one"
              .formatted(id, Lifetimes.inWords(limits.lifetime())));
    }
    return new ContextException(
        ContextException.Kind.UNKNOWN,
        "context %s is unknown; open one and pass the context_id that comes back".formatted(id));
  }

  private static void requireWithin(long wanted, long limit, String what, String remedy)
      throws ContextException {
    if (wanted > limit) {
      throw new ContextException(
          ContextException.Kind.QUOTA,
          "%s: %d wanted, %d allowed; %s".formatted(what, wanted, limit, remedy));
    }
  }

  private static ContextInfo describe(Held held) {
    return new ContextInfo(
        held.id, held.title, held.created, held.expires, held.entries.size(), held.bytes);
  }
}
